/**
 * DKIM signatures on mail that leaves. Mail takes two steps: the service `sign` rewrites addresses
 * and hands it to a listener inside, where the signer (opendkim) adds the signature; from there it
 * goes out unchanged through `signed`. So the signature covers what arrives, and mail waits in the
 * queue while the signer is away. Sources: MILTER_README, FILTER_README ("Advanced content filter"),
 * RFC 6376, opendkim.conf(5).
 */
import { type Group, type Parameter, type Service, unix } from '../postfix/cf-syntax.ts';
import { insideHop, SIGNER, SIGNER_PORT } from '../postfix/inside-services.ts';
import type { KeyAlgorithm, Settings } from '../settings/settings.ts';
import { firstServers } from './backup-steps.ts';
import { CONFIG_DIRECTORY, configFile, type RenderedFile } from './file.ts';
import { insideCleanup, insideListener, none } from './inside.ts';
import { concurrency } from './smtp-client.ts';

/** The directory of the signer's sockets, and of the copied keys that only the signer can read. */
export const SIGNER_DIRECTORY = '/tmp/signer';

/** The socket of one signer. */
export const socketOf = (algorithm: KeyAlgorithm): string =>
  `${SIGNER_DIRECTORY}/${algorithm}.socket`;

const KEYS = 'signer_keys';

const configurationName = (algorithm: KeyAlgorithm): string => `signer_${algorithm}.conf`;
const sendersName = (algorithm: KeyAlgorithm): string => `signer_${algorithm}_senders`;

/** The configuration of the signer for one algorithm: opendkim knows one at a time. */
export const signerConfiguration = (algorithm: KeyAlgorithm): string =>
  `${CONFIG_DIRECTORY}/${configurationName(algorithm)}`;

export const ALGORITHMS: readonly KeyAlgorithm[] = ['rsa', 'ed25519'];

/** The names of the files that only signing needs. */
export const SIGNER_FILES: readonly string[] = [
  KEYS,
  ...ALGORITHMS.flatMap((algorithm) => [configurationName(algorithm), sendersName(algorithm)]),
];

/** The key of one domain and selector, as the signer reads it. */
export const keyCopy = (domain: string, selector: string): string =>
  `${SIGNER_DIRECTORY}/${selector}._domainkey.${domain}.pem`;

/** The route of signed mail: the provider, or the MX hosts of the recipient's domain. */
const onwards = ({ route }: Settings): string => `signed:${firstServers(route).join(', ')}`;

/** The services of the way through the signer; empty without signing. */
export function signingServices(settings: Settings): readonly Service[] {
  if (settings.signing === undefined) return [];
  return [
    unix('sign', 'smtp', {
      options: [
        ['syslog_name', 'postfix/sign'],
        ['smtp_tls_security_level', 'none'],
        ['smtp_tls_wrappermode', 'no'],
        ['smtp_sasl_auth_enable', 'no'],
        ['smtp_send_xforward_command', 'yes'],
        ['smtp_host_lookup', 'native'],
        ...none('smtp_fallback_relay', 'smtp_delivery_status_filter'),
        // A server without 8BITMIME would have mail converted behind the signature (RFC 6376 5.3).
        ['smtp_discard_ehlo_keywords', '8bitmime'],
      ],
    }),
    insideListener(SIGNER_PORT, SIGNER, [
      ['smtpd_tls_security_level', 'none'],
      ['content_filter', onwards(settings)],
      [
        'smtpd_milters',
        settings.signing.keys.map(({ algorithm }) => `unix:${socketOf(algorithm)}`).join(', '),
      ],
      ['milter_default_action', 'tempfail'],
      ['milter_macro_daemon_name', 'ORIGINATING'],
      ['cleanup_service_name', 'signer-cleanup'],
    ]),
    // A header that is missing is added before the signature.
    insideCleanup('signer-cleanup', SIGNER, [
      ['sender_canonical_maps', ''],
      ['always_add_missing_headers', 'yes'],
    ]),
    unix('signed', 'smtp', {
      options: [
        ['syslog_name', 'postfix/signed'],
        ...none(
          'smtp_generic_maps',
          'smtp_header_checks',
          'smtp_mime_header_checks',
          'smtp_body_checks',
        ),
      ],
    }),
  ];
}

/** The parameters of signing in main.cf. */
export const signingGroup = (settings: Settings): Group => ({
  comment: 'Mail that leaves is signed with DKIM on its way (master.cf: sign, signed).',
  parameters: settings.signing === undefined ? [] : parameters(settings),
});

const parameters = (settings: Settings): readonly Parameter[] => [
  ['default_transport', `sign:${insideHop(SIGNER_PORT)}`],
  ...(settings.route.kind === 'relay' ? concurrency('signed', settings.route) : []),
];

/**
 * These headers are signed twice each. So a second copy that is added later breaks the signature
 * (RFC 6376 sections 5.4 and 8.15, "over-signing").
 */
const OVERSIGNED = [
  'From',
  'Sender',
  'Reply-To',
  'Subject',
  'Date',
  'Message-ID',
  'To',
  'Cc',
  'MIME-Version',
  'Content-Type',
  'Content-Transfer-Encoding',
];

/** Signed where they are there (RFC 6376 section 5.4.1, RFC 8058 section 4). */
const SIGNED_TOO = [
  'In-Reply-To',
  'References',
  'List-Id',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
];

/** For each algorithm the signer's configuration and its senders; and where the keys are. */
export function signerFiles({ signing }: Settings): readonly RenderedFile[] {
  if (signing === undefined) return [];
  const { domains, keys } = signing;
  const lines = (line: (domain: string, selector: string) => string, chosen = keys): string =>
    domains
      .flatMap((domain) => chosen.map(({ selector }) => `${line(domain, selector)}\n`))
      .join('');
  return [
    configFile(KEYS, lines(keyLine)),
    ...keys.flatMap((key) => [
      configFile(configurationName(key.algorithm), configuration(key.algorithm)),
      configFile(sendersName(key.algorithm), lines(senderLine, [key])),
    ]),
  ];
}

const configuration = (algorithm: KeyAlgorithm): string =>
  `# The signer's configuration, written by hikyaku at every start; see opendkim.conf(5).
Mode                  s
Socket                local:${socketOf(algorithm)}
UserID                opendkim:postfix
UMask                 007
# They are in a directory of its own; what opendkim asks is that nobody may write to /tmp.
RequireSafeKeys       no
Syslog                no
InternalHosts         csl:0.0.0.0/0,::/0
KeyTable              file:${CONFIG_DIRECTORY}/${KEYS}
SigningTable          refile:${CONFIG_DIRECTORY}/${sendersName(algorithm)}
Canonicalization      relaxed/relaxed
SignatureAlgorithm    ${algorithm}-sha256
SignHeaders           ${[...OVERSIGNED, ...SIGNED_TOO].join(',')}
OversignHeaders       ${OVERSIGNED.join(',')}
On-Default            tempfail
`;

const keyName = (domain: string, selector: string): string => `${selector}._domainkey.${domain}`;

const keyLine = (domain: string, selector: string): string =>
  `${keyName(domain, selector)} ${domain}:${selector}:${keyCopy(domain, selector)}`;

const senderLine = (domain: string, selector: string): string =>
  `*@${domain} ${keyName(domain, selector)}`;
