import { expect, it } from 'vitest';
import { metrics, type Seen } from '../../../../../entrypoint/companion/page/metrics.ts';
import { countsIn } from '../../../../../entrypoint/companion/recorder/counting.ts';
import type { LogEvent } from '../../../../../entrypoint/log/event.ts';
import { LogReader } from '../../../../../entrypoint/log/reader.ts';

const SEEN: Seen = {
  isRunning: true,
  queues: new Map([['deferred', { count: 2, since: 900 }]]),
  counters: undefined,
  endings: [
    {
      what: 'ca-certificate',
      name: '/certs/"a"\\\n.pem',
      setting: 'relay.ca_file',
      at: 1_800_000_000,
    },
    { what: 'access-token', name: 'me', setting: 'relay.oauth2', at: 0 },
    { what: 'access-token', name: 'me', setting: 'relay.oauth2', at: 9 },
  ],
  disk: { size: 100, free: 40 },
  configuration: 'abc',
  now: 1_000.4,
};

const SETTINGS = { services: [{ name: 'account-me-1', chosenBy: 'me@example.com' }] };

const line = (program: string, text: string): string =>
  `Nov 28 11:00:00 linux postfix/${program}[1]: ${text}`;

const attempt = (program: string, delay: string, status: string): string =>
  line(
    program,
    `AAAAAA1: to=<you@example.net>, relay=mx.example.net[192.0.2.9]:25, delay=${delay}, ` +
      `delays=0/0/0/0, dsn=2.0.0, status=${status} (said)`,
  );

const LINES = [
  line('smtpd', 'AAAAAA1: client=unknown[192.0.2.7]'),
  line('smtpd', 'AAAAAA2: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=me'),
  line(
    'smtp',
    'Verified TLS connection established to mx.example.net[192.0.2.9]:25: TLSv1.3 with cipher X',
  ),
  line(
    'smtpd',
    'Anonymous TLS connection established from unknown[192.0.2.7]: TLSv1.2 with cipher X',
  ),
  // What a server says is no word of Postfix's.
  line('smtp', 'AAAAAA1: said: x TLS connection established to y: TLSv1.1 with cipher z'),
  line('smtpd', 'disconnect from unknown[192.0.2.7] ehlo=2 starttls=1 auth=1 mail=1 commands=5'),
  line('submission/smtpd', 'disconnect from unknown[192.0.2.7] ehlo=1 auth=1/4 commands=2/5'),
  line('smtpd', 'disconnect from unknown[192.0.2.7] ehlo=1 commands=1'),
  attempt('smtp', '0.5', 'sent'),
  attempt('smtp', '12', 'sent'),
  attempt('account-me-1/smtp', '1', 'bounced'),
];

function counted(): NonNullable<Seen['counters']> {
  const events: LogEvent[] = [];
  const reader = new LogReader(
    () => ({ hear: (event: LogEvent) => void events.push(event) }),
    () => new Date('2026-11-28T12:00:00'),
  );
  for (const one of LINES) reader.push(one);
  return countsIn(LINES, events);
}

it('shows the queues without a history, and nothing that would need one', () => {
  const text = metrics(SEEN, SETTINGS);
  expect(text).toContain('hikyaku_queue_messages{queue="deferred"} 2\n');
  expect(text).toContain('hikyaku_queue_oldest_age_seconds{queue="deferred"} 100\n');
  expect(text).toContain('hikyaku_queue_oldest_age_seconds{queue="hold"} 0\n');
  expect(text).toContain('hikyaku_queue_disk_free_bytes 40\n');
  expect(text).toContain('file="/certs/\\"a\\"\\\\\\n.pem",use="ca"} 1800000000\n');
  const token = 'hikyaku_oauth2_expiry_timestamp_seconds{login="me",part="access-token"}';
  expect(text.split('\n').filter((line) => line.startsWith(token))).toEqual([`${token} 0`]);
  expect(text).not.toContain('_total');
});

it('leaves the queues out when Postfix does not list them', () => {
  expect(metrics({ ...SEEN, queues: undefined }, SETTINGS)).not.toContain('hikyaku_queue_messages');
});

it.each([
  'hikyaku_messages_received_total{origin="client",login="no"} 1',
  'hikyaku_messages_received_total{origin="client",login="yes"} 1',
  'hikyaku_deliveries_total{account="default",status="sent"} 2',
  'hikyaku_deliveries_total{account="default",status="bounced"} 0',
  'hikyaku_deliveries_total{account="me@example.com",status="bounced"} 1',
  'hikyaku_delivery_failures_total{account="me@example.com",status="bounced",trouble="unknown"} 1',
  'hikyaku_client_logins_total{result="accepted"} 2',
  'hikyaku_client_logins_total{result="refused"} 3',
  'hikyaku_tls_connections_total{direction="out",protocol="TLSv1.3"} 1',
  'hikyaku_tls_connections_total{direction="in",protocol="TLSv1.2"} 1',
  'hikyaku_delivery_delay_seconds_bucket{le="1"} 1',
  'hikyaku_delivery_delay_seconds_bucket{le="5"} 1',
  'hikyaku_delivery_delay_seconds_bucket{le="15"} 2',
  'hikyaku_delivery_delay_seconds_bucket{le="+Inf"} 2',
  'hikyaku_delivery_delay_seconds_sum 12.5',
  'hikyaku_delivery_delay_seconds_count 2',
])('counts what the log tells: %s', (sample) => {
  expect(metrics({ ...SEEN, counters: counted() }, SETTINGS).split('\n')).toContain(sample);
});

it('takes no word of Postfix from a text that others wrote', () => {
  expect(metrics({ ...SEEN, counters: counted() }, SETTINGS)).not.toContain('TLSv1.1');
});
