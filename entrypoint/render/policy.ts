import type { Clients } from '../settings/clients.ts';
import { MASK, shownName } from '../settings/hiding/mask.ts';
import type { Account, Login, RelayHost, Settings } from '../settings/settings.ts';
import type { Submission } from '../settings/submission.ts';
import { nexthop } from './destination.ts';

const tlsWords = ({ tls, implicitTls }: Pick<RelayHost, 'tls' | 'implicitTls'>): string =>
  `TLS: ${tls}${implicitTls ? ', implicit' : ''}`;

const loginWords = ({ login }: Pick<RelayHost, 'login'>): string =>
  login === undefined ? 'without a login' : `as ${shownName(login)} (${secretWords(login)})`;

const secretWords = ({ oauth2 }: Login): string => {
  if (oauth2 === undefined) return `password ${MASK}`;
  const isByLogin = oauth2.grant.kind === 'user' && oauth2.grant.refreshToken === undefined;
  return `OAuth 2 token ${MASK}${isByLogin ? ', by "hikyaku login"' : ''}`;
};

const sendAsWords = ({ sendAs }: Pick<RelayHost, 'sendAs'>): string =>
  sendAs === undefined ? '' : `, every sender as ${sendAs}`;

const hostWords = (host: RelayHost): string =>
  `${nexthop(host)} ${loginWords(host)}, ${tlsWords(host)}${sendAsWords(host)}`;

const routeWords = ({ route }: Settings): readonly string[] =>
  route.kind === 'direct'
    ? [`mail goes to: the MX hosts of each recipient, TLS: ${route.tls}${sendAsWords(route)}`]
    : [
        `mail goes to: ${hostWords(route)}`,
        ...route.backups.map(
          (backup) => `backup: ${nexthop(backup)} ${loginWords(backup)}${sendAsWords(backup)}`,
        ),
      ];

const MAIL_BY: Readonly<Record<Account['by'], string>> = {
  sender: 'mail from',
  recipient: 'mail to',
  client: 'mail handed in by',
};

const accountWords = ({ accounts, database }: Settings): readonly string[] => [
  ...accounts.map(
    ({ by, match, relayHost }) => `${MAIL_BY[by]} ${match} goes to: ${hostWords(relayHost)}`,
  ),
  ...(database === undefined
    ? []
    : [`accounts per sender: from the ${database.driver} database ${database.name}`]),
];

const SUBMISSION_TLS: Readonly<Record<Submission['tls'], string>> = {
  none: '',
  offer: 'clients may use TLS',
  require: 'clients must use TLS',
};

/** The permissions of clients beside `networks`. */
const submissionWords = ({ submission }: Settings): readonly string[] => {
  const { tls, certificate, logins, clearNetworks, oldTlsPort } = submission;
  const own = certificate?.kind === 'own' ? ", with the relay's own certificate" : '';
  return [
    ...(tls === 'none' ? [] : [`${SUBMISSION_TLS[tls]}${own}`]),
    ...logins.map(({ username, senders }) => {
      const only = senders.length === 0 ? '' : `, only as ${senders.join(', ')}`;
      return `may log in and send from anywhere: ${username}${only}`;
    }),
    ...(clearNetworks.length === 0 ? [] : [`may log in without TLS: ${clearNetworks.join(', ')}`]),
    ...(oldTlsPort === undefined ? [] : [`port for TLS 1.0 and 1.1: ${oldTlsPort}`]),
  ];
};

const captureWords = ({ capture }: Settings): readonly string[] =>
  capture === undefined ? [] : [`all mail goes to ${capture} instead of its recipients (capture)`];

/** A foreign domain judges directly forwarded mail by its sender's domain. */
const forwardWords = ({ route, local }: Settings, to: readonly string[]): string => {
  const isHere = (address: string): boolean =>
    !address.includes('@') || local.domains.some((domain) => address.endsWith(`@${domain}`));
  return route.kind === 'relay' || route.sendAs !== undefined || to.every(isHere)
    ? ''
    : ', under its sender (no SRS)';
};

const rewritingWords = (settings: Settings): readonly string[] => [
  ...settings.generic.map(({ from, to }) => `rewritten in outgoing mail: ${from} -> ${to}`),
  ...settings.canonical.map(({ from, to }) => `rewritten in all mail: ${from} -> ${to}`),
  ...settings.virtual.map(
    ({ from, to }) => `mail to ${from} goes to: ${to.join(', ')}${forwardWords(settings, to)}`,
  ),
];

const onlyWords = (what: string, allowed: readonly string[]): readonly string[] =>
  allowed.length === 0 ? [] : [`only ${what}: ${allowed.join(', ')}`];

const rateWords = ({ rate: { total, client } }: Settings): readonly string[] => [
  ...(total === undefined
    ? []
    : [`maximum outgoing rate: ${total.messages} in ${total.seconds} s, excess waits`]),
  ...(client === undefined
    ? []
    : [`maximum rate per client: ${client.messages} in ${client.seconds} s`]),
];

const signingWords = ({ signing, accounts, database }: Settings): readonly string[] =>
  signing === undefined
    ? []
    : [
        `signed with DKIM: outgoing mail from ${signing.domains.join(', ')}, ` +
          `selector ${signing.keys.map(({ selector }) => selector).join(' and ')}` +
          (accounts.length === 0 && database === undefined ? '' : '; not mail of accounts'),
      ];

const recordWords = ({ log, history, alerts, watch }: Settings): readonly string[] => {
  const form = log.format === 'json' ? ['the log is JSON'] : [];
  const names = log.anonymize ? ['the log shows no names of people'] : [];
  const kept = history === undefined ? [] : [`history is kept for ${history / 86400} d`];
  const told =
    alerts === undefined
      ? []
      : [`alerts go to ${alerts.to.length} addresses when mail waits for ${alerts.after} s`];
  const watched = watch ? ['changed settings files are applied automatically'] : [];
  return [...form, ...names, ...kept, ...told, ...watched];
};

const pageWords = ({ page }: Settings): readonly string[] => {
  if (page === undefined) return [];
  return [
    page.password === undefined
      ? `page and metrics on port ${page.listen}: only for the clients that may send (no password), read-only`
      : `page and metrics on port ${page.listen}: for ${page.username} (password ${MASK})`,
  ];
};

const localWords = ({ local: { domains, mailboxes } }: Settings): readonly string[] =>
  domains.length === 0
    ? []
    : [`stays here: mail for ${mailboxes.join(', ')} at ${domains.join(', ')}`];

/** The clients that may send, and the exceptions. */
export function clientWords({ ranges, gateways, own, ingress, excluded }: Clients): string {
  const refused = [
    ...excluded,
    ...gateways,
    ...own.map((address) => `${address} (its own address)`),
    ...ingress,
  ];
  return `${ranges.join(', ')}${refused.length === 0 ? '' : `, but not ${refused.join(', ')}`}`;
}

/** The policy in force, a line each: who may send, where mail goes and as whom, what is rewritten. */
export function policy(settings: Settings): readonly string[] {
  const { clients, myhostname, myorigin, listen, allowedSenders, allowedRecipients } = settings;
  return [
    `name: ${myhostname}; mail from bare user names is from @${myorigin}`,
    `listens on: ${listen.join(', ')}`,
    `may send: ${clientWords(clients)}`,
    ...onlyWords('from', allowedSenders),
    ...onlyWords('to', allowedRecipients),
    ...rateWords(settings),
    ...submissionWords(settings),
    ...captureWords(settings),
    ...routeWords(settings),
    ...accountWords(settings),
    ...localWords(settings),
    ...rewritingWords(settings),
    ...signingWords(settings),
    ...recordWords(settings),
    ...pageWords(settings),
  ];
}
