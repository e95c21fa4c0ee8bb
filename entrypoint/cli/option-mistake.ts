/** The fault in the options of a command line, in one line of our own words. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { nearest } from '../messages/nearest.ts';

/**
 * The first mistake in the options, if any. A value is never quoted, since it may be a secret.
 * @param known every option; `--help` is known everywhere
 */
export function optionMistake(
  words: readonly string[],
  known: ParseArgsOptionsConfig,
): string | undefined {
  const options: ParseArgsOptionsConfig = { help: { type: 'boolean', short: 'h' }, ...known };
  const types = new Map(Object.entries(options).map(([name, { type }]) => [name, type]));
  const args = [...words];
  const lenient = { args, options, allowPositionals: true, strict: false, tokens: true } as const;
  for (const token of parseArgs(lenient).tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value, inlineValue } = token;
    const type = types.get(name);
    if (type === undefined) return unknownOption(rawName, types.keys());
    if (type === 'boolean' && value !== undefined) return `${rawName} takes no value`;
    if (type !== 'boolean' && (value === undefined || (!inlineValue && /^-./.test(value)))) {
      return `${rawName} wants a value (one that begins with "-" is given as ${rawName}=VALUE)`;
    }
  }
  return undefined;
}

function unknownOption(given: string, names: Iterable<string>): string {
  const near = given.startsWith('--') ? nearest(given.slice(2), names) : undefined;
  return `there is no option ${given}${near === undefined ? '' : ` (did you mean --${near}?)`}`;
}
