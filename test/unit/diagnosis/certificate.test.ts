import type { PeerCertificate } from 'node:tls';
import { expect, it } from 'vitest';
import { certificateFinding } from '../../../entrypoint/probe/certificate.ts';
import { findingLines } from '../../../entrypoint/probe/finding.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const SERVER = { host: 'mail.isp.example', mx: false, path: 'relay', caFile: undefined };

const certificate = (names: string) =>
  ({
    subject: { CN: 'mail.isp.example' },
    issuer: { CN: 'Some CA' },
    subjectaltname: names,
    valid_from: 'Jan  1 00:00:00 2026 GMT',
    valid_to: 'Dec 31 00:00:00 2026 GMT',
  }) as unknown as PeerCertificate;

const lines = (names: string, fault?: string, server: Partial<typeof SERVER> = {}) =>
  findingLines(
    certificateFinding(
      'TLS',
      { ...SERVER, ...server },
      { certificate: certificate(names), fault, protocol: 'TLSv1.3' },
      NOW,
    ),
  );

it('a good certificate is told with its names and its end', () => {
  expect(lines('DNS:mail.isp.example')).toEqual([
    'ok     TLS: TLSv1.3, certificate for mail.isp.example, valid until 2026-12-31',
  ]);
});

it.each([
  [
    'of another name',
    lines('DNS:smtp.isp.example, DNS:*.other.example'),
    'WRONG  TLS: the certificate is for smtp.isp.example, *.other.example, not for mail.isp.example',
    'RELAY_HOST',
  ],
  [
    'that has expired',
    lines('DNS:mail.isp.example', 'CERT_HAS_EXPIRED'),
    "WRONG  TLS: the certificate expired on 2026-12-31 (this machine's clock says 2026-06-01)",
    'the provider has to renew it',
  ],
  [
    'of the future',
    lines('DNS:mail.isp.example', 'CERT_NOT_YET_VALID'),
    'WRONG  TLS: the certificate is valid only from 2026-01-01 on',
    "set the host's clock",
  ],
  [
    'of an unknown CA',
    lines('DNS:mail.isp.example', 'SELF_SIGNED_CERT_IN_CHAIN'),
    'WRONG  TLS: the certificate for mail.isp.example is signed by Some CA, which is not trusted',
    'RELAY_CA_FILE',
  ],
  [
    'without the one of the CA in between',
    lines('DNS:mail.isp.example', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'),
    'WRONG  TLS: the certificate for mail.isp.example is signed by Some CA, which is not trusted',
    'the provider has to send that of the CA in between as well',
  ],
])('a certificate %s is called that, with the remedy', (_, [first, second], words, remedy) => {
  expect(first).toContain(words);
  expect(second).toContain(remedy);
});

it('with mx a host below the domain will do, as it does for Postfix', () => {
  const server = { host: 'isp.example', mx: true };
  expect(lines('DNS:mx1.isp.example', undefined, server)[0]).toMatch(/^ok/);
  expect(lines('DNS:mx1.isp.example', undefined, { ...server, mx: false })[0]).toMatch(/^WRONG/);
});
