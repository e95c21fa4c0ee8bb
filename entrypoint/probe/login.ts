import { explainReason } from '../advice/reason-words.ts';
import type { Trouble } from '../advice/reasons.ts';
import { type Reply, replyText } from '../postfix/smtp-reply.ts';
import { shownName } from '../settings/mask.ts';
import type { Login } from '../settings/settings.ts';
import { type Finding, note, ok } from './finding.ts';
import { refusal } from './greet.ts';
import { mechanismFinding, usableMechanisms } from './mechanisms.ts';
import { exchangeOf, SPOKEN, type Spoken } from './sasl.ts';
import { type Server, settingName } from './servers.ts';
import { NoAnswer, type SmtpSession } from './smtp-session.ts';

/** What logging in brought. */
export interface LoginResult {
  readonly findings: readonly Finding[];
  /** Whether the conversation is now that of somebody who may send. */
  readonly in: boolean;
}

/** Compares mechanisms and logs in, without sending a message. */
export async function logIn(
  session: SmtpSession,
  server: Server,
  offered: readonly string[],
): Promise<LoginResult> {
  if (server.login === undefined) return { findings: [], in: true };
  const of = settingName(server.path);
  const mechanisms = mechanismFinding(
    `${server.label}, mechanisms`,
    offered,
    server.mechanisms,
    of,
  );
  if (mechanisms.state === 'wrong') return { findings: [mechanisms], in: false };
  const topic = `${server.label}, login`;
  const usable = usableMechanisms(offered, server.mechanisms);
  const spoken = SPOKEN.find((mechanism) => usable.includes(mechanism));
  if (spoken === undefined) {
    const untried = note(topic, `not tried: Postfix will use ${usable.join(' or ')}`);
    return { findings: [mechanisms, untried], in: false };
  }
  const reply = await speak(session, spoken, server.login);
  if (reply.code === 235) {
    const words = `as ${shownName(server.login)} by ${spoken}: accepted`;
    return { findings: [mechanisms, ok(topic, words)], in: true };
  }
  // It wants more than this way of logging in has to say.
  const said =
    reply.code === 334
      ? `SASL authentication failed; cannot authenticate to server ${server.host}`
      : `SASL authentication failed; server ${server.host} said`;
  return { findings: [mechanisms, refusal(topic, said, reply, of)], in: false };
}

async function speak(session: SmtpSession, mechanism: Spoken, login: Login): Promise<Reply> {
  const { initial, answers } = exchangeOf(mechanism, login);
  let reply = await session.say(`AUTH ${mechanism}${initial === undefined ? '' : ` ${initial}`}`);
  for (const answer of answers) {
    if (reply.code !== 334) return reply;
    reply = await session.say(answer(reply.lines.join('')));
  }
  return reply;
}

/** Asks whether each sender would be taken, without sending anything (RSET, RFC 5321 section 4.1.1.5). */
export async function askForSenders(
  session: SmtpSession,
  server: Server,
  senders: readonly string[],
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const sender of senders) {
    const topic = `${server.label}, sender ${sender}`;
    const reply = await askForSender(session, server, sender);
    if (reply === 'no answer') {
      const words = 'accepted; what the server says to a recipient was not waited for, it is slow';
      findings.push(note(topic, words));
      break;
    }
    findings.push(
      reply.code === 250 ? ok(topic, 'accepted') : refusedSender(topic, server, sender, reply),
    );
    // With 421 the server says good-bye as well (RFC 5321 section 3.8).
    if (reply.code === 421) break;
    await session.say('RSET');
  }
  return findings;
}

/** What a server has against everything that this relay sends, whoever it is for. */
const AGAINST_US: readonly (Trouble | undefined)[] = [
  ...(['sender', 'sender domain', 'helo', 'relaying', 'login missing', 'permission'] as const),
  ...(['account blocked', 'trial', 'address reputation', 'authenticity'] as const),
];

/**
 * The answer to MAIL FROM, or to RCPT TO where that is not about the recipient: many servers keep
 * what they have against a sender or a client to themselves until a recipient is named
 * (smtpd_delay_reject in postconf(5)). Some have everybody wait there; Postfix waits five minutes.
 */
async function askForSender(
  session: SmtpSession,
  server: Server,
  sender: string,
): Promise<Reply | 'no answer'> {
  const reply = await session.say(`MAIL FROM:<${sender}>`);
  if (reply.code !== 250) return reply;
  const later = await session.say(`RCPT TO:<${sender}>`).catch((fault: unknown) => {
    if (fault instanceof NoAnswer) return undefined;
    throw fault;
  });
  if (later === undefined) return 'no answer';
  const said = `host ${server.host} said: ${replyText(later)}`;
  const { trouble } = explainReason(said, settingName(server.path));
  // With 421 it says good-bye, whatever it is about.
  return later.code === 421 || (later.code >= 400 && AGAINST_US.includes(trouble)) ? later : reply;
}

function refusedSender(topic: string, server: Server, sender: string, reply: Reply): Finding {
  const of = settingName(server.path);
  const said = `host ${server.host} said`;
  const finding = refusal(topic, said, reply, of);
  const { trouble } = explainReason(`${said}: ${replyText(reply)}`, of);
  if (server.login !== undefined && (trouble === 'relaying' || trouble === 'login missing')) {
    return {
      ...finding,
      remedy:
        'the login was accepted, and mail to others is not: use the port that the provider gives for ' +
        `sending, 587 or 465 (${of('port')}); if this is it, ask the provider what this login may do`,
    };
  }
  if (trouble !== 'sender' && trouble !== 'refused') return finding;
  const { username = '' } = server.login ?? {};
  const own = username.includes('@') ? username : 'me@provider.example';
  const domain = sender.slice(sender.lastIndexOf('@'));
  return {
    ...finding,
    remedy:
      `have it rewritten: RELAY_GENERIC=${domain}=${own}; or give that sender its own login ` +
      `(accounts), or log in as its owner (${of('username')})`,
  };
}
