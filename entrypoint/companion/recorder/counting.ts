/** The increments of the counters for /metrics: Prometheus names and labels with bounded values. */
import type { Attempt, LogEvent } from '../../log/event.ts';
import { SIGN, SIGNED } from '../../postfix/inside-services.ts';

/** A sample, or what one grows by. */
export interface Count {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The upper ends of the delay histogram, in seconds; one more is infinite. */
export const DELAY_BUCKETS: readonly number[] = [1, 5, 15, 60, 300, 1_800, 7_200, 86_400];

/** The increments of a batch of lines and their events, with equal ones combined. */
export function countsIn(
  lines: readonly string[],
  events: readonly (LogEvent | undefined)[],
): readonly Count[] {
  const counts = new Map<string, Count>();
  const all = [
    ...lines.flatMap(tlsCounts),
    ...lines.flatMap(loginCounts),
    ...events.flatMap((event) => (event === undefined ? [] : eventCounts(event))),
  ];
  for (const one of all) {
    const key = JSON.stringify([one.name, one.labels]);
    counts.set(key, { ...one, value: one.value + (counts.get(key)?.value ?? 0) });
  }
  return [...counts.values()];
}

const once = (name: string, labels: Count['labels']): Count => ({ name, labels, value: 1 });

function eventCounts(event: LogEvent): readonly Count[] {
  switch (event.kind) {
    case 'client': {
      const login = event.login === undefined ? 'no' : 'yes';
      return [once('hikyaku_messages_received_total', { origin: 'client', login })];
    }
    case 'program':
      return [once('hikyaku_messages_received_total', { origin: 'program', login: 'no' })];
    case 'refused':
      return [once('hikyaku_refusals_total', { trouble: event.trouble.kind })];
    case 'attempt':
      // A hand-over to the signer is no delivery.
      return event.handedTo === undefined ? attemptCounts(event) : [];
    default:
      return [];
  }
}

function attemptCounts({ service, status, trouble, delay }: Attempt): readonly Count[] {
  const account = service === undefined || [SIGN, SIGNED].includes(service) ? 'default' : service;
  const attempt = once('hikyaku_deliveries_total', { account, status });
  if (status !== 'sent') {
    const labels = { account, status, trouble: trouble?.kind ?? 'unknown' };
    return [attempt, once('hikyaku_delivery_failures_total', labels)];
  }
  if (delay === undefined) return [attempt];
  const le = DELAY_BUCKETS.find((end) => delay <= end)?.toString() ?? '+Inf';
  return [
    attempt,
    once('hikyaku_delivery_delay_seconds_bucket', { le }),
    { name: 'hikyaku_delivery_delay_seconds_sum', labels: {}, value: delay },
  ];
}

/** The log line of smtp(8) and smtpd(8) for each connection at level 1 (smtp_tls_loglevel). */
const TLS =
  /^[^\]]+\/smtpd?\[\d+\]: \w+ TLS connection established (to|from) \S+: (TLSv1(?:\.[1-3])?) with cipher /;

function tlsCounts(line: string): readonly Count[] {
  if (!line.includes(' TLS connection established ')) return [];
  const [, way, protocol] = TLS.exec(line) ?? [];
  if (protocol === undefined) return [];
  const direction = way === 'to' ? 'out' : 'in';
  return [once('hikyaku_tls_connections_total', { direction, protocol })];
}

/** The last line of a session has how often each command was accepted, and `/` of how many (smtpd.c). */
const LOGINS = /^[^\]]+\/smtpd\[\d+\]: disconnect from \S+ (?:.* )?auth=(\d+)(?:\/(\d+))?(?: |$)/;

function loginCounts(line: string): readonly Count[] {
  if (!line.includes(' auth=')) return [];
  const [, accepted, all = accepted] = LOGINS.exec(line) ?? [];
  if (accepted === undefined) return [];
  return [
    { result: 'accepted', value: Number(accepted) },
    { result: 'refused', value: Number(all) - Number(accepted) },
  ].map(({ result, value }) => ({
    name: 'hikyaku_client_logins_total',
    labels: { result },
    value,
  }));
}
