import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type Finding, ok, wrong } from './finding.ts';
import { type Server, settingName } from './servers.ts';

/** What a server showed, and whether OpenSSL trusts it. */
export interface Shown {
  readonly certificate: PeerCertificate;
  /** OpenSSL's name of the fault (X509_V_ERR_…); undefined when the chain is good. */
  readonly fault: string | undefined;
  /** `TLSv1.3` */
  readonly protocol: string;
}

const day = (date: string): string => new Date(date).toISOString().slice(0, 10);

/** Every name that a certificate is for (RFC 6125: the subject's counts only without others). */
function namesIn({ subjectaltname, subject }: PeerCertificate): readonly string[] {
  const names = [...(subjectaltname ?? '').matchAll(/DNS:([^,\s"]+)/g)].map(
    ([, name = '']) => name,
  );
  return names.length > 0 ? names : [subject?.CN ?? []].flat();
}

/** With `mx: yes` a name below the domain will do too (dot-nexthop in postconf(5)). */
const isFor = (certificate: PeerCertificate, { host, mx }: Pick<Server, 'host' | 'mx'>): boolean =>
  checkServerIdentity(host, certificate) === undefined ||
  (mx && namesIn(certificate).some((name) => name.toLowerCase().endsWith(`.${host}`)));

/** Judges a certificate as Postfix does at its level "secure": who signed it, when, and for whom. */
export function certificateFinding(
  topic: string,
  server: Pick<Server, 'host' | 'mx' | 'path' | 'caFile'>,
  { certificate, fault, protocol }: Shown,
  now: Date,
): Finding {
  const of = settingName(server.path);
  const names = namesIn(certificate).join(', ');
  const until = day(certificate.valid_to);
  switch (fault) {
    case undefined:
      break;
    case 'CERT_HAS_EXPIRED':
      return wrong(
        topic,
        `the certificate expired on ${until} (this machine's clock says ${day(now.toISOString())})`,
        `if the clock is right, the provider has to renew it; until then ${of('tls')}=encrypt ` +
          'encrypts without looking at it',
      );
    case 'CERT_NOT_YET_VALID':
      return wrong(
        topic,
        `the certificate is valid only from ${day(certificate.valid_from)} on, and this machine's ` +
          `clock says ${day(now.toISOString())}`,
        "set the host's clock",
      );
    default:
      return wrong(
        topic,
        `the certificate for ${names} is signed by ${signer(certificate)}, which is not trusted ` +
          `here (${fault})`,
        fault === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
          ? `the server sends its own certificate alone: the provider has to send that of the CA in ` +
              `between as well; until then give it as ${of('ca_file')}` +
              (server.caFile === undefined ? '' : ', beside what is there')
          : server.caFile === undefined
            ? `if that is the provider's own CA, give its certificate as ${of('ca_file')}; if not, ` +
              'somebody stands between: do not send a password'
            : `${of('ca_file')} holds another CA: give the one that signed this certificate`,
      );
  }
  if (!isFor(certificate, server)) {
    // One with a wildcard is no server's.
    const whole = namesIn(certificate)
      .filter((name) => !name.startsWith('*'))
      .join(', ');
    return wrong(
      topic,
      `the certificate is for ${names}, not for ${server.host}`,
      `set ${of('host')} to the name that the provider gives for its server` +
        (whole === '' ? '' : `, such as ${whole}`),
    );
  }
  return ok(topic, `${protocol}, certificate for ${names}, valid until ${until}`);
}

const signer = ({ issuer }: PeerCertificate): string =>
  [issuer?.CN ?? issuer?.O ?? 'somebody unnamed'].flat().join(', ');
