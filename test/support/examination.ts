import { LOGIN } from './customer.ts';
import type { Relay } from './relay.ts';

/** One finding of `hikyaku doctor`. */
export interface Finding {
  readonly state: 'ok' | 'note' | 'wrong';
  /** The kind of a fact, or that of a trouble. */
  readonly kind: string;
  readonly subject: string;
  readonly words: string;
  readonly trouble?: Readonly<Record<string, unknown>>;
  readonly remedy?: string;
  /** The setting that the remedy changes: `relay.tls`. */
  readonly settings?: readonly string[];
}

/** Doctor's findings about a relay. */
export interface Examination {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  readonly exitCode: number;
  /** All of it, as it was printed. */
  readonly text: string;
}

/** Has the doctor look at a relay. @param options more of the command's own */
export async function examine(relay: Relay, ...options: readonly string[]): Promise<Examination> {
  const { stdout: text, exitCode } = await relay.exec(['hikyaku', 'doctor', '--json', ...options]);
  const report: Pick<Examination, 'ok' | 'findings'> = JSON.parse(text);
  return { ...report, exitCode, text };
}

/** Makes entries of `accounts` in relay.yaml: at this host, with `LOGIN`, and an authority in /ca.pem. */
export const accountAt =
  (host: string) => (sender: string, more: Readonly<Record<string, unknown>>) => ({
    sender: `${sender}@x.example`,
    host,
    ...LOGIN,
    ca_file: '/ca.pem',
    ...more,
  });
