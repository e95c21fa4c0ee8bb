import { type Group, literal, mainCfText, type Parameter } from '../postfix/cf-syntax.ts';
import { SUBJECT_CHECKS } from '../postfix/subject-log.ts';
import { splitValue } from '../postfix/value-list.ts';
import type { Clients } from '../settings/clients.ts';
import { covers, hostRange } from '../settings/ranges.ts';
import type { Settings } from '../settings/settings.ts';
import { clientRestriction } from './accounts.ts';
import { badClients } from './bad-clients.ts';
import { captureParameters } from './capture.ts';
import { accountGroup, destination, pace, reuse } from './delivery.ts';
import { configFile, type Reference, type RenderedFile, tableReference } from './file.ts';
import { logParameters } from './log-destination.ts';
import { milterParameters } from './milters.ts';
import { markParameters, rewritesSenders, senderOptions } from './send-as.ts';
import { signingGroup } from './signing.ts';
import { loggedIn, ownSenders, submissionGroup } from './submission.ts';

/** The names of the existing tables, so that main.cf never refers to a missing one. */
export type TableNames = ReadonlySet<string>;

const HEAD = `Postfix main configuration, written by hikyaku at every start: changes here are lost.
Settings: docs/settings.md. Parameters: postconf(5).`;

/** The whole main.cf. */
export function mainCf(settings: Settings, tables: TableNames): RenderedFile {
  const reference = (name: string): string =>
    tables.has(name) ? tableReference(settings.mapType, name) : '';
  const own: readonly Group[] = [
    image(settings),
    names(settings),
    localMail(settings, reference),
    clients(settings),
    badClients(settings),
    submissionGroup(settings),
    allowed(settings, reference),
    queue(settings),
    asGiven(settings),
    destination(settings, reference),
    signingGroup(settings),
    reuse(settings),
    accountGroup(settings, reference),
    rewriting(settings, reference),
    pace(settings),
  ];
  return configFile('main.cf', mainCfText(HEAD, withOverrides(own, settings)));
}

/** A line of ours that the user's takes the place of would make every daemon warn of it. */
function withOverrides(own: readonly Group[], settings: Settings): readonly Group[] {
  const names = new Set(settings.overrides.map(({ from }) => from));
  const kept = own.map(({ comment, parameters }) => ({
    comment,
    parameters: parameters.filter(([name]) => !names.has(name)),
  }));
  const given = new Map(own.flatMap(({ parameters }) => parameters));
  return [...kept, overrides(settings, given)];
}

const image = (settings: Settings): Group => ({
  comment: 'The way this image runs: log to the container, tables found outside /etc/postfix.',
  parameters: [
    ['compatibility_level', '3.10'],
    ...logParameters(settings),
    ['meta_directory', '/usr/share/hikyaku/postfix'],
    ['biff', 'no'],
  ],
});

const names = ({ myhostname, myorigin }: Settings): Group => ({
  comment: 'How this relay calls itself, and the domain of mail from bare user names.',
  parameters: [
    ['myhostname', literal(myhostname)],
    ['myorigin', literal(myorigin)],
  ],
});

/** Mailboxes are virtual(8) ones: no account of the system stands behind them. */
const localMail = ({ local }: Settings, reference: Reference): Group => ({
  comment:
    local.domains.length === 0
      ? 'No mail stays here: this machine is the final destination of nothing.'
      : 'Mail for these domains stays here, in Maildirs.',
  parameters: [
    ['mydestination', ''],
    ['relay_domains', ''],
    ['local_transport', 'error:5.1.1 this relay has no mailbox of that name'],
    ['alias_maps', ''],
    ['alias_database', ''],
    ['notify_classes', ''],
    ['recipient_delimiter', '+'],
    ...(local.domains.length === 0 ? [] : mailboxParameters(local.domains, reference)),
  ],
});

/** The owner of the Maildirs, an account with no other use. */
const MAILBOX_OWNER = 'static:5000';

const mailboxParameters = (
  domains: readonly string[],
  reference: Reference,
): readonly Parameter[] => [
  ['virtual_mailbox_domains', domains.join(', ')],
  ['virtual_mailbox_maps', reference('mailboxes')],
  ['virtual_mailbox_base', '/var/mail'],
  ['virtual_uid_maps', MAILBOX_OWNER],
  ['virtual_gid_maps', MAILBOX_OWNER],
  ['virtual_mailbox_limit', '0'],
];

const REFUSED_CLIENTS = `check_client_access ${tableReference('cidr', 'refused_clients')}`;

const withBrackets = (range: string): string =>
  range.includes(':') ? range.replace(/^(.*)\/(\d+)$/, '[$1]/$2') : range;

/**
 * The first match in mynetworks counts, so exceptions come first ("!" in postconf(5)). Ranges of
 * the user inside an ingress network come before the exception for that network.
 */
function mynetworks({ ranges, gateways, own, ingress, excluded }: Clients): readonly string[] {
  const isInside = (range: string): boolean => ingress.some((one) => covers(one, range));
  const except = (range: string): string => `!${withBrackets(range)}`;
  return [
    ...excluded.map(except),
    ...ranges.filter(isInside).map(withBrackets),
    ...[...gateways, ...own].map((address) => except(hostRange(address))),
    ...ingress.map(except),
    ...ranges.filter((range) => !isInside(range)).map(withBrackets),
  ];
}

/**
 * No look-up of client names: no setting uses them. While DNS is unreachable (when the queue
 * matters most), each look-up would delay a client until it gives up.
 *
 * No SMTPUTF8: some programs request it for every mail if it is offered. If the provider lacks it,
 * their mail with a non-ASCII header would bounce, in a notice that the provider refuses as well.
 * Without the request the header goes out unchanged. Autodetection is off for mail from
 * sendmail(1): "verify" covers only address probes, which do not occur (the parameter must not be
 * empty).
 *
 * Senders such as cam@192.168.1.64, without brackets, exist and can be rewritten.
 */
const clients = (settings: Settings): Group => ({
  comment: 'Who may send through this relay; everybody else is refused, and told by which setting.',
  parameters: [
    ['mynetworks', mynetworks(settings.clients)],
    [
      'smtpd_relay_restrictions',
      [
        'permit_mynetworks',
        ...loggedIn(settings),
        'permit_auth_destination',
        REFUSED_CLIENTS,
        'reject_unauth_destination',
      ],
    ],
    ...(settings.local.domains.length === 0
      ? [['smtpd_data_restrictions', nobodyElse(settings)] as const]
      : []),
    ['local_header_rewrite_clients', ['permit_mynetworks', ...loggedIn(settings)].join(', ')],
    ['smtpd_peername_lookup', 'no'],
    ['disable_vrfy_command', 'yes'],
    ['smtpd_discard_ehlo_keywords', 'silent-discard, smtputf8'],
    ['smtputf8_autodetect_classes', 'verify'],
    ['resolve_numeric_domain', 'yes'],
    ['smtpd_banner', '$myhostname ESMTP'],
  ],
});

/**
 * Postfix accepts mail for a bare "postmaster" from every client, before it checks the restrictions
 * on recipients (smtpd_check_rcpt in the source; RFC 5321 section 4.5.1), and would send it on.
 * Without local mailboxes, only permitted clients may send, so all others are refused again at
 * DATA.
 */
const nobodyElse = (settings: Settings): readonly string[] => [
  'permit_mynetworks',
  ...loggedIn(settings),
  REFUSED_CLIENTS,
  'reject',
];

/** The reply for a sender or recipient that is not on the list. */
const notAllowed = (what: string, setting: string): string =>
  `static:{554 5.7.1 this relay does not send mail ${what} that address on; if it should, add it to ${setting}}`;

/**
 * The lists of allowed senders and recipients are about mail that is sent on: mail that stays here
 * is let through first. A pattern for a domain is only for that domain, not for those below it.
 */
function allowed(settings: Settings, reference: Reference): Group {
  const list = (
    parameter: string,
    check: string,
    table: string,
    refusal: string,
    first: readonly string[] = [],
    ahead: readonly string[] = [],
  ): readonly Parameter[] => {
    const allowed = reference(table);
    const listed = allowed === '' ? [] : [`${check} ${allowed}`, `${check} ${refusal}`];
    const all = [...first, ...listed];
    if (all.length === 0) return ahead.length === 0 ? [] : [[parameter, ahead]];
    return [[parameter, [...ahead, 'permit_auth_destination', ...all]]];
  };
  const senders = notAllowed('from', 'RELAY_ALLOWED_SENDERS (allowed_senders)');
  const recipients = notAllowed('to', 'RELAY_ALLOWED_RECIPIENTS (allowed_recipients)');
  const lists = [
    ...list(
      'smtpd_sender_restrictions',
      'check_sender_access',
      'allowed_senders',
      senders,
      [],
      ownSenders(settings),
    ),
    ...list(
      'smtpd_recipient_restrictions',
      'check_recipient_access',
      'allowed_recipients',
      recipients,
      clientRestriction(settings),
    ),
  ];
  return {
    comment:
      'The only senders and recipients whose mail is sent on, and clients with their own way.',
    parameters: lists.length === 0 ? [] : [...lists, ['parent_domain_matches_subdomains', '']],
  };
}

const queue = ({ messageSize, queueLifetime }: Settings): Group => ({
  comment: 'What is taken, and how long it is kept.',
  parameters: [
    ['message_size_limit', String(messageSize)],
    ['mailbox_size_limit', '0'],
    ['maximal_queue_lifetime', `${queueLifetime}s`],
    ['bounce_queue_lifetime', `${queueLifetime}s`],
  ],
});

const asGiven = ({ parameters }: Settings): Group => ({
  comment: 'The values of one setting each, as they stand.',
  parameters: parameters.map(({ from, to }): Parameter => [from, literal(to)]),
});

const rewriting = (settings: Settings, reference: Reference): Group => ({
  comment:
    'Addresses rewritten: generic when mail leaves, canonical always, virtual for recipients. Mail to the names of the relay itself does not leave.',
  parameters: [
    ...(rewritesSenders(settings)
      ? [...senderOptions(settings, settings.route.sendAs), ...markParameters(settings)]
      : [['smtp_generic_maps', reference('generic')] as const]),
    ['canonical_maps', reference('canonical')],
    ...(settings.capture === undefined
      ? [['virtual_alias_maps', reference('virtual')] as const]
      : captureParameters(settings)),
    ['virtual_alias_domains', ''],
    ...(settings.capture === undefined
      ? [['transport_maps', reference('transport')] as const]
      : []),
    ...milterParameters(settings),
    ...subjectParameters(settings),
  ],
});

/** Only if an expectation looks at the subject. */
const subjectParameters = ({ alerts }: Settings): readonly Parameter[] =>
  alerts?.expect.some(({ failed }) => failed.length > 0) ? [['header_checks', SUBJECT_CHECKS]] : [];

/** Lists to which the user may add: what works for a setting stands in front. */
const JOINED = [
  'smtp_tls_policy_maps',
  'transport_maps',
  'smtp_header_checks',
  'smtpd_milters',
  'non_smtpd_milters',
];

const overrides = (settings: Settings, own: ReadonlyMap<string, Parameter[1]>): Group => ({
  comment: 'Set by the user (POSTFIX_* or postfix:), as they stand.',
  parameters: settings.overrides.map(({ from, to }): Parameter => {
    const { local, mapType, capture } = settings;
    // Neither the user's own restrictions nor a transport table may permit what ours refuse.
    if (from === 'smtpd_data_restrictions' && local.domains.length === 0) {
      return [from, [...splitValue(to), ...nobodyElse(settings)]];
    }
    if (from === 'transport_maps' && capture === undefined && to !== '') {
      return [from, [to, tableReference(mapType, 'transport')]];
    }
    // The user's own checks come first: what they say of a subject counts.
    if (from === 'header_checks') return [from, [splitValue(to), own.get(from) ?? []].flat()];
    const ahead = JOINED.includes(from) ? (own.get(from) ?? []) : [];
    return ahead.length === 0 ? [from, to] : [from, [ahead, splitValue(to)].flat()];
  }),
});
