import { expect, it } from 'vitest';
import { readDelivery } from '../../../../entrypoint/advice/foreign/delivery.ts';
import { Alerter } from '../../../../entrypoint/companion/alerts/alerter.ts';
import type { AlertState, World } from '../../../../entrypoint/companion/alerts/world.ts';
import { WaitingGroups } from '../../../../entrypoint/reports/status/waiting.ts';
import type { Alerts } from '../../../../entrypoint/settings/settings.ts';

const START = Date.parse('2026-12-01T00:00:00Z');
const LOOK = 30_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const HOOK = 'https://hooks.home.test/';
const OTHER = 'https://other.home.test/';
const MONITOR = 'healthchecks://hc.home.test/ping/1';

const TIMED_OUT = 'connect to mail.isp.example[192.0.2.1]:587: Connection timed out';

interface Sent {
  readonly at: number;
  readonly url: string;
  readonly kind: string;
  readonly isOver: boolean;
}

/** A relay whose time passes as fast as it can, and what it sent. */
class Simulation {
  readonly sent: Sent[] = [];
  readonly warnings: string[] = [];
  attempts = 0;
  /** Since when mail waits, in milliseconds; undefined: the provider takes it. */
  waitingSince: number | undefined;
  /** What an address answers; undefined: it takes it. */
  answer: (url: string) => string | undefined = () => undefined;
  #steady = 0;
  #wall = START;
  #state: Partial<AlertState> = {};
  #alerter: Alerter;
  readonly #alerts: Alerts;

  constructor(alerts: Partial<Alerts> = {}) {
    this.#alerts = { to: [HOOK], after: 300, expect: [], ...alerts };
    this.#alerter = new Alerter(this.#alerts, 'relay', this.#world());
  }

  get now(): number {
    return this.#steady;
  }

  /** Ends it and starts it again. */
  restart(): void {
    this.#state = JSON.parse(JSON.stringify(this.#state), (key, value) =>
      key === 'time' ? new Date(value) : value,
    );
    this.#alerter = new Alerter(this.#alerts, 'relay', this.#world());
  }

  setClock(by: number): void {
    this.#wall += by;
  }

  /** @param each is done before every look */
  async pass(time: number, each: () => void = () => undefined): Promise<void> {
    for (const end = this.#steady + time; this.#steady < end; ) {
      this.#steady += LOOK;
      this.#wall += LOOK;
      each();
      await this.#alerter.look();
    }
  }

  arrives(from: string, subject?: string): void {
    const event = { id: 'A1', time: new Date(this.#wall) };
    if (subject !== undefined) this.#alerter.hearSubject('A1', subject);
    this.#alerter.hear({ ...event, kind: 'queued', from, size: 1 });
  }

  kinds(): readonly string[] {
    return this.sent.map(({ kind, isOver }) => (isOver ? `${kind} over` : kind));
  }

  #world(): World {
    return {
      clock: () => ({ wall: this.#wall, steady: this.#steady }),
      waiting: async (now) => {
        if (this.waitingSince === undefined) return [];
        const arrival = now - (this.#steady - this.waitingSince) / 1000;
        const groups = new WaitingGroups([], readDelivery);
        const message = { id: 'A', queue: 'deferred', arrival, size: 1 };
        groups.add({ ...message, sender: 'me@example.com', recipients: [] }, TIMED_OUT);
        return groups.all;
      },
      disk: () => ({ size: 100, free: 50 }),
      isReloadRefused: () => false,
      endings: () => [],
      warn: (line) => void this.warnings.push(line),
      readState: () => this.#state,
      writeState: (state) => {
        this.#state = state;
      },
      send: async ({ url, body }) => {
        this.attempts += 1;
        const failure = this.answer(url);
        if (failure !== undefined) return failure;
        const { kind = 'pulse', isOver = false } = body.startsWith('{') ? JSON.parse(body) : {};
        this.sent.push({ at: this.#steady, url, kind, isOver });
        return undefined;
      },
    };
  }
}

it.each([
  [10, 10],
  [20, 20],
  [45, 15],
  [6, 50],
])(
  'tells a few times of a provider that is away %d minutes and there %d, all day',
  async (away, there) => {
    const day = new Simulation();
    await day.pass(24 * HOUR, () => {
      const isAway = day.now % ((away + there) * MINUTE) < away * MINUTE;
      day.waitingSince = isAway ? (day.waitingSince ?? day.now) : undefined;
    });
    expect(day.sent.length).toBeGreaterThanOrEqual(1);
    expect(day.sent.length).toBeLessThanOrEqual(8);
    day.waitingSince = undefined;
    await day.pass(2 * HOUR);
    // In the end it is told that all is well.
    expect(day.sent.at(-1)?.isOver).toBe(true);
    expect(day.sent.filter(({ isOver }) => isOver)).toHaveLength(day.sent.length / 2);
  },
);

it('tells of each outage when they are far apart', async () => {
  const days = new Simulation();
  for (const _ of [1, 2]) {
    days.waitingSince = days.now;
    await days.pass(HOUR);
    days.waitingSince = undefined;
    await days.pass(23 * HOUR);
  }
  expect(days.kinds()).toEqual(['mail-waits', 'mail-waits over', 'mail-waits', 'mail-waits over']);
  const [, first] = days.sent;
  expect(first?.at).toBeLessThan(HOUR + 5 * MINUTE);
});

it('keeps an alert for an address that fails for hours, and asks it seldom', async () => {
  const relay = new Simulation({ to: [HOOK, OTHER] });
  relay.answer = (url) => (url === HOOK ? 'hooks.home.test answered 500' : undefined);
  relay.waitingSince = 0;
  await relay.pass(3 * HOUR);
  relay.restart();
  await relay.pass(3 * HOUR);
  expect(relay.sent.map(({ url }) => url)).toEqual([OTHER]);
  expect(relay.attempts).toBeLessThan(50);
  expect(relay.warnings).toHaveLength(2);
  relay.answer = () => undefined;
  await relay.pass(HOUR);
  expect(relay.sent.map(({ url }) => url)).toEqual([OTHER, HOOK]);
});

it('says nothing of what began and ended while the address was away', async () => {
  const relay = new Simulation();
  relay.answer = () => 'hooks.home.test could not be reached';
  relay.waitingSince = 0;
  await relay.pass(HOUR);
  relay.waitingSince = undefined;
  await relay.pass(HOUR);
  relay.answer = () => undefined;
  await relay.pass(HOUR);
  expect(relay.sent).toEqual([]);
});

it('tells once over restarts', async () => {
  const relay = new Simulation();
  relay.waitingSince = 0;
  for (const _ of Array.from({ length: 10 })) {
    await relay.pass(10 * MINUTE);
    relay.restart();
  }
  expect(relay.kinds()).toEqual(['mail-waits']);
});

const NAS = { sender: 'nas@home.example', client: undefined, every: 86_400, failed: ['FAILED'] };

it.each([2 * 365 * 24 * HOUR, -24 * HOUR])(
  'misses no mail when the clock is set by %d ms',
  async (by) => {
    const relay = new Simulation({ expect: [NAS] });
    await relay.pass(HOUR);
    relay.setClock(by);
    await relay.pass(22 * HOUR);
    expect(relay.sent).toEqual([]);
    await relay.pass(2 * HOUR);
    expect(relay.kinds()).toEqual(['mail-missing']);
  },
);

it('tells of mail that says it failed, and when the next one does not', async () => {
  const relay = new Simulation({ expect: [NAS] });
  relay.arrives('other@home.example', 'It failed');
  relay.arrives('nas@home.example', 'Backup done');
  await relay.pass(HOUR);
  expect(relay.sent).toEqual([]);
  relay.arrives('nas@home.example', 'Backup has failed');
  await relay.pass(HOUR);
  relay.restart();
  await relay.pass(HOUR);
  relay.arrives('nas@home.example', 'Backup done');
  await relay.pass(HOUR);
  expect(relay.kinds()).toEqual(['mail-failed', 'mail-failed over']);
});

it('tells a monitor that all is well every five minutes, and at once what is wrong', async () => {
  const relay = new Simulation({ to: [MONITOR] });
  await relay.pass(HOUR);
  expect(relay.sent).toHaveLength(12);
  relay.waitingSince = relay.now;
  await relay.pass(6 * MINUTE);
  const [failed] = relay.sent.filter(({ url }) => url.endsWith('/fail'));
  expect((failed?.at ?? 0) - relay.waitingSince).toBe(300_000);
  relay.waitingSince = undefined;
  await relay.pass(10 * MINUTE);
  expect(relay.sent.at(-1)?.url).toBe('https://hc.home.test/ping/1');
});
