import { Resolver } from 'node:dns/promises';
import { type Finding, note, wrong } from '../finding.ts';
import { type Server, settingName } from '../servers.ts';

/**
 * Whether the DNS has a fingerprint of the server's certificate (RFC 6698). Whether it is signed is
 * left to Postfix's resolver: Node.js does not hand that bit out.
 */
export async function tlsaFinding(server: Server, host: string): Promise<Finding> {
  const topic = `${server.label}, DANE`;
  const name = `_${server.port}._tcp.${host}`;
  const resolver = new Resolver({ timeout: 1_000, tries: 2 });
  try {
    const records = await resolver.resolveTlsa(name);
    return note(
      topic,
      `${records.length} TLSA records at ${name}; they have to be signed (DNSSEC)`,
    );
  } catch {
    return wrong(
      topic,
      `there is no TLSA record at ${name}, and ${settingName(server.path)('tls')}=dane wants one`,
      `set ${settingName(server.path)('tls')} to verify`,
    );
  }
}
