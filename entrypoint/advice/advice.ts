/**
 * Trouble -> cause and remedy: one table for all that is seen, whether in the log, in the queue or by a
 * probe. A kind without advice does not compile. Settings stand in it as references, and get the
 * user's own names where a report is printed (settings/sentence.ts).
 *
 *   trouble.ts   the kinds and their facts
 *   foreign/     texts of Postfix, servers and databases -> trouble: the only patterns
 *   table/       cause and remedy of each kind, a file for each group
 */
import { type Sentence, type SettingRef, words } from '../settings/sentence.ts';
import { CLIENTS } from './table/clients.ts';
import { CONNECTION } from './table/connection.ts';
import { ENCRYPTION } from './table/encryption.ts';
import { LOGIN } from './table/login.ts';
import { MAIL } from './table/mail.ts';
import { RELAY } from './table/relay.ts';
import type { Kind, Of, Trouble } from './trouble.ts';

/** Why it is so, and what to do about it. */
export interface Advice {
  readonly cause: Sentence;
  readonly remedy: Sentence;
}

/** What the advice is about, besides the trouble itself. */
export interface About {
  /** A setting of the server that has to do with it: `tls` -> `relay.tls`. */
  readonly setting: (key: string, value?: string) => SettingRef;
  /** The address of the account at that server, when it is known. */
  readonly ownAddress?: string | undefined;
  /** Whether the mail has come back, or was given up: Postfix does not try again. */
  readonly isReturned?: boolean;
}

/** The advice for some kinds. */
export type Table<K extends Kind> = {
  readonly [Each in K]: (trouble: Of<Each>, about: About) => Advice;
};

const TABLE: Table<Kind> = {
  ...LOGIN,
  ...MAIL,
  ...ENCRYPTION,
  ...CONNECTION,
  ...RELAY,
  ...CLIENTS,
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
