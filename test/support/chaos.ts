import type { FaultRule } from './provider/api.ts';
import { seededRandom } from './provider/random.ts';

/** The faults of the relay. */
const RELAY_EVENTS = [
  'kill',
  'stop',
  'replace a killed container',
  'replace a stopped container',
  'reload',
] as const;

/** One mishap. */
export type Mishap =
  | { readonly kind: 'relay'; readonly what: (typeof RELAY_EVENTS)[number] }
  | { readonly kind: 'provider'; readonly rules: readonly FaultRule[] }
  | { readonly kind: 'provider freezes' }
  | { readonly kind: 'provider is well' };

/** A mishap, and how many messages must have been accepted before it strikes. */
export interface Appointment {
  readonly after: number;
  readonly mishap: Mishap;
}

/** A provider's faults in a session; none is a permanent refusal. */
const FAULTS: readonly FaultRule[] = [
  { at: 'connect', action: 'close' },
  { at: 'connect', action: 'hang' },
  { at: 'connect', reply: '421 4.3.2 too busy' },
  { at: 'ehlo', action: 'vanish' },
  { at: 'starttls', reply: '454 4.7.0 not now' },
  { at: 'auth', reply: '454 4.7.0 the table of users is away' },
  { at: 'auth', action: 'close' },
  { at: 'mail', reply: '451 4.3.2 try again later' },
  { at: 'mail', action: 'hang' },
  { at: 'rcpt', reply: '450 4.2.0 greylisted' },
  { at: 'rcpt', action: 'vanish' },
  { at: 'data', reply: '451 4.3.0 no room' },
  { at: 'data', action: 'close' },
  { at: 'body', action: 'vanish' },
  { at: 'body', action: 'vanish', after_bytes: 400 },
  { at: 'body', action: 'hang', after_bytes: 400 },
  { at: 'end-of-data', reply: '452 4.3.1 no room' },
  { at: 'end-of-data', action: 'vanish' },
  { at: 'end-of-data', action: 'vanish', keep: true },
  { at: 'end-of-data', action: 'hang', keep: true },
  { at: 'end-of-data', delay_ms: 500 },
];

/**
 * Draws a schedule of mishaps.
 *
 * @param messages how many will be sent in all
 * @param every about how many messages lie between two mishaps
 */
export function drawSchedule(seed: number, messages: number, every: number): Appointment[] {
  const random = seededRandom(seed);
  const schedule: Appointment[] = [];
  for (let after = 0; ; ) {
    after += 1 + Math.floor(random() * 2 * every);
    if (after >= messages) return schedule;
    schedule.push({ after, mishap: drawMishap(random) });
  }
}

function drawMishap(random: () => number): Mishap {
  const draw = random();
  if (draw < 0.45) return { kind: 'relay', what: pick(random, RELAY_EVENTS) };
  if (draw < 0.85) return { kind: 'provider', rules: drawRules(random) };
  return draw < 0.92 ? { kind: 'provider freezes' } : { kind: 'provider is well' };
}

/** One to three faults that strike now and then, each with random numbers of its own. */
function drawRules(random: () => number): FaultRule[] {
  return Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
    ...pick(random, FAULTS),
    probability: Math.round((0.1 + 0.8 * random()) * 100) / 100,
    seed: Math.floor(random() * 2 ** 32),
  }));
}

function pick<T>(random: () => number, list: readonly T[]): T {
  const chosen = list[Math.floor(random() * list.length)];
  if (chosen === undefined) throw new Error('nothing to choose from');
  return chosen;
}

/** One line, for the log. */
export function appointmentWords({ after, mishap }: Appointment): string {
  switch (mishap.kind) {
    case 'relay':
      return `after ${after}: relay: ${mishap.what}`;
    case 'provider':
      return `after ${after}: provider: ${mishap.rules.map(ruleWords).join('; ')}`;
    case 'provider freezes':
    case 'provider is well':
      return `after ${after}: ${mishap.kind}`;
  }
}

const ruleWords = ({ at, reply, action, keep, delay_ms, probability = 1 }: FaultRule): string =>
  [
    `${Math.round(probability * 100)} % at ${at}`,
    ...(delay_ms === undefined ? [] : [`wait ${delay_ms} ms`]),
    ...(reply === undefined ? [] : [reply.slice(0, 3)]),
    ...(action === undefined ? [] : [action]),
    ...(keep === true ? ['but keep it'] : []),
  ].join(' ');
