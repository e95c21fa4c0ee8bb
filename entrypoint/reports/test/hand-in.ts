import { setTimeout as pause } from 'node:timers/promises';
import { BounceLog } from '../../postfix/running/bounce-log.ts';
import { Incoming } from '../../postfix/running/incoming.ts';
import { isGood, replyText } from '../../postfix/smtp-reply.ts';
import { openSocket } from '../../probe/dial.ts';
import { type Patience, SmtpSession } from '../../probe/smtp-session.ts';
import { type Queued, SecondId } from './second-id.ts';
import type { TestMail } from './test-mail.ts';

/** The result of submitting a mail. */
export type HandedIn =
  | { readonly refused: string }
  | (Queued & {
      /** The second queue ID of signed mail. */
      readonly second: SecondId | undefined;
    });

/** As patient as a client: a filter may have to look at the mail, and the machine may be slow. */
const PATIENCE: Patience = { silenceMs: 10_000, wholeMs: 60_000 };

/**
 * Hands a mail in as a client would. Before the final dot the message's bounce log is opened, so
 * that its fate can be told however fast it is delivered.
 * @param isSigned whether mail that leaves is signed
 */
export async function handIn(
  mail: TestMail,
  port: number,
  spool: string,
  isSigned: boolean,
): Promise<HandedIn> {
  const socket = await openSocket(['127.0.0.1'], port);
  const session = new SmtpSession(socket, PATIENCE);
  const incoming = new Incoming(spool);
  try {
    const refused = await open(session, mail);
    if (refused !== undefined) return { refused };
    session.send(mail.text);
    const id = await idOf(mail, incoming);
    const log = id === undefined ? undefined : BounceLog.open(spool, id);
    if (id !== undefined) incoming.pass(id);
    const second = isSigned ? new SecondId(spool, incoming, mail.mark) : undefined;
    const reply = await session.say('.');
    const [, taken] = /queued as (\w+)/.exec(replyText(reply)) ?? [];
    if (!isGood(reply) || taken === undefined) {
      log?.discard();
      second?.[Symbol.dispose]();
      return { refused: replyText(reply) };
    }
    await session.say('QUIT');
    return { id: taken, log: taken === id ? log : undefined, second };
  } finally {
    session.close();
  }
}

/** Everything up to DATA; the refusal, if there is one. */
async function open(session: SmtpSession, { from, to }: TestMail): Promise<string | undefined> {
  const greeting = await session.reply();
  if (!isGood(greeting)) return replyText(greeting);
  const lines = ['EHLO localhost', `MAIL FROM:<${from}>`, `RCPT TO:<${to}>`, 'DATA'];
  for (const line of lines) {
    const reply = await session.say(line);
    if (!isGood(reply)) return replyText(reply);
  }
  return undefined;
}

async function idOf({ mark }: TestMail, incoming: Incoming): Promise<string | undefined> {
  for (let look = 0; look < 50; look += 1) {
    const id = incoming.find(mark);
    if (id !== undefined) return id;
    await pause(20);
  }
  return undefined;
}
