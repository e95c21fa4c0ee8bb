import type { SecureContext } from 'node:tls';
import type { Settings } from '../settings/settings.ts';
import type { Family } from './addresses.ts';
import { brokenOff } from './broken-off.ts';
import { reach } from './connect.ts';
import { DeadEnd, type Finding, ok, wrong } from './finding.ts';
import { greet } from './greet.ts';
import { askForSenders, logIn } from './login.ts';
import { namesake } from './namesake.ts';
import { sendersAt } from './senders.ts';
import { type Server, settingName } from './servers.ts';
import { SmtpSession } from './smtp-session.ts';
import { tlsaFinding } from './tlsa.ts';

/** What a look at servers needs of the world. */
export interface Outlook {
  readonly settings: Settings;
  readonly families: readonly Family[];
  readonly trust: (server: Server) => SecureContext;
  readonly now: Date;
}

/**
 * Goes the way of a message as far as it can without sending one; never throws.
 * @param senders whom the server is asked about, as they are when mail leaves
 */
export async function probeServer(
  server: Server,
  outlook: Outlook,
  senders: readonly string[] = sendersAt(server, outlook.settings),
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  try {
    await walk(server, outlook, senders, findings);
  } catch (fault) {
    if (!(fault instanceof DeadEnd)) throw fault;
    findings.push(fault.finding);
  }
  return findings;
}

async function walk(
  server: Server,
  { settings, families, trust, now }: Outlook,
  senders: readonly string[],
  findings: Finding[],
): Promise<void> {
  const of = settingName(server.path);
  const { socket, host } = await reach(
    server.label,
    { ...server, origin: of('host') },
    of,
    families,
  );
  findings.push(ok(`${server.label}, connection`, `connected to ${socket.remoteAddress}`));
  const session = new SmtpSession(socket);
  try {
    const secureContext = trust(server);
    const helo = settings.myhostname;
    const greeting = await greet(session, server, { host, helo, secureContext, now });
    if (server.tls === 'dane') findings.push(await tlsaFinding(server, host));
    const { name, mechanisms, size } = greeting.announcement;
    if (name === helo.toLowerCase()) findings.push(namesake(server, name, socket));
    findings.push(...greeting.findings, ...sizeFindings(server, size, settings.messageSize));
    const login = await logIn(session, server, mechanisms);
    findings.push(...login.findings);
    if (login.in) {
      findings.push(...(await askForSenders(session, server, senders)));
    }
    await session.say('QUIT').catch(() => undefined);
  } catch (fault) {
    throw fault instanceof DeadEnd ? fault : new DeadEnd(brokenOff(server, session.step, fault));
  } finally {
    session.close();
  }
}

function sizeFindings(
  { label }: Server,
  limit: number | undefined,
  ours: number,
): readonly Finding[] {
  if (limit === undefined || limit >= ours) return [];
  return [
    wrong(
      `${label}, message size`,
      `the server takes ${limit} bytes, and this relay up to ${ours} (RELAY_MESSAGE_SIZE): larger ` +
        'mail is taken in here and comes back',
      `set RELAY_MESSAGE_SIZE to ${limit}`,
    ),
  ];
}
