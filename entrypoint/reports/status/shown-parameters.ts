import { MASK } from '../../settings/hiding/mask.ts';
import type { Row } from '../../settings/setting.ts';

/** Names and values behind which a user may have put a password. */
const SECRET_NAME = /passw|secret|sasl_.*maps/;
const SECRET_VALUE = /\b(inline|static):/;

/**
 * The lines of `postconf -n`, with possible secrets masked. The parameters that this program
 * renders hold no secrets: passwords are in separate tables.
 * @param overrides the parameters that the user set, as they stand
 */
export function shownParameters(output: string, overrides: readonly Row[]): readonly string[] {
  const own = new Set(overrides.map(({ from }) => from));
  return output
    .split('\n')
    .filter((line) => /^\w+ =/.test(line))
    .map((line) => {
      const [, name = '', value = ''] = /^(\w+) = ?(.*)$/.exec(line) ?? [];
      const hidden = own.has(name) && (SECRET_NAME.test(name) || SECRET_VALUE.test(value));
      return hidden ? `${name} = ${MASK}` : line;
    });
}
