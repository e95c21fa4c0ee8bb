/**
 * What servers say, by the texts of the big providers. The first rule that matches counts, so what is
 * particular stands before what is general.
 *
 * Sources: Google's "Gmail SMTP errors and codes"; Microsoft's "Non-delivery reports in Exchange
 * Online"; Yahoo's "SMTP error codes"; Amazon's "SMTP response codes returned by Amazon SES"; IONOS'
 * and GMX' postmaster pages; RFC 3463 and RFC 5248 for the codes themselves.
 */
import type { Refused, ServerReply, Step, Trouble } from '../trouble.ts';
import { LIMITS } from './limits.ts';
import { LOGIN, LOGIN_FAILED } from './login.ts';
import { AUTHENTICITY, REFUSALS } from './refusals.ts';
import { type ReplyKind, type Rule, rule } from './rule.ts';
import { SENDERS } from './senders.ts';

const REST: readonly Rule[] = [
  rule(
    'loop',
    /loops? back to myself|message is looping|forwarding loop|too many hops|hop count|mail loop|my own hostname/,
  ),
  rule(
    'server-disk',
    /insufficient system (storage|resources)|queue file write error|no space left/,
  ),
];

/** The whole table, in the order in which it is searched. */
export const RULES: readonly Rule[] = [
  ...LOGIN,
  ...SENDERS,
  ...AUTHENTICITY,
  ...LIMITS,
  ...REFUSALS,
  ...LOGIN_FAILED,
  ...REST,
];

/** An answer on one line: `550 5.7.1 …`, `535-5.7.8 … 535 5.7.8 …`. */
export function readReply(text: string): ServerReply {
  const [, code, enhanced] = /^(\d{3})[ -]?([245]\.\d{1,3}\.\d{1,3})?/.exec(text) ?? [];
  return { code: Number(code), ...(enhanced === undefined ? {} : { enhanced }), text };
}

/**
 * The text without names and addresses. A host 185.7.25.1, or an address that begins with "spam",
 * does not show the reason.
 */
export const withoutNames = (text: string): string =>
  text
    .replace(/\d{1,3}(\.\d{1,3}){3}/g, '')
    .replace(/[^\s<]*\[([\da-f]*:[\da-f:]*)?\]/gi, '[]')
    .replace(/[^\s<>@]+@(?!rx\.t-online)[^\s<>@,;)]+/g, 'somebody')
    .replace(/\bname=\S+/g, 'name=');

/** The first rule for a text, names taken out. */
export const ruleFor = (text: string, step: Step | undefined): Rule | undefined =>
  RULES.find(({ isLogin, pattern }) => (!isLogin || step === 'AUTH') && pattern.test(text));

/** The context of the reply. */
export type Said = Pick<Refused, 'sender' | 'recipient'>;

/** Trouble of this kind, as far as it takes these facts. */
export function madeOf(kind: ReplyKind, facts: Omit<Refused, 'kind'>): Trouble {
  if (kind !== 'mechanisms' && kind !== 'tls-wanted') return { kind, ...facts };
  return { kind, ...(facts.reply === undefined ? {} : { reply: facts.reply }) };
}

/**
 * The reason of a server's refusal.
 * @param step what it is the answer to; undefined when that is unknown
 */
export function troubleOf(reply: ServerReply, step?: Step, said: Said = {}): Trouble {
  const kind = ruleFor(withoutNames(reply.text), step)?.kind ?? generalKind(reply, step);
  return madeOf(kind, { ...(step === undefined ? {} : { step }), reply, ...said });
}

/** A server that refuses EHLO without a reason probably rejects the name in it. */
function generalKind({ code }: ServerReply, step: Step | undefined): Refused['kind'] {
  if (step === 'EHLO') return 'helo';
  return code < 500 ? 'later' : 'refused';
}
