/**
 * Trouble -> cause and remedy: one table for all that is seen, whether in the log, in the queue or by a
 * probe. A kind without advice does not compile. Settings stand in it as references, and get the
 * user's own names where a report is printed (settings/naming/sentence.ts).
 *
 *   trouble.ts   the kinds and their facts
 *   foreign/     texts of Postfix, servers and databases -> trouble: the only patterns
 *   entry.ts     what an entry of the table gets and gives
 *   table/       cause and remedy of each kind, a file for each group
 */
import { words } from '../settings/naming/sentence.ts';
import type { About, Advice, Table } from './entry.ts';
import { CLIENTS } from './table/clients.ts';
import { CONNECTION } from './table/connection.ts';
import { ENCRYPTION } from './table/encryption.ts';
import { EXPIRY } from './table/expiry.ts';
import { LOGIN } from './table/login.ts';
import { MAIL } from './table/mail.ts';
import { RECEIVERS } from './table/receivers.ts';
import { RELAY } from './table/relay.ts';
import { TOKEN } from './table/token.ts';
import type { Kind, Trouble } from './trouble.ts';

export type { About, Advice } from './entry.ts';

const TABLE: Table<Kind> = {
  ...LOGIN,
  ...TOKEN,
  ...EXPIRY,
  ...MAIL,
  ...ENCRYPTION,
  ...CONNECTION,
  ...RELAY,
  ...CLIENTS,
  ...RECEIVERS,
};

/** @param trouble undefined for a text that is in no table */
export function advise(trouble: Trouble | undefined, about: About): Advice {
  if (trouble === undefined) return UNKNOWN;
  // Each entry takes the trouble of its own kind, which the compiler cannot follow through a look-up.
  const entry = TABLE[trouble.kind] as (trouble: Trouble, about: About) => Advice;
  return entry(trouble, about);
}

const UNKNOWN: Advice = {
  cause: words`a reason that is not in this relay's table`,
  remedy: words`run "hikyaku doctor"; the text itself is that of Postfix or of the server`,
};
