import type { RelayHost, Settings } from '../settings/settings.ts';
import { nexthop } from './destination.ts';

const tlsWords = ({ tls, implicitTls }: Pick<RelayHost, 'tls' | 'implicitTls'>): string =>
  `TLS: ${tls}${implicitTls ? ', from the first byte' : ''}`;

const loginWords = ({ login }: Pick<RelayHost, 'login'>): string =>
  login === undefined ? 'without a login' : `as ${login.username} (password ***)`;

const hostWords = (host: RelayHost): string =>
  `${nexthop(host)} ${loginWords(host)}, ${tlsWords(host)}`;

/** The policy in force, a line each: who may send, where mail goes and as whom, what is rewritten. */
export function policy(settings: Settings): readonly string[] {
  const { route, accounts, generic, clients, myhostname, myorigin, listen } = settings;
  const refused = clients.gateways.length === 0 ? '' : `, but not ${clients.gateways.join(', ')}`;
  return [
    `name: ${myhostname}; mail from bare user names is from @${myorigin}`,
    `listens on: ${listen.join(', ')}`,
    `may send: ${clients.ranges.join(', ')}${refused}`,
    route.kind === 'relay'
      ? `mail goes to: ${hostWords(route)}`
      : `mail goes to: the MX hosts of each recipient, TLS: ${route.tls}`,
    ...accounts.map(
      ({ sender, relayHost }) => `mail from ${sender} goes to: ${hostWords(relayHost)}`,
    ),
    ...generic.map(({ from, to }) => `rewritten on leaving: ${from} -> ${to}`),
  ];
}
