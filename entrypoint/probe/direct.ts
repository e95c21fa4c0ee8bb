import type { QueuedMessage } from '../postfix/queue-entry.ts';
import { isGood } from '../postfix/smtp-reply.ts';
import type { Family } from './addresses.ts';
import { reach } from './connect.ts';
import { DeadEnd, type Finding, ok, wrong } from './finding.ts';
import { refusal } from './greet.ts';
import { settingName } from './servers.ts';
import { NoAnswer, SmtpSession } from './smtp-session.ts';

/** Whom to try when nobody waits: domains with several MX hosts that are always there. */
const EXAMPLES = ['gmail.com', 'outlook.com'];

/** The domains to try: those that mail waits for, or else examples. */
export function domainsToTry(messages: readonly QueuedMessage[]): readonly string[] {
  const waited = messages
    .flatMap(({ recipients }) => recipients.map(({ address }) => address))
    .map((address) => address.slice(address.lastIndexOf('@') + 1).toLowerCase())
    .filter((domain) => domain !== '');
  const unique = [...new Set(waited)].slice(0, 3);
  return unique.length > 0 ? unique : EXAMPLES;
}

/** Whether mail can go straight to a domain's MX hosts: the DNS, port 25, and the first words. */
export async function probeDomain(domain: string, families: readonly Family[]): Promise<Finding> {
  const label = `direct delivery to ${domain}`;
  const of = settingName('relay');
  try {
    const { socket, host } = await reach(
      label,
      {
        host: domain,
        port: 25,
        mx: true,
        origin:
          "the recipient's domain; if it is right, the DNS server that this container asks does " +
          'not know the Internet (dns: in compose.yaml)',
      },
      of,
      families,
    );
    const session = new SmtpSession(socket);
    try {
      const greeting = await session.reply();
      if (isGood(greeting)) return ok(label, `${host} greets on port 25`);
      return refusal(label, `host ${host} refused to talk to me`, greeting, of);
    } finally {
      session.close();
    }
  } catch (fault) {
    if (fault instanceof DeadEnd) return fault.finding;
    // Many let a stranger wait before they greet; that the port is open is known by then.
    if (fault instanceof NoAnswer)
      return ok(label, 'connected on port 25; the greeting takes long');
    const words = `it broke off: ${fault instanceof Error ? fault.message : fault}`;
    return wrong(label, words, `use a provider's submission server (${of('host')})`);
  }
}
