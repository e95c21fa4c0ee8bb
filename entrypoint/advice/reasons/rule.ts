import type { SettingName } from '../../probe/servers.ts';

/** What kind of trouble it is; several texts mean the same. */
export type Trouble =
  | 'app password'
  | 'sign in'
  | 'login disabled'
  | 'login locked'
  | 'password'
  | 'mechanisms'
  | 'login missing'
  | 'permission'
  | 'trial'
  | 'allow list'
  | 'sender'
  | 'sender domain'
  | 'account blocked'
  | 'helo'
  | 'rate'
  | 'mailbox full'
  | 'size'
  | 'greylisting'
  | 'address reputation'
  | 'authenticity'
  | 'format'
  | 'content'
  | 'not wanted'
  | 'relaying'
  | 'recipient'
  | 'certificate'
  | 'no TLS'
  | 'TLS handshake'
  | 'TLSA'
  | 'TLS set-up'
  | 'port 25'
  | 'no answer'
  | 'connection refused'
  | 'no network'
  | 'resolver'
  | 'no address'
  | 'name'
  | 'greeting'
  | 'slow'
  | 'connection lost'
  | 'loop'
  | 'tables'
  | 'disk'
  | 'mailbox'
  | 'service'
  | 'paused'
  | 'later'
  | 'refused';

export interface Rule {
  readonly trouble: Trouble;
  readonly pattern: RegExp;
  readonly cause: string;
  /** What to do; `of` names a setting of the server in question. */
  readonly remedy: (of: SettingName) => string;
}

/** In a server's answer to a login. */
export const atLogin = ({ source }: RegExp): RegExp =>
  new RegExp(`SASL authentication failed; server .* said: .*(${source})`, 'i');

/** A server's answer in what Postfix says. */
const ANSWER = String.raw`(said|talk to me): \d{3}`;

/** For rules of Postfix's own words: a server may say the same of something else. */
export const inOwnWords = (rule: Rule): Rule => ({
  ...rule,
  pattern: new RegExp(`^(?!.*${ANSWER}).*(${rule.pattern.source})`, rule.pattern.flags),
});

/** Any of these, capitals or not. */
export const any = (...patterns: readonly RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => source).join('|'), 'i');
