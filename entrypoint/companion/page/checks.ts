import type { Attendant } from './attendant.ts';

/** One finding of doctor, in its own words (reports/doctor/finding.ts). */
export interface Found {
  readonly state: 'ok' | 'note' | 'wrong';
  readonly subject: string;
  readonly words: string;
  /** The remedy for trouble. */
  readonly remedy: string | undefined;
}

/** Postfix runs by then. */
const FIRST_AFTER_MS = 20_000;
const EVERY_MS = 12 * 3_600_000;

/** Doctor ends within a minute; then the next run is possible. */
const LONGEST_MS = 120_000;

/**
 * Doctor's last findings. It logs in at each provider, so it runs only twice a day and on demand.
 */
export class Checks {
  /** Undefined: it has not run yet, or could not. */
  found: readonly Found[] | undefined;
  time: Date | undefined;
  #since = Number.NEGATIVE_INFINITY;

  /** Whether doctor runs now. */
  get isRunning(): boolean {
    return performance.now() - this.#since < LONGEST_MS;
  }

  get wrong(): number {
    return this.found?.filter(({ state }) => state === 'wrong').length ?? 0;
  }

  /** Has doctor run soon, and then now and then. */
  keepLooking(attendant: Attendant): void {
    const look = (): void => void this.look(attendant);
    setTimeout(look, FIRST_AFTER_MS).unref();
    setInterval(look, EVERY_MS).unref();
  }

  /** Has it run now, unless it does. */
  async look(attendant: Attendant): Promise<void> {
    if (await attendant.examine()) this.#since = performance.now();
  }

  /** @param report what `hikyaku doctor --json` has printed */
  hear(report: string): void {
    this.#since = Number.NEGATIVE_INFINITY;
    this.time = new Date();
    this.found = findingsIn(report);
  }
}

/** Undefined for other texts: doctor could not read the settings. */
export function findingsIn(report: string): readonly Found[] | undefined {
  try {
    const { findings }: { readonly findings: readonly Found[] } = JSON.parse(report);
    return findings.map(({ state, subject, words, remedy }) => ({ state, subject, words, remedy }));
  } catch {
    return undefined;
  }
}
