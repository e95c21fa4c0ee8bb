import { words } from '../../settings/naming/sentence.ts';
import type { About, Advice, Table } from '../entry.ts';
import type { CertificateTrouble, EncryptionTrouble, TlsaTrouble } from '../trouble.ts';
import { again } from './again.ts';

const portWords = (port: number | undefined): string =>
  port === undefined ? '' : ` on port ${port}`;

const detailWords = (detail: string | undefined): string =>
  detail === undefined ? '' : ` (${detail})`;

/** Reasons why a connection is not encrypted, or a certificate not trusted. */
export const ENCRYPTION: Table<EncryptionTrouble['kind']> = {
  'tls-wanted': (_, { setting }) => ({
    cause: words`the server wants the connection to be encrypted`,
    remedy: words`set ${setting('tls')} to verify or encrypt`,
  }),
  'tls-later': (trouble, about) => ({
    cause: words`the server does not begin with encryption at the moment (a temporary answer)`,
    remedy: words`${again(trouble, about)}; if it lasts, ask the provider`,
  }),
  'no-tls': ({ port, level }, { setting }) => ({
    cause:
      level === undefined
        ? words`the server offers no encryption here (STARTTLS), or something on the way removes it`
        : words`the server offers no encryption${portWords(port)} (STARTTLS), and ${setting('tls', level)} requires it`,
    remedy: words`use the provider's port for it, 587 or 465 (${setting('port')}); only if the server really has no TLS and no password is sent, set ${setting('tls')} to opportunistic`,
  }),
  'starttls-refused': (_, { setting }) => ({
    cause: words`the server offers STARTTLS and then refuses it`,
    remedy: words`try again in a while; if it lasts, ask the provider, or try port 465 (${setting('port')})`,
  }),
  'tls-handshake': ({ port, detail }, { setting }) => ({
    cause: words`the server offers TLS${portWords(port)}, but no encrypted connection came about${detailWords(detail)}`,
    remedy: words`with port 465 TLS starts at once, with 587 after STARTTLS: check ${setting('port')}; a firewall or virus scanner on the way may not let STARTTLS through; a server that knows nothing newer than TLS 1.1 has to be renewed`,
  }),
  'tls-too-old': ({ detail }, { setting }) => ({
    cause: words`the server supports no safe version of TLS (1.2 or later)${detailWords(detail)}`,
    remedy: words`ask the provider for a newer server (${setting('host')})`,
  }),
  'tls-not-first': ({ port, detail }, { setting }) => ({
    cause: words`the server does not begin with TLS${portWords(port)}${detailWords(detail)}`,
    remedy: words`use 587, where TLS begins after STARTTLS (${setting('port')}), or the provider's other port`,
  }),
  'tls-setup': (_, { setting }) => ({
    cause: words`Postfix's own encryption does not start`,
    remedy: words`check ${setting('ca_file')}, a readable file of certificates in PEM form; "hikyaku doctor" says whether Postfix can write to its data directory (/var/lib/postfix)`,
  }),
  tlsa: tlsaAdvice,
  certificate: certificateAdvice,
};

/** Why Postfix does not go by the fingerprint of a certificate in the DNS (RFC 7672). */
function tlsaAdvice({ name, fault }: TlsaTrouble, { setting }: About): Advice {
  const at = name === undefined ? '' : ` at ${name}`;
  const verify = words`set ${setting('tls')} to verify, or use a DNS server that checks DNSSEC`;
  if (fault === undefined) {
    return {
      cause: words`the server has no signed fingerprint of its certificate in the DNS (DANE)`,
      remedy: verify,
    };
  }
  switch (fault) {
    case 'none':
      return {
        cause: words`there is no TLSA record${at}, and ${setting('tls', 'dane')} requires one; no login was sent`,
        remedy: words`set ${setting('tls')} to verify`,
      };
    case 'no-answer':
      return {
        cause: words`the DNS does not say whether there is a TLSA record${at}; no login was sent`,
        remedy: verify,
      };
    case 'unsigned':
      return {
        cause: words`the TLSA record${at}, or the way to it, is not signed (DNSSEC), or the DNS server does not check signatures; no login was sent`,
        remedy: verify,
      };
    case 'unusable':
      return {
        cause: words`the TLSA records${at} are of kinds that do not count for mail (only DANE-TA(2) and DANE-EE(3) do); no login was sent`,
        remedy: words`set ${setting('tls')} to verify, or have the provider mend its record`,
      };
    case 'other-certificate':
      return {
        cause: words`the certificate of the server is not the one in the TLSA record${at}; no login was sent`,
        remedy: words`the provider has to mend its record or its certificate; if it says that both are right, somebody stands between`,
      };
  }
}

function certificateAdvice(trouble: CertificateTrouble, { setting }: About): Advice {
  const { fault, names = [], host, signer, date, today, detail, ownCa } = trouble;
  const shown = names.join(', ') || 'somebody unnamed';
  if (fault === undefined) {
    return {
      cause: words`the server's certificate is not good: expired, of another name, or from an unknown CA`,
      remedy: words`see with "hikyaku doctor" which; give the name that is in it as ${setting('host')}, or its CA as ${setting('ca_file')}`,
    };
  }
  switch (fault) {
    case 'expired':
      return {
        cause: words`the certificate expired on ${date ?? '?'} (this machine's clock says ${today ?? '?'})`,
        remedy: words`if the clock is right, the provider has to renew it; until then ${setting('tls', 'encrypt')} encrypts without checking it`,
      };
    case 'not-yet-valid':
      return {
        cause: words`the certificate is valid only from ${date ?? '?'} on, and this machine's clock says ${today ?? '?'}`,
        remedy: words`set the host's clock`,
      };
    case 'weak':
      return {
        cause: words`the certificate for ${shown} uses a signature or a key that is too weak today${detailWords(detail)}`,
        remedy: words`the provider has to renew it (SHA-256, RSA from 2048 bits); until then ${setting('tls', 'encrypt')} encrypts without checking it, and ${setting('host')} may have a newer name`,
      };
    case 'incomplete':
      return {
        cause: words`the certificate for ${shown} is signed by ${signer ?? 'an unknown CA'}, whose own certificate the server does not send${detailWords(detail)}`,
        remedy: words`the provider has to send that of the CA in between as well; until then give it as ${setting('ca_file')}${ownCa === true ? ', beside what is there' : ''}`,
      };
    case 'untrusted':
      return {
        cause: words`the certificate for ${shown} is signed by ${signer ?? 'an unknown CA'}, which is not trusted here${detailWords(detail)}`,
        remedy:
          ownCa === true
            ? words`${setting('ca_file')} holds another CA: give the one that signed this certificate`
            : words`if that is the provider's own CA, give its certificate as ${setting('ca_file')}; if not, somebody stands between: do not send a password`,
      };
    case 'name': {
      // One with a wildcard is no server's name.
      const whole = names.filter((name) => !name.startsWith('*')).join(', ');
      return {
        cause: words`the certificate is for ${shown}, not for ${host ?? 'this server'}`,
        remedy: words`set ${setting('host')} to the name that the provider gives for its server${whole === '' ? '' : `, such as ${whole}`}`,
      };
    }
  }
}
