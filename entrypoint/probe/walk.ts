/**
 * Goes the way of a message to one server as Postfix would, without sending one:
 *
 *   1. find the host (MX, DNS, /etc/hosts)          hosts.ts, dns.ts
 *   2. connect                                      dial.ts
 *   3. hear the greeting, say EHLO                  smtp-session.ts
 *   4. STARTTLS, or TLS from the first byte; judge  certificate.ts, dane.ts
 *      the certificate
 *   5. log in                                       sasl.ts
 *   6. ask about senders: MAIL, RCPT, RSET
 *   7. QUIT
 *
 * What it meets comes back as facts (result.ts). What they mean to the operator is for advice/ and
 * reports/ to say.
 */
import type { SecureContext } from 'node:tls';
import { readReply, troubleOf } from '../advice/foreign/reply.ts';
import type { TokenTrouble, Trouble } from '../advice/trouble.ts';
import { usableMechanisms } from '../postfix/mechanisms.ts';
import {
  type Announcement,
  isGood,
  type Reply,
  readAnnouncement,
  replyText,
} from '../postfix/smtp-reply.ts';
import type { Login } from '../settings/settings.ts';
import { judge } from './certificate.ts';
import { type Tlsa, tlsaOf } from './dane.ts';
import { type Connection, dial } from './dial.ts';
import { type Finder, hostsOf } from './hosts.ts';
import type { Fact, ProbeResult } from './result.ts';
import { EXCHANGES, newNonce } from './sasl.ts';
import type { Server } from './servers.ts';
import { NoAnswer, SmtpSession } from './smtp-session.ts';
import { brokenOff, demand, handshakeTrouble, Troubled } from './troubled.ts';

/** What a walk needs of this relay and its container. */
export interface ProbeContext extends Finder {
  readonly trust: (server: Server) => SecureContext;
  /** How this relay calls itself. */
  readonly helo: string;
  readonly now: Date;
  /** Why there is no access token for a login by OAuth 2, where that is known. */
  readonly tokenTrouble: (login: Login) => TokenTrouble | undefined;
}

/**
 * Goes the whole way; trouble is a fact like others, and the last one where it ended the walk.
 * @param senders whom the server is asked about, as they are when mail leaves
 */
export async function probe(
  server: Server,
  senders: readonly string[],
  context: ProbeContext,
): Promise<ProbeResult> {
  const facts: Fact[] = [];
  const see = (fact: Fact): void => void facts.push(fact);
  try {
    const hosts = await hostsOf(server, server.tls === 'dane' ? byDnsOnly(context) : context);
    const connection = await dial(hosts, server);
    see({ kind: 'connected', address: connection.address, host: connection.host });
    await converse({ server, senders, context, connection, see });
  } catch (fault) {
    if (!(fault instanceof Troubled)) throw fault;
    see({ kind: 'trouble', trouble: fault.trouble });
  }
  return { server, facts };
}

/** DANE trusts signed answers only (smtp_host_lookup as rendered). */
const byDnsOnly = ({ names: { resolver }, families }: Finder): Finder => ({
  names: { resolver, hosts: undefined },
  families,
});

interface Walk {
  readonly server: Server;
  readonly senders: readonly string[];
  readonly context: ProbeContext;
  readonly connection: Connection;
  readonly see: (fact: Fact) => void;
}

async function converse(walk: Walk): Promise<void> {
  const { server, connection, see } = walk;
  const session = new SmtpSession(connection.socket);
  try {
    const tlsa = server.tls === 'dane' ? await tlsaFor(walk) : undefined;
    if (server.implicitTls) see(await encrypt(session, walk, tlsa));
    demand(await session.reply(), 'greeting');
    let announced = await hello(session, walk);
    if (!server.implicitTls && server.tls !== 'none') {
      if (announced.starttls) {
        demand(await session.say('STARTTLS'), 'STARTTLS');
        see(await encrypt(session, walk, tlsa));
        announced = await hello(session, walk);
      } else if (server.tls !== 'opportunistic') {
        throw new Troubled({ kind: 'no-tls', port: server.port, level: server.tls });
      }
    }
    if (!session.isEncrypted) see({ kind: 'in-clear', wanted: server.tls !== 'none' });
    seeAnnounced(announced, walk);
    if (server.login === undefined || (await logIn(session, walk, announced, server.login))) {
      await askAbout(session, walk);
    }
    await session.say('QUIT').catch(() => undefined);
  } catch (fault) {
    throw new Troubled(brokenOff(fault, session.step));
  } finally {
    session.close();
  }
}

async function hello(session: SmtpSession, { context }: Walk): Promise<Announcement> {
  const reply = await session.say(`EHLO ${context.helo}`);
  demand(reply, 'EHLO');
  return readAnnouncement(reply);
}

function seeAnnounced(
  { name, size, seenAs }: Announcement,
  { server, context, connection, see }: Walk,
) {
  if (name === context.helo.toLowerCase()) {
    const { isLoop: isItself } = connection;
    // On port 25 Postfix takes a namesake for itself, and sends the mail back (smtp_helo in its source).
    if (isItself || server.port === 25) {
      see({ kind: 'trouble', trouble: { kind: 'namesake', name, isItself } });
    } else {
      see({ kind: 'same-name', name });
    }
  }
  if (seenAs !== undefined) see({ kind: 'seen-as', address: seenAs });
  if (size !== undefined) see({ kind: 'size-limit', bytes: size });
}

const tlsaFor = ({ server, connection, context }: Walk): Promise<Tlsa> =>
  tlsaOf(
    {
      host: connection.host,
      address: connection.address,
      port: server.port,
      domain: server.mx ? server.host : undefined,
    },
    context.names.resolver,
  );

async function encrypt(
  session: SmtpSession,
  { server, connection, context }: Walk,
  tlsa: Tlsa | undefined,
): Promise<Fact> {
  // Asked for by name where Postfix does (smtp_tls_servername as rendered; DANE does by itself).
  const named = server.tls === 'verify' || server.tls === 'dane';
  const socket = await session
    .encrypt(context.trust(server), named ? connection.host : '')
    .catch((fault: unknown) => {
      throw new Troubled(handshakeTrouble(fault, server));
    });
  return judge(socket, { server, host: connection.host, tlsa, now: context.now });
}

/** Logs in by the mechanism that Postfix would pick; false where that cannot be. */
async function logIn(
  session: SmtpSession,
  { server, connection, context, see }: Walk,
  { mechanisms: offered }: Announcement,
  login: Login,
): Promise<boolean> {
  if (login.oauth2 !== undefined && login.password === '') {
    see({ kind: 'trouble', trouble: context.tokenTrouble(login) ?? { kind: 'token' } });
    return false;
  }
  const { mechanisms: allowed } = server;
  const [mechanism, ...others] = usableMechanisms(offered, allowed);
  if (mechanism === undefined) {
    const usable = usableMechanisms(offered, []);
    see({ kind: 'trouble', trouble: { kind: 'mechanisms', offered, allowed, usable } });
    return false;
  }
  see({ kind: 'mechanisms', offered, usable: [mechanism, ...others] });
  const exchange = EXCHANGES[mechanism]?.(login, { host: connection.host, nonce: newNonce() });
  // A password goes nowhere in clear, whatever the settings may say one day.
  if (exchange === undefined || !session.isEncrypted) {
    see({ kind: 'login-untried', mechanism });
    return false;
  }
  const initial = exchange.next('').value;
  let reply = await session.say(['AUTH', mechanism, ...encoded(initial)].join(' '));
  while (reply.code === 334) {
    const challenge = Buffer.from(reply.lines.join(''), 'base64').toString();
    const answer = exchange.next(challenge).value;
    if (answer === undefined) throw new Troubled({ kind: 'login-unfinished', mechanism });
    reply = await session.say(encoded(answer).join(''));
  }
  if (login.oauth2 !== undefined && reply.code === 535) refuseToken(reply);
  demand(reply, 'AUTH');
  see({ kind: 'logged-in', mechanism });
  return true;
}

/** What would be a wrong password is something else with a token. */
function refuseToken(reply: Reply): void {
  const answer = readReply(replyText(reply));
  if (troubleOf(answer, 'AUTH', {}).kind === 'password') {
    throw new Troubled({ kind: 'token-refused', reply: answer });
  }
}

const encoded = (text: string | undefined): readonly string[] =>
  text === undefined ? [] : [Buffer.from(text, 'utf8').toString('base64')];

/** Asks whether each sender would be taken, and sends nothing (RSET, RFC 5321 section 4.1.1.5). */
async function askAbout(session: SmtpSession, { senders, server, see }: Walk): Promise<void> {
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

/** What a server can have against all that this relay sends, whoever it is for. */
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
