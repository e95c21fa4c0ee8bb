import { createHmac } from 'node:crypto';
import type { Login } from '../settings/settings.ts';

/** How a login is spoken: what follows the mechanism's name at once, and the answers to challenges. */
export interface Exchange {
  readonly initial: string | undefined;
  /** What to say to each challenge, in order; both in base64. */
  readonly answers: readonly ((challenge: string) => string)[];
}

const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');

const cramMd5 = ({ username, password }: Login, challenge: string): string => {
  const digest = createHmac('md5', password).update(Buffer.from(challenge, 'base64')).digest('hex');
  return base64(`${username} ${digest}`);
};

/** The mechanisms that can be spoken here, the one that is tried first in front. */
export const SPOKEN = ['CRAM-MD5', 'PLAIN', 'LOGIN'] as const;

export type Spoken = (typeof SPOKEN)[number];

/** PLAIN: RFC 4616; LOGIN: draft-murchison-sasl-login; CRAM-MD5: RFC 2195. In SMTP: RFC 4954. */
export function exchangeOf(mechanism: Spoken, login: Login): Exchange {
  switch (mechanism) {
    case 'PLAIN':
      return { initial: base64(`\0${login.username}\0${login.password}`), answers: [] };
    case 'LOGIN':
      return {
        initial: undefined,
        answers: [() => base64(login.username), () => base64(login.password)],
      };
    case 'CRAM-MD5':
      return { initial: undefined, answers: [(challenge) => cramMd5(login, challenge)] };
  }
}
