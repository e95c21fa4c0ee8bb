import { notA, validator } from './invalid.ts';

const LABEL = '[a-z0-9]([a-z0-9-]*[a-z0-9])?';
const SELECTOR = new RegExp(`^${LABEL}(\\.${LABEL})*$`);

/** Room for "-ed25519" within a label of DNS (RFC 1035 section 2.3.4: 63 octets). */
const LONGEST = 50;

/** A DKIM selector (RFC 6376 section 3.1): labels of DNS; the value is in lower case. */
export const selector = validator<string>((text) => {
  const name = text.toLowerCase();
  if (name.length <= LONGEST && SELECTOR.test(name)) return name;
  throw notA(text, 'a DKIM selector', 'use letters, digits and hyphens, such as mail2026');
});
