import type { Origin } from '../../postfix/address-lookup.ts';
import type { Facts } from '../facts.ts';
import { fullName } from '../settings.ts';
import type { RawSettings } from '../table.ts';

/** How addresses are looked up before the settings are complete. */
export const originOf = ({ myorigin, myhostname }: RawSettings, { hostname }: Facts): Origin => ({
  myorigin: myorigin ?? myhostname ?? fullName(hostname),
  delimiter: '+',
});
