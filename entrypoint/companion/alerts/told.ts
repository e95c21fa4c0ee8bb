/**
 * What somebody was told of: once when it begins, once when it is over. Pure. It counts looks and not
 * the clock, which may jump.
 */
import type { Concern } from './watch.ts';

/** A concern that somebody was told of. */
export interface Told {
  readonly key: string;
  readonly title: string;
  readonly kind: string;
  /** How many looks in a row did not find it. */
  readonly gone: number;
  /** Whether somebody was told that it is over. */
  readonly isOver: boolean;
  /** How often it has come since it was last forgotten. */
  readonly times: number;
}

export type AllTold = Readonly<Record<string, Told>>;

/** What is to be said now, and what is known then. */
export interface Turn {
  readonly raised: readonly Concern[];
  readonly over: readonly Told[];
  readonly told: AllTold;
}

/** A queue that is flushed seems empty for a moment. */
const LEAST_LOOKS = 2;

/**
 * How long it must have been away, in seconds, for the second time and the third: what comes and goes
 * is told of a few times a day, and not each time.
 */
const CALM = [0, 600, 3_600] as const;
const LONGEST_CALM = 3_600;

/** After so long without it, it is new when it comes. */
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

/** It is there: its first words count, so that both messages speak of the same. */
const there = ({ key, title, kind }: Concern, before: Told | undefined): Told =>
  before?.isOver === false
    ? { ...before, gone: 0 }
    : { key, title, kind, gone: 0, isOver: false, times: (before?.times ?? 0) + 1 };

function away(told: Told, every: number): Told {
  const gone = told.gone + 1;
  const calm = CALM[told.times - 1] ?? LONGEST_CALM;
  return { ...told, gone, isOver: told.isOver || (gone >= LEAST_LOOKS && gone * every >= calm) };
}
