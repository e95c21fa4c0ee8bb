import { outputOf } from '../apply/run.ts';

/** Parameters with their values, `$name` expanded. */
export type Parameters = ReadonlyMap<string, string>;

const POSTCONF = '/usr/sbin/postconf';

const ask = async (...words: readonly string[]): Promise<readonly string[]> =>
  (await outputOf([POSTCONF, ...words])).split('\n');

const pairsIn = (lines: readonly string[]): Parameters =>
  new Map(
    lines.flatMap((line) => {
      const [, name, value] = /^(\S+) = ?(.*)$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );

/** Every parameter of the configuration in force (postconf(1)). */
export const parametersInForce = async (): Promise<Parameters> => pairsIn(await ask('-x'));

/** What master.cf sets for one delivery service instead (`-o`). */
export async function serviceOverrides(service: string): Promise<Parameters> {
  const prefix = `${service}/unix/`;
  const all = await ask('-P', `${prefix}*`);
  return pairsIn(all.map((line) => line.replace(prefix, '')));
}
