/**
 * Clients that want TLS or a login (SASL_README, TLS_README). Logins are checked by a helper of a
 * few pages of C that Postfix's master starts for each session (helpers/login.c); it alone may read
 * the file of passwords, which holds what scrypt made of them.
 */
import {
  type Group,
  literal,
  literalPattern,
  type Option,
  type Parameter,
  patternTableText,
  type Service,
  unix,
} from '../postfix/cf-syntax.ts';
import type { Settings } from '../settings/settings.ts';
import { IMPLICIT_TLS_PORT } from '../settings/validators/plain.ts';
import { configFile, type RenderedFile, SECRET, tableReference } from './file.ts';
import { portName } from './log-destination.ts';

/** The certificate that the relay made. */
export const OWN_CERTIFICATE = '/var/lib/hikyaku/submission.pem';

/** A certificate that was given, with its key, below /etc/postfix. */
export const GIVEN_CERTIFICATE = 'submission.pem';
const LOGINS = 'logins';
const SENDERS = 'sender_logins';

/** The files that only some settings need. */
export const SUBMISSION_FILES = [GIVEN_CERTIFICATE, LOGINS, SENDERS] as const;

/** The user of the helper; only its group may read the logins. */
export const LOGIN_USER = 'hikyaku-login';

/** The helper's own file for failed logins. */
export const LOGIN_MEMORY = '/tmp/logins';

/** The service of the helper: a socket below the queue. */
const SERVICE = 'login';

/** Readable by its owner and its group. */
const OF_GROUP = 0o640;

const hex = (text: string): string =>
  [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** A sender, with any extension; or all of a domain. */
function senderPattern(sender: string): string {
  const at = sender.lastIndexOf('@');
  const [local, domain] = [sender.slice(0, at), literalPattern(sender.slice(at + 1))];
  return at === 0 ? `@${domain}$` : `^${literalPattern(local)}(\\+[^@]*)?@${domain}$`;
}

/**
 * Who owns which sender. A login without senders of its own owns them all, beside the others. They
 * are patterns, since a table that has an answer for everybody would hide the rows of domains.
 */
function ownerRows({ submission: { logins } }: Settings): readonly (readonly [string, string])[] {
  const everywhere = logins.filter(({ senders }) => senders.length === 0);
  const all = everywhere.map(({ username }) => literal(username));
  const owners = new Map<string, string[]>();
  for (const { username, senders } of logins) {
    for (const sender of senders) {
      owners.set(sender, [...(owners.get(sender) ?? []), literal(username)]);
    }
  }
  const rows = [...owners].map(
    ([sender, names]) => [senderPattern(sender), [...names, ...all].join(', ')] as const,
  );
  const isDomain = ([pattern]: readonly [string, string]): boolean => pattern.startsWith('@');
  return [
    ...rows.filter((row) => !isDomain(row)),
    ...rows.filter(isDomain),
    ...(all.length === 0 ? [] : [['.', all.join(', ')] as const]),
  ];
}

export function submissionFiles(settings: Settings): readonly RenderedFile[] {
  const { certificate, logins } = settings.submission;
  const rows = ownerRows(settings);
  const lines = logins.map(
    ({ username, password: { salt, key } }) => `${hex(username)} ${salt} ${key}\n`,
  );
  return [
    ...(certificate?.kind === 'given'
      ? [configFile(GIVEN_CERTIFICATE, certificate.pem, SECRET)]
      : []),
    ...(logins.length === 0
      ? []
      : [{ ...configFile(LOGINS, lines.join(''), OF_GROUP), group: LOGIN_USER }]),
    ...(rows.length === 0
      ? []
      : [configFile(SENDERS, patternTableText('The logins that may use a sender.', rows))]),
  ];
}

const hasLogins = ({ submission, overrides }: Settings): boolean =>
  submission.logins.length > 0 ||
  overrides.some(({ from, to }) => from === 'smtpd_sasl_auth_enable' && to === 'yes');

/** Lets in who has logged in, wherever it comes from; behind a place in mynetworks. */
export const loggedIn = (settings: Settings): readonly string[] =>
  hasLogins(settings) ? ['permit_sasl_authenticated'] : [];

/** A login sends only as its own senders; what it does without a login is another matter. */
export const ownSenders = ({ submission: { logins } }: Settings): readonly string[] =>
  logins.length === 0 ? [] : ['reject_authenticated_sender_login_mismatch'];

const tlsParameters = ({ submission: { tls, certificate } }: Settings): readonly Parameter[] => {
  if (certificate === undefined) return [];
  const chain =
    certificate.kind === 'own' ? OWN_CERTIFICATE : configFile(GIVEN_CERTIFICATE, '').path;
  return [
    ['smtpd_tls_security_level', tls === 'require' ? 'encrypt' : 'may'],
    ['smtpd_tls_chain_files', chain],
    ['smtpd_tls_protocols', '>=TLSv1.2'],
    ['smtpd_tls_mandatory_protocols', '>=TLSv1.2'],
    ['smtpd_tls_loglevel', '1'],
    ['smtpd_tls_received_header', 'yes'],
  ];
};

function loginParameters(settings: Settings): readonly Parameter[] {
  const { logins, clearNetworks } = settings.submission;
  if (logins.length === 0) return [];
  return [
    ['smtpd_sasl_auth_enable', 'yes'],
    ['smtpd_sasl_type', 'dovecot'],
    ['smtpd_sasl_path', `private/${SERVICE}`],
    ['smtpd_sasl_security_options', 'noanonymous'],
    ['smtpd_tls_auth_only', clearNetworks.length === 0 ? 'yes' : 'no'],
    // Old clients look for "AUTH=LOGIN".
    ['broken_sasl_auth_clients', 'yes'],
    ['smtpd_sender_login_maps', tableReference('pcre', SENDERS)],
  ];
}

export const submissionGroup = (settings: Settings): Group => ({
  comment: 'Clients that want TLS or a login.',
  parameters: [...tlsParameters(settings), ...loginParameters(settings)],
});

/** The options of a listener that differ from main.cf. */
export const listenerOptions = (port: number): readonly Option[] =>
  port === IMPLICIT_TLS_PORT ? [['smtpd_tls_wrappermode', 'yes']] : [];

/** The listener for machines that know TLS 1.0 or 1.1 at best: OpenSSL keeps them out by itself. */
const oldListener = (
  port: number,
  listener: (port: number) => Service,
  followed: boolean,
): Service => ({
  ...listener(port),
  options: [
    ['syslog_name', followed ? `postfix/${portName(port)}` : 'postfix/old-tls'],
    ['smtpd_tls_protocols', '>=TLSv1'],
    ['smtpd_tls_mandatory_protocols', '>=TLSv1'],
    ['smtpd_tls_ciphers', 'medium'],
    ['smtpd_tls_mandatory_ciphers', 'medium'],
    ['tls_medium_cipherlist', 'DEFAULT:@SECLEVEL=0'],
  ],
});

/** The services that clients with TLS or a login need. */
export function submissionServices(
  { submission, followed }: Settings,
  listener: (port: number) => Service,
): readonly Service[] {
  const { oldTlsPort, logins, clearNetworks } = submission;
  const words = [`${configFile(LOGINS, '').path}`, `${LOGIN_MEMORY}/failures`, ...clearNetworks];
  return [
    ...(oldTlsPort === undefined ? [] : [oldListener(oldTlsPort, listener, followed === true)]),
    ...(logins.length === 0
      ? []
      : [
          unix(SERVICE, `spawn user=${LOGIN_USER} argv=/usr/lib/hikyaku/login ${words.join(' ')}`, {
            unprivileged: false,
            processes: '0',
          }),
        ]),
  ];
}
