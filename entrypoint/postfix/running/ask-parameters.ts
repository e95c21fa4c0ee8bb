import { COMMAND_CONFIG, outputOf, run } from './command.ts';

/** Parameters with their values, `$name` expanded. */
type Parameters = ReadonlyMap<string, string>;

/** The value of a parameter; empty when no parameter has that name. */
export type Value = (name: string) => string;

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

/** The parameters of the configuration in force (postconf(1)). */
export async function valuesInForce(): Promise<Value> {
  const all = pairsIn(await ask('-x'));
  return (name) => all.get(name) ?? '';
}

/** The same for one delivery service, for which master.cf may set some otherwise (`-o`). */
export async function valuesOfService(
  service: string,
  value: Value,
  type: 'unix' | 'inet' = 'unix',
): Promise<Value> {
  const prefix = `${service}/${type}/`;
  const all = await ask('-P', `${prefix}*`);
  const own = pairsIn(all.map((line) => line.replace(prefix, '')));
  return (name) => own.get(name) ?? value(name);
}

/** The output of postconf for this Postfix, running or not. */
export interface Installed {
  readonly version: string;
  readonly tableTypes: readonly string[];
  /** The parameters that differ from Postfix's defaults, as `name = value`. */
  readonly changed: string;
}

/** The answer among what else postconf may have to say. */
const linesLike = (pattern: RegExp, output: string): readonly string[] =>
  output.split('\n').filter((line) => pattern.test(line));

/** Asks this Postfix what it is; what it does not tell is left empty. */
export async function installed(): Promise<Installed> {
  const [version, types, changed] = await Promise.all([
    run([POSTCONF, '-c', COMMAND_CONFIG, '-dh', 'mail_version']),
    run([POSTCONF, '-c', COMMAND_CONFIG, '-m']),
    run([POSTCONF, '-n']),
  ]);
  return {
    version: linesLike(/^[\d.]+$/, version.output).join(''),
    tableTypes: linesLike(/^\w+$/, types.output),
    changed: changed.output,
  };
}
