import { readReply, troubleOf } from '../advice/foreign/reply.ts';
import type { Trouble } from '../advice/trouble.ts';
import { isGood, type Reply, replyText } from '../postfix/smtp-reply.ts';
import type { Walk } from './context.ts';
import { NoAnswer, type SmtpSession } from './smtp-session.ts';

/** Asks whether each sender would be taken, and sends nothing (RSET, RFC 5321 section 4.1.1.5). */
export async function askAbout(
  session: SmtpSession,
  { senders, server, see }: Walk,
): Promise<void> {
  const isLoggedIn = server.login !== undefined;
  for (const sender of senders) {
    const mail = await session.say(`MAIL FROM:<${sender}>`);
    // Many keep what they have against a sender or a login to themselves until a recipient is named
    // (smtpd_delay_reject in postconf(5)), and some have everybody wait there.
    const rcpt = isGood(mail) ? await unlessSlow(session.say(`RCPT TO:<${sender}>`)) : undefined;
    const trouble = senderTrouble({ sender, mail, rcpt: rcpt ?? undefined, isLoggedIn });
    see(
      trouble === undefined
        ? { kind: 'sender-taken', sender, waited: rcpt !== null }
        : { kind: 'trouble', trouble },
    );
    // With 421 the server says good-bye as well (RFC 5321 section 3.8).
    if (rcpt === null || (rcpt ?? mail).code === 421) return;
    await session.say('RSET');
  }
}

const unlessSlow = (reply: Promise<Reply>): Promise<Reply | null> =>
  reply.catch((fault: unknown) => {
    if (fault instanceof NoAnswer) return null;
    throw fault;
  });

/** Refusals that concern all mail of this relay, for any recipient. */
const AGAINST_US: readonly Trouble['kind'][] = [
  ...(['sender', 'sender-unverified', 'sender-domain', 'helo', 'relaying'] as const),
  ...(['login-wanted', 'permission', 'account-blocked', 'account-closed', 'trial'] as const),
  ...(['address-reputation', 'authenticity'] as const),
];

interface Asked {
  readonly sender: string;
  readonly mail: Reply;
  readonly rcpt: Reply | undefined;
  readonly isLoggedIn: boolean;
}

function senderTrouble({ sender, mail, rcpt, isLoggedIn }: Asked): Trouble | undefined {
  const [answer, step] = isGood(mail) ? [rcpt, 'RCPT' as const] : [mail, 'MAIL' as const];
  if (answer === undefined || isGood(answer)) return undefined;
  const trouble = troubleOf(readReply(replyText(answer)), step, { sender });
  if (step === 'RCPT' && answer.code !== 421 && !AGAINST_US.includes(trouble.kind))
    return undefined;
  return isLoggedIn && (trouble.kind === 'relaying' || trouble.kind === 'login-wanted')
    ? { ...trouble, kind: 'login-too-weak' }
    : trouble;
}
