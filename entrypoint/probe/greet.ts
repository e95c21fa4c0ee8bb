import type { SecureContext } from 'node:tls';
import { explainReason } from '../advice/reason-words.ts';
import {
  type Announcement,
  isGood,
  type Reply,
  readAnnouncement,
  replyText,
} from '../postfix/smtp-reply.ts';
import { certificateFinding } from './certificate.ts';
import { DeadEnd, type Finding, note, ok, wrong } from './finding.ts';
import { opensslReason } from './openssl.ts';
import { type Server, type SettingName, settingName } from './servers.ts';
import { HungUp, NoAnswer, type SmtpSession } from './smtp-session.ts';

/** How a conversation is opened. */
export interface Opening {
  /** The name of the host at the other end: one of the domain's MX hosts with `mx: yes`. */
  readonly host: string;
  /** How this relay calls itself. */
  readonly helo: string;
  readonly secureContext: SecureContext;
  readonly now: Date;
}

/** What greeting a server brought: what it announces, and what was found on the way. */
export interface Greeting {
  readonly announcement: Announcement;
  readonly findings: readonly Finding[];
}

/**
 * Opens the conversation the way Postfix would: TLS at once or by STARTTLS, as the server's level
 * asks for, and EHLO.
 * @throws DeadEnd where the conversation cannot go on
 */
export async function greet(
  session: SmtpSession,
  server: Server,
  opening: Opening,
): Promise<Greeting> {
  const of = settingName(server.path);
  const topic = `${server.label}, TLS`;
  const { helo } = opening;
  const encrypt = () => secure(session, server, topic, opening);
  if (server.implicitTls) {
    const finding = await encrypt();
    await expectGreeting(session, server, of);
    return { announcement: await ehlo(session, server, helo, of), findings: [finding] };
  }
  await expectGreeting(session, server, of);
  const clear = await ehlo(session, server, helo, of);
  if (server.tls === 'none') {
    return { announcement: clear, findings: [note(topic, `none is used (${of('tls')}=none)`)] };
  }
  if (!clear.starttls) return { announcement: clear, findings: [withoutTls(topic, server, of)] };
  const answer = await session.say('STARTTLS');
  if (!isGood(answer)) {
    throw new DeadEnd(
      wrong(
        topic,
        `the server offers STARTTLS and then refuses it: ${replyText(answer)}`,
        `try again in a while; if it lasts, ask the provider, or try port 465 (${of('port')})`,
      ),
    );
  }
  const finding = await encrypt();
  return { announcement: await ehlo(session, server, helo, of), findings: [finding] };
}

function withoutTls(topic: string, { tls, port }: Server, of: SettingName): Finding {
  if (tls === 'opportunistic') return note(topic, 'the server offers none: mail goes in clear');
  throw new DeadEnd(
    wrong(
      topic,
      `the server offers no encryption on port ${port} (STARTTLS), and ${of('tls')}=${tls} wants it`,
      `use the provider's port for it, 587 or 465 (${of('port')}); only if the server really has ` +
        `none and no password is sent, set ${of('tls')} to opportunistic`,
    ),
  );
}

async function secure(
  session: SmtpSession,
  server: Server,
  topic: string,
  { host, secureContext, now }: Opening,
): Promise<Finding> {
  const of = settingName(server.path);
  // Asked for by name where Postfix does (smtp_tls_servername as rendered; DANE does by itself).
  const named = server.tls === 'verify' || server.tls === 'dane';
  const socket = await session.encrypt(secureContext, named ? host : '').catch((fault: unknown) => {
    throw new DeadEnd(handshakeFault(topic, server, fault, of));
  });
  const certificate = socket.getPeerCertificate();
  const protocol = socket.getProtocol() ?? 'TLS';
  switch (server.tls) {
    case 'verify': {
      // Node.js calls it an Error, and hands out OpenSSL's code as a text.
      const reason: unknown = socket.authorizationError;
      const fault = socket.authorized ? undefined : codeOf(reason);
      const finding = certificateFinding(topic, server, { certificate, fault, protocol }, now);
      // Postfix goes no further here, and neither may a password.
      if (finding.state === 'wrong') throw new DeadEnd(finding);
      return finding;
    }
    case 'dane':
      return note(topic, `${protocol}; the DNS decides whether the certificate is good (DANE)`);
    default:
      return ok(
        topic,
        `${protocol}; the certificate is not looked at (${of('tls')}=${server.tls})`,
      );
  }
}

const codeOf = (reason: unknown): string => {
  if (typeof reason === 'string') return reason;
  return reason instanceof Error && 'code' in reason ? String(reason.code) : String(reason);
};

function handshakeFault(topic: string, server: Server, fault: unknown, of: SettingName) {
  const { port, implicitTls } = server;
  const reason = opensslReason(fault);
  if (/protocol version|unsupported protocol|version too low/i.test(reason)) {
    return wrong(
      topic,
      `the server knows no version of TLS that is safe: none from 1.2 on (${reason})`,
      `ask the provider for a newer server (${of('host')}); one that knows nothing newer than TLS ` +
        '1.1 has to be renewed',
    );
  }
  const silent = fault instanceof NoAnswer || fault instanceof HungUp;
  if (implicitTls && (silent || /wrong version number|packet length/i.test(reason))) {
    return wrong(
      topic,
      `the server does not begin with TLS on port ${port}: ${reason}`,
      `use 587, where it begins after STARTTLS (${of('port')}), or the provider's other port`,
    );
  }
  return wrong(
    topic,
    `the server offers STARTTLS on port ${port}, and then no encryption comes about: ${reason}`,
    `try port 465 (${of('port')}): a firewall or virus scanner on the way may not let STARTTLS ` +
      'through; if that fails too, ask the provider',
  );
}

async function expectGreeting(session: SmtpSession, server: Server, of: SettingName) {
  const topic = `${server.label}, greeting`;
  const greeting = await session.reply().catch((fault: unknown) => {
    if (!(fault instanceof NoAnswer)) throw fault;
    throw new DeadEnd(
      wrong(
        topic,
        `the server takes the connection and says nothing (${fault.message})`,
        `a port with TLS from the first byte is 465: check ${of('port')}; else it is overloaded, or ` +
          'has everybody wait, and mail gets through all the same',
      ),
    );
  });
  if (isGood(greeting)) return;
  throw new DeadEnd(refusal(topic, `host ${server.host} refused to talk to me`, greeting, of));
}

async function ehlo(session: SmtpSession, server: Server, helo: string, of: SettingName) {
  const reply = await session.say(`EHLO ${helo}`);
  if (isGood(reply)) return readAnnouncement(reply);
  if ([500, 502].includes(reply.code)) {
    throw new DeadEnd(
      wrong(
        `${server.label}, EHLO`,
        `the server does not know EHLO, and so offers neither TLS nor a login: ${replyText(reply)}`,
        `check ${of('host')} and ${of('port')}; if they are right, a firewall or virus scanner on ` +
          'the way takes it out: switch its look into mail (SMTP inspection) off',
      ),
    );
  }
  throw new DeadEnd(
    refusal(`${server.label}, EHLO`, `host ${server.host} refused to talk to me`, reply, of),
  );
}

/** A finding from a reply that refuses, explained by the same table as what waits in the queue. */
export function refusal(topic: string, said: string, reply: Reply, of: SettingName) {
  const { cause, remedy } = explainReason(`${said}: ${replyText(reply)}`, of);
  return wrong(topic, `${cause}: ${replyText(reply)}`, remedy);
}
