/**
 * Goes the way of a message to one server as Postfix would, without sending one:
 *
 *   1. find the host (MX, DNS, /etc/hosts)          hosts.ts, dns.ts
 *   2. connect                                      dial.ts
 *   3. hear the greeting, say EHLO                  smtp-session.ts
 *   4. STARTTLS, or TLS from the first byte; judge  certificate.ts, dane.ts
 *      the certificate
 *   5. log in                                       log-in.ts, sasl.ts
 *   6. ask about senders: MAIL, RCPT, RSET          ask-senders.ts
 *   7. QUIT
 *
 * What it meets comes back as facts (result.ts). What they mean to the operator is for advice/ and
 * reports/ to say.
 */
import { type Announcement, readAnnouncement } from '../postfix/smtp-reply.ts';
import { askAbout } from './ask-senders.ts';
import { judge } from './certificate.ts';
import type { ProbeContext, Walk } from './context.ts';
import { type Tlsa, tlsaOf } from './dane.ts';
import { dial } from './dial.ts';
import { type Finder, hostsOf } from './hosts.ts';
import { logIn } from './log-in.ts';
import type { Fact, ProbeResult } from './result.ts';
import type { Server } from './servers.ts';
import { SmtpSession } from './smtp-session.ts';
import { brokenOff, demand, handshakeTrouble, Troubled } from './troubled.ts';

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
