import about from '../../package.json' with { type: 'json' };
import type { PageSettings } from '../../render/page-file.ts';
import type { Ending, EndingKind } from '../../settings/ending.ts';
import { type Count, DELAY_BUCKETS } from '../recorder/counting.ts';
import { exposition, type Family } from './exposition.ts';
import type { QueueCount } from './sources.ts';

/** The input of the metrics. */
export interface Seen {
  readonly isRunning: boolean;
  /** By the queue's name; undefined when Postfix does not list it. */
  readonly queues: ReadonlyMap<string, QueueCount> | undefined;
  /** Undefined without a history. */
  readonly counters: readonly Count[] | undefined;
  readonly endings: readonly Ending[];
  /** The disk of the queue, in bytes. */
  readonly disk: { readonly size: number; readonly free: number };
  /** A hash of what was rendered from the settings, secrets left out. */
  readonly configuration: string;
  /** In seconds since 1970. */
  readonly now: number;
}

const QUEUES = ['maildrop', 'incoming', 'active', 'deferred', 'hold'];
const STATUSES = ['sent', 'deferred', 'bounced', 'expired'];

/** The text of /metrics; docs/metrics.md lists what stands in it. */
export const metrics = (seen: Seen, settings: Pick<PageSettings, 'services'>): string =>
  exposition([...stateFamilies(seen), ...queueFamilies(seen), ...counterFamilies(seen, settings)]);

const gauge = (name: string, help: string, samples: readonly Omit<Count, 'name'>[]): Family => ({
  name,
  help,
  type: 'gauge',
  samples: samples.map((sample) => ({ name, ...sample })),
});

const stateFamilies = ({ isRunning, endings, disk, configuration }: Seen): readonly Family[] => [
  gauge('hikyaku_build_info', 'The version, and a hash of the configuration in force.', [
    { labels: { version: about.version, configuration }, value: 1 },
  ]),
  gauge('hikyaku_postfix_up', 'Whether Postfix runs.', [{ labels: {}, value: isRunning ? 1 : 0 }]),
  gauge('hikyaku_queue_disk_size_bytes', 'The size of the disk of the queue.', [
    { labels: {}, value: disk.size },
  ]),
  gauge('hikyaku_queue_disk_free_bytes', 'What is free there for Postfix.', [
    { labels: {}, value: disk.free },
  ]),
  gauge(
    'hikyaku_certificate_expiry_timestamp_seconds',
    'When the first certificate of a file ends.',
    expiries(endings, CERTIFICATES, ({ what, name }) => ({
      file: name,
      use: CERTIFICATES[what] ?? '',
    })),
  ),
  gauge(
    'hikyaku_oauth2_expiry_timestamp_seconds',
    'When a secret, grant or access token of OAuth 2 ends; 0 where there is no access token.',
    expiries(endings, OF_OAUTH2, ({ what, name }) => ({
      login: name,
      part: OF_OAUTH2[what] ?? '',
    })),
  ),
];

type Parts = { readonly [W in EndingKind]?: string };

const CERTIFICATES: Parts = {
  'ca-certificate': 'ca',
  'listener-certificate': 'clients',
  'own-certificate': 'clients',
  'client-certificate': 'servers',
  'assertion-certificate': 'oauth2',
};

const OF_OAUTH2: Parts = {
  'client-secret': 'client-secret',
  grant: 'grant',
  'access-token': 'access-token',
};

/** The earliest end for equal labels, such as two grants of one user. */
function expiries(
  endings: readonly Ending[],
  parts: Parts,
  labelsOf: (ending: Ending) => Count['labels'],
): readonly Omit<Count, 'name'>[] {
  const samples = new Map<string, Omit<Count, 'name'>>();
  for (const one of endings.filter(({ what }) => what in parts).toSorted((a, b) => b.at - a.at)) {
    const labels = labelsOf(one);
    samples.set(JSON.stringify(labels), { labels, value: one.at });
  }
  return [...samples.values()];
}

function queueFamilies({ queues, now }: Seen): readonly Family[] {
  if (queues === undefined) return [];
  const perQueue = (read: (count: QueueCount | undefined) => number) =>
    QUEUES.map((queue) => ({ labels: { queue }, value: read(queues.get(queue)) }));
  return [
    gauge(
      'hikyaku_queue_messages',
      'Messages in a queue of Postfix.',
      perQueue((count) => count?.count ?? 0),
    ),
    gauge(
      'hikyaku_queue_oldest_age_seconds',
      'How long the oldest message of a queue has been there; 0 when it is empty.',
      perQueue((count) => (count === undefined ? 0 : Math.max(0, Math.round(now - count.since)))),
    ),
  ];
}

function counterFamilies(
  { counters }: Seen,
  { services }: Pick<PageSettings, 'services'>,
): readonly Family[] {
  if (counters === undefined) return [];
  const counter = (name: string, help: string, start: readonly Count[] = []): Family => ({
    name,
    help,
    type: 'counter',
    samples: together([...start, ...counters.filter((one) => one.name === name)]),
  });
  const deliveries = counter(
    'hikyaku_deliveries_total',
    'Attempts to deliver a message to a recipient, by what became of them.',
    // Present from the start, so that Prometheus sees the first bounce as an increase.
    ['default', ...services.map(({ name }) => name)].flatMap((account) =>
      STATUSES.map((status) => ({
        name: 'hikyaku_deliveries_total',
        labels: { account, status },
        value: 0,
      })),
    ),
  );
  const names = new Map(services.map(({ name, chosenBy }) => [name, chosenBy]));
  const named = (family: Family): Family => ({
    ...family,
    samples: family.samples.map((one) => {
      const { account = '' } = one.labels;
      return { ...one, labels: { ...one.labels, account: names.get(account) ?? account } };
    }),
  });
  return [
    counter('hikyaku_messages_received_total', 'Messages that were taken in.'),
    counter('hikyaku_client_logins_total', 'Logins of clients.'),
    named(deliveries),
    named(
      counter(
        'hikyaku_delivery_failures_total',
        'Attempts that delivered nothing, by the kind of trouble.',
      ),
    ),
    delayFamily(counters),
    counter('hikyaku_refusals_total', 'Mail and clients that were refused, by kind of trouble.'),
    counter('hikyaku_tls_connections_total', 'Connections with TLS, by protocol.'),
  ];
}

/** Equal ones added up. */
function together(counts: readonly Count[]): readonly Count[] {
  const all = new Map<string, Count>();
  for (const one of counts) {
    const key = JSON.stringify(Object.entries(one.labels).sort());
    all.set(key, { ...one, value: one.value + (all.get(key)?.value ?? 0) });
  }
  return [...all.values()];
}

const DELAY = 'hikyaku_delivery_delay_seconds';

/** Buckets are kept apart, and shown as Prometheus wants them: each holds the smaller ones. */
function delayFamily(counters: readonly Count[]): Family {
  const buckets = new Map(
    counters
      .filter(({ name }) => name === `${DELAY}_bucket`)
      .map(({ labels, value }) => [labels['le'], value]),
  );
  let total = 0;
  const samples = [...DELAY_BUCKETS.map(String), '+Inf'].map((le) => {
    total += buckets.get(le) ?? 0;
    return { name: `${DELAY}_bucket`, labels: { le }, value: total };
  });
  const sum = counters.find(({ name }) => name === `${DELAY}_sum`)?.value ?? 0;
  return {
    name: DELAY,
    help: 'How long a message took from coming in to its delivery.',
    type: 'histogram',
    samples: [
      ...samples,
      { name: `${DELAY}_sum`, labels: {}, value: sum },
      { name: `${DELAY}_count`, labels: {}, value: total },
    ],
  };
}
