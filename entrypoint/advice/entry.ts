import type { Sentence, SettingRef } from '../settings/naming/sentence.ts';
import type { Kind, Of } from './trouble.ts';

/** Why it is so, and what to do about it. */
export interface Advice {
  readonly cause: Sentence;
  readonly remedy: Sentence;
}

/** The context of the advice, besides the trouble itself. */
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
