import { pulseOf, SCHEMES, targetOf } from '../alert-target.ts';
import { Invalid, validator } from './invalid.ts';
import { LONGEST_SECRET } from './login.ts';

const addresses = validator<readonly string[]>((text) => {
  const all = text.split(/[\s,]+/).filter((one) => one !== '');
  const unknown = all.findIndex((one) => (targetOf(one) ?? pulseOf(one)) === undefined);
  if (unknown < 0) return all;
  throw new Invalid(
    `has no address that alerts can go to at place ${unknown + 1} (not shown: it may hold a token)`,
    `use an address that begins with ${SCHEMES.join(', ')}, as docs/alerts.md has them`,
  );
}, LONGEST_SECRET);

/** The targets of alerts, separated by blanks or commas. They hold tokens, so they are secret. */
export const alertAddresses = () => ({ ...addresses(), isList: true });
