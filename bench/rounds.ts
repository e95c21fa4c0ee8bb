import type { Contestant } from './contestants.ts';

/** What was measured, in the order in which it was. */
export type Measured<K extends string> = readonly {
  readonly name: string;
  readonly values: Readonly<Record<K, number>>;
}[];

/** Every contestant once a round, each round starting with another, so that drift hits all alike. */
export async function interleave<K extends string>(
  contestants: readonly Contestant[],
  rounds: number,
  measure: (contestant: Contestant) => Promise<Readonly<Record<K, number>>>,
): Promise<Measured<K>> {
  const measured: { name: string; values: Readonly<Record<K, number>> }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = round % contestants.length;
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      measured.push({ name: one.name, values: await measure(one) });
    }
  }
  return measured;
}

/** The values of one kind, by the contestants' names. */
export const valuesOf = <K extends string>(
  measured: Measured<K>,
  kind: K,
): Readonly<Record<string, readonly number[]>> =>
  Object.fromEntries(
    [...Map.groupBy(measured, ({ name }) => name)].map(([name, own]) => [
      name,
      own.map(({ values }) => values[kind]),
    ]),
  );
