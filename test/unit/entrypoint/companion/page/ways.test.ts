import { expect, it } from 'vitest';
import { findingsIn } from '../../../../../entrypoint/companion/page/checks.ts';
import { Ways } from '../../../../../entrypoint/companion/page/ways.ts';
import type { Attempt } from '../../../../../entrypoint/log/event.ts';
import type { QueuedMessage } from '../../../../../entrypoint/postfix/queue-entry.ts';
import type { PageSettings } from '../../../../../entrypoint/render/page-file.ts';
import type { RelayHost } from '../../../../../entrypoint/settings/settings.ts';

const host = (name: string): RelayHost => ({
  host: name,
  port: 587,
  mx: false,
  tls: 'verify',
  implicitTls: false,
  login: undefined,
  mechanisms: [],
  caFile: undefined,
  connections: 20,
  sendAs: undefined,
});

const BACKUP = {
  host: 'backup.example',
  port: 587,
  mx: false,
  login: undefined,
  sendAs: undefined,
};

const ROUTES: Pick<PageSettings, 'route' | 'accounts' | 'services'> = {
  route: { kind: 'relay', ...host('isp.example'), backups: [BACKUP] },
  accounts: [
    { by: 'sender', match: 'shop@example.com', relayHost: host('shop.example') },
    { by: 'recipient', match: '@friend.example', relayHost: host('friends.example') },
  ],
  services: [],
};

const attempt = (more: Partial<Attempt>): Attempt => ({
  kind: 'attempt',
  time: new Date(0),
  id: '4F',
  to: 'you@elsewhere.example',
  origTo: undefined,
  relay: 'isp.example[192.0.2.1]:587',
  service: 'smtp',
  delay: 1,
  delays: undefined,
  dsn: undefined,
  status: 'sent',
  handedTo: undefined,
  reason: '250 ok',
  trouble: undefined,
  ...more,
});

const queued = (id: string, sender: string, to: string): QueuedMessage => ({
  id,
  queue: 'deferred',
  arrival: 0,
  size: 1,
  sender,
  recipients: [{ address: to, reason: undefined }],
});

it('tells for each way out what went by it last, and what waits', () => {
  const ways = new Ways(ROUTES);
  ways.hear(attempt({}));
  ways.hear(attempt({ id: '4G', relay: 'backup.example[192.0.2.2]:587', status: 'deferred' }));
  // To the signer inside: no delivery.
  ways.hear(attempt({ to: 'signer@example.com', handedTo: '4H' }));
  const report = ways.report([
    queued('1', 'nas@example.com', 'you@elsewhere.example'),
    queued('2', 'shop@example.com', 'you@elsewhere.example'),
    queued('3', 'Shop@example.com', 'you@Friend.example'),
    queued('4G', 'nas@example.com', 'you@elsewhere.example'),
  ]);
  const [relay, backup, shop, friends] = report;
  expect(report.map(({ server, waiting }) => [server.path, waiting])).toEqual([
    ['relay', 1],
    ['relay.backups.0', 1],
    ['accounts.0', 1],
    ['accounts.1', 1],
  ]);
  expect(relay?.lastDelivery?.to).toBe('you@elsewhere.example');
  expect(relay?.lastTrouble).toBeUndefined();
  expect(backup?.lastTrouble?.reason).toBe('250 ok');
  expect([shop, friends].map((way) => way?.lastDelivery)).toEqual([undefined, undefined]);
});

it('knows the way of mail without a relay host', () => {
  const route = {
    kind: 'direct',
    tls: 'opportunistic',
    caFile: undefined,
    sendAs: undefined,
  } as const;
  const ways = new Ways({ route, accounts: [], services: [] });
  ways.hear(attempt({ relay: 'mx.friend.example[192.0.2.1]:25' }));
  const [way] = ways.report([queued('1', '', 'you@friend.example')]);
  expect(way).toMatchObject({ isDirect: true, waiting: 1 });
  expect(way?.lastDelivery?.relay).toBe('mx.friend.example[192.0.2.1]:25');
});

it.each(['', '{}', '[]', 'null', '{"findings": 1}', '{"findings": [null]}'])(
  'takes "%s" for no report of doctor',
  (report) => {
    expect(findingsIn(report)).toBeUndefined();
  },
);

it('takes of what doctor found what the page shows', () => {
  const found = { state: 'wrong', subject: 'queue', words: 'it is full', remedy: 'empty it' };
  const report = { ok: false, findings: [{ ...found, kind: 'x', trouble: { kind: 'x' } }] };
  expect(findingsIn(JSON.stringify(report))).toEqual([found]);
});
