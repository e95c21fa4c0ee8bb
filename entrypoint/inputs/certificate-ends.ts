import { isPath } from '../postfix/certificate-files.ts';
import type { CertificateEnd } from '../settings/facts.ts';
import type { Given } from '../settings/naming/given.ts';
import { crypto } from './crypto.ts';
import { readNamedBytes } from './secret-files.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** A file with more is a bundle of well-known authorities, of which one or the other always ends. */
const MOST = 10;

/** Parameters of Postfix that name a certificate (postconf(5)). */
const PARAMETERS = ['smtpd_tls_cert_file', 'smtp_tls_cert_file'];

/** The ends of the certificates in the settings; other code reports unusable files. */
export function readCertificateEnds(given: Given): readonly CertificateEnd[] {
  return namedIn(given).flatMap(({ setting, file }) => {
    const at = endOf(file);
    return at === undefined ? [] : [{ setting, file, at }];
  });
}

function namedIn({ values }: Given) {
  const named = [...values].flatMap(([setting, value]) =>
    /\.(?:ca|certificate)_file$/.test(setting) && value.shape === 'one'
      ? [{ setting, file: value.text }]
      : [],
  );
  const overrides = values.get('postfix');
  const rows = overrides?.shape === 'table' ? overrides.rows : [];
  return [
    ...named,
    ...rows
      .filter(({ from, to }) => PARAMETERS.includes(from.text) && isPath(to.text))
      .map(({ from, to }) => ({ setting: `postfix.${from.text}`, file: to.text })),
  ];
}

/** The first end among the certificates of a file, in seconds since 1970. */
function endOf(file: string): number | undefined {
  const read = readNamedBytes('', file);
  if ('problem' in read) return undefined;
  const all = read.bytes.toString('latin1').match(CERTIFICATE) ?? [];
  if (all.length === 0 || all.length > MOST) return undefined;
  try {
    const ends = all.map((pem) => new (crypto().X509Certificate)(pem).validToDate.getTime());
    return Math.floor(Math.min(...ends) / 1000);
  } catch {
    return undefined;
  }
}
