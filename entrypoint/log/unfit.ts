import type { Refusal } from './event.ts';

/** What a client came with that this relay does not do, in the relay's own answer where it has one. */
export const UNFIT = {
  login: '503 5.5.1 Error: authentication not enabled',
  starttls: '502 5.5.1 Error: command not implemented: STARTTLS',
  tls: 'the client begins with TLS at once, and was hung up on',
  stranger: 'the client does not speak SMTP, and was hung up on',
  hasty: '554 5.5.0 Error: SMTP protocol synchronization',
  gone: 'the client went away, or fell silent, in the middle of the message',
} as const;

const unfit = (reply: string, client: string, id?: string): Refusal => ({
  kind: 'refused',
  id,
  stage: 'SESSION',
  client,
  reply,
  from: undefined,
  to: undefined,
});

/** The first bytes of TLS, as Postfix prints them: a record of a handshake (RFC 8446 section 5.1). */
const TLS_HELLO = /^\\026\\003/;

/**
 * Reads what smtpd(8) says of clients that never came as far as a message, for which it has no
 * "reject" line.
 * @param name makes a client's name as it is shown
 */
export function readUnfit(text: string, name: (client: string) => string): Refusal | undefined {
  const [, client, counts = ''] = /^disconnect from (\S+) (.*)$/.exec(text) ?? [];
  if (client !== undefined) {
    // Whoever goes on without what it asked for, and hands a message in, is in no trouble.
    if (/\b(data|bdat)=\d+( |$)/.test(counts)) return undefined;
    if (/\bauth=0\//.test(counts)) return unfit(UNFIT.login, name(client));
    return /\bstarttls=0\//.test(counts) ? unfit(UNFIT.starttls, name(client)) : undefined;
  }
  const [, alien, words = ''] = /^warning: non-SMTP command from (\S+): (.*)$/.exec(text) ?? [];
  if (alien !== undefined) {
    return unfit(TLS_HELLO.test(words) ? UNFIT.tls : UNFIT.stranger, name(alien));
  }
  // Whoever is quick enough says it before the greeting.
  const [, hasty, haste = ''] =
    /^improper command pipelining after \S+ from (\S+): (.*)$/.exec(text) ?? [];
  if (hasty !== undefined) {
    return unfit(TLS_HELLO.test(haste) ? UNFIT.tls : UNFIT.hasty, name(hasty));
  }
  const [, id, gone] =
    /^(\w+): (?:lost connection|timeout) after (?:DATA|BDAT)\b.* from (\S+)$/.exec(text) ?? [];
  return gone === undefined ? undefined : unfit(UNFIT.gone, name(gone), id);
}
