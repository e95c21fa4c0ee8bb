import type { Hit } from '../../postfix/running/ask-table.ts';
import type { Delivery, Server } from './delivery.ts';
import type { Explanation } from './explanation.ts';
import type { Rewritten } from './rewriting.ts';

/** The entry that decided: `generic: @home.example`. */
const entryWords = ({ table, key }: Pick<Hit, 'table' | 'key'>): string => {
  const name = /^[a-z]+:\/etc\/postfix\/([\w.-]+)$/.exec(table)?.[1] ?? table.split(':')[0];
  return `${name}: ${key}`;
};

const stepWords = (what: string, steps: readonly Rewritten[]): readonly string[] =>
  steps.map(({ from, to, by }) => `${what}: ${from} becomes ${to} (${entryWords(by)})`);

/** Our words for Postfix's levels (TLS_README). */
const TLS: Readonly<Record<string, string>> = {
  none: 'none',
  may: 'opportunistic',
  encrypt: 'encrypt',
  secure: 'verify',
  dane: 'dane',
  'dane-only': 'dane',
};

const serverWords = ({ nexthop, username, loginBy, leavingSender }: Server): string => {
  const login =
    loginBy === undefined
      ? `${nexthop} without a login`
      : `${nexthop} as ${username} (${entryWords(loginBy)})`;
  return leavingSender === undefined ? login : `${login}, the sender as ${leavingSender}`;
};

function deliveryWords(delivery: Delivery): readonly string[] {
  const { recipient } = delivery;
  switch (delivery.kind) {
    case 'kept':
      return [`mail for ${recipient} stays here: ${delivery.mailbox} (${entryWords(delivery.by)})`];
    case 'returned':
      return [`mail for ${recipient} comes back to its sender: ${delivery.why}`];
    case 'waiting':
      return [`mail for ${recipient} waits: ${delivery.why}`];
    case 'sent': {
      const { servers, direct, serviceBy, service, tls, implicitTls } = delivery;
      const chosen =
        serviceBy === undefined ? '' : `, through ${service} (${entryWords(serviceBy)})`;
      const protection = `TLS: ${TLS[tls] ?? tls}${implicitTls ? ', implicit' : ''}`;
      const where = direct
        ? `the MX hosts of ${servers[0]?.nexthop ?? ''}`
        : servers.map(serverWords).join(', or in its stead ');
      return [
        `mail for ${recipient} goes to: ${where}${chosen}, ${protection}`,
        ...stepWords('sender on leaving', delivery.leavingSender),
        ...stepWords('recipient on leaving', delivery.leavingRecipient),
      ];
    }
  }
}

/** The explanation in sentences, a line each. */
export function explanationWords(explanation: Explanation): readonly string[] {
  const { from, to, clients, intake, sender, recipient, deliveries } = explanation;
  const message = `a message from ${from === '' ? '<>' : from} to ${to}`;
  if (!intake.taken) {
    const by = intake.by === undefined ? '' : ` (${entryWords(intake.by)})`;
    return [`${message} is refused: ${intake.reply}${by}`];
  }
  const allowed = intake.by.map(entryWords);
  return [
    `${message} is taken from clients in: ${clients}`,
    ...(allowed.length === 0 ? [] : [`allowed by: ${allowed.join(', ')}`]),
    ...stepWords('sender', sender),
    ...stepWords('recipient', recipient),
    ...deliveries.flatMap(deliveryWords),
  ];
}
