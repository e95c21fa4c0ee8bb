import type { Facts } from './facts.ts';
import type { RawSettings } from './table.ts';

/** Something with an end. The relay renews access tokens; people renew the others. */
export type EndingKind =
  | 'ca-certificate'
  | 'listener-certificate'
  | 'own-certificate'
  | 'client-certificate'
  | 'assertion-certificate'
  | 'client-secret'
  | 'grant'
  | 'access-token';

/** Something that ends, and when. */
export interface Ending {
  readonly what: EndingKind;
  /** The file of a certificate; of the others, the user name that logs in. */
  readonly name: string;
  /** The path of the setting that it comes from: `relay.ca_file`. */
  readonly setting: string;
  /** In seconds since 1970. */
  readonly at: number;
}

/** The ends in the settings: certificates in files, and client secrets with a given end. */
export function endingsOf(raw: RawSettings, { certificateEnds = [] }: Facts): readonly Ending[] {
  const certificates = certificateEnds.flatMap(({ setting, file, at }): Ending[] => {
    const what = kindOf(setting);
    return what === undefined ? [] : [{ what, name: file, setting, at }];
  });
  return once([...certificates, ...clientSecrets(raw)]);
}

function kindOf(setting: string): EndingKind | undefined {
  if (setting.endsWith('.ca_file')) return 'ca-certificate';
  if (setting.endsWith('.oauth2.certificate_file')) return 'assertion-certificate';
  switch (setting) {
    case 'submission.certificate_file':
    case 'postfix.smtpd_tls_cert_file':
      return 'listener-certificate';
    case 'postfix.smtp_tls_cert_file':
      return 'client-certificate';
    default:
      return undefined;
  }
}

const clientSecrets = ({ relay, accounts }: RawSettings): readonly Ending[] =>
  [
    { path: 'relay', ...relay },
    ...relay.backups.map((backup, index) => ({ path: `relay.backups.${index}`, ...backup })),
    ...accounts.map((account, index) => ({ path: `accounts.${index}`, ...account })),
  ].flatMap(({ path, username = '', oauth2 }): Ending[] => {
    const { client_secret_expires: at } = oauth2;
    const setting = `${path}.oauth2.client_secret`;
    return at === undefined ? [] : [{ what: 'client-secret', name: username, setting, at }];
  });

/** A file that several settings name ends once. */
const once = (endings: readonly Ending[]): readonly Ending[] =>
  [
    ...new Map(endings.toReversed().map((one) => [`${one.what} ${one.name}`, one])).values(),
  ].toReversed();
