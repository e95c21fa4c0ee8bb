import { faultOf, newResolver } from './addresses.ts';
import { type Finding, note, wrong } from './finding.ts';
import { type Server, settingName } from './servers.ts';

/**
 * Whether the DNS has a fingerprint of the server's certificate (RFC 6698). Whether it is signed is
 * left to Postfix's resolver: Node.js does not hand that bit out.
 */
export async function tlsaFinding(server: Server, host: string): Promise<Finding> {
  const topic = `${server.label}, DANE`;
  const name = `_${server.port}._tcp.${host}`;
  const of = settingName(server.path);
  try {
    const records = await newResolver().resolveTlsa(name);
    return note(
      topic,
      `${records.length} TLSA records at ${name}; they have to be signed (DNSSEC)`,
    );
  } catch (fault) {
    if (faultOf(fault) !== 'unknown') {
      return wrong(
        topic,
        `the DNS does not say whether there is a TLSA record at ${name}`,
        "check the host's DNS server, which has to check signatures (DNSSEC); or set " +
          `${of('tls')} to verify`,
      );
    }
    return wrong(
      topic,
      `there is no TLSA record at ${name}, and ${of('tls')}=dane wants one`,
      `set ${of('tls')} to verify`,
    );
  }
}
