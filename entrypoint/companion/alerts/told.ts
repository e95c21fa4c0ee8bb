/**
 * The sent alerts: one at the beginning of a concern, one at its end. Pure. It counts looks, not
 * time, since the clock may jump.
 */
import type { Concern } from './watch.ts';

/** A concern with an alert. */
export interface Told {
  readonly key: string;
  readonly title: string;
  readonly kind: string;
  /** How many looks in a row did not find it. */
  readonly gone: number;
  /** Whether its end was announced. */
  readonly isOver: boolean;
  /** How often it has come since it was last forgotten. */
  readonly times: number;
}

export type AllTold = Readonly<Record<string, Told>>;

/** The alerts to send now, and the new state. */
export interface Turn {
  readonly raised: readonly Concern[];
  readonly over: readonly Told[];
  readonly told: AllTold;
}

/** A queue that is flushed seems empty for a moment. */
const LEAST_LOOKS = 2;

/**
 * How long a concern must have been absent, in seconds, before its second and third alert. So
 * intermittent trouble causes only a few alerts a day.
 */
const CALM = [0, 600, 3_600] as const;
const LONGEST_CALM = 3_600;

/** A concern counts as new after this absence, in seconds. */
const FORGOTTEN = 12 * 3_600;

/** @param every how many seconds lie between two looks */
export function nextTurn(before: AllTold, concerns: readonly Concern[], every: number): Turn {
  const now = new Map(concerns.map((concern) => [concern.key, concern]));
  const raised = [...now.values()].filter(({ key }) => before[key]?.isOver !== false);
  const gone = Object.entries(before)
    .filter(([key]) => !now.has(key))
    .map(([key, told]) => [key, away(told, every)] as const);
  return {
    raised,
    over: gone.filter(([key, told]) => told.isOver && !before[key]?.isOver).map(([, told]) => told),
    told: Object.fromEntries([
      ...[...now.values()].map((one) => [one.key, there(one, before[one.key])] as const),
      ...gone.filter(([, told]) => !told.isOver || told.gone * every < FORGOTTEN),
    ]),
  };
}

/** A present concern keeps its first title, so that both alerts have the same one. */
const there = ({ key, title, kind }: Concern, before: Told | undefined): Told =>
  before?.isOver === false
    ? { ...before, gone: 0 }
    : { key, title, kind, gone: 0, isOver: false, times: (before?.times ?? 0) + 1 };

function away(told: Told, every: number): Told {
  const gone = told.gone + 1;
  const calm = CALM[told.times - 1] ?? LONGEST_CALM;
  return { ...told, gone, isOver: told.isOver || (gone >= LEAST_LOOKS && gone * every >= calm) };
}
