import { explainReason } from '../advice/reason-words.ts';
import { refusalRemedy } from '../advice/refusal-words.ts';
import type { Attempt, Refusal, Timed } from '../log/event.ts';
import type { Log } from '../log/log.ts';
import { type Story, tell } from '../log/story.ts';
import { lastAttempts } from '../log/verdict.ts';
import type { Server } from '../probe/servers.ts';
import { settingsOfService } from './service.ts';
import { withoutNumbers } from './waiting.ts';

/** Mail that was refused for good, or given up, for the same reason. */
export interface BouncedGroup {
  readonly count: number;
  readonly recipients: readonly string[];
  readonly last: Date;
  readonly cause: string;
  readonly remedy: string;
  /** One of the texts. */
  readonly reason: string;
}

/** Mail that this relay did not take, by client and reply. */
export interface RefusedGroup {
  readonly count: number;
  readonly client: string;
  readonly last: Date;
  readonly reply: string;
  readonly remedy: string;
}

/** What `hikyaku status` says from the log. */
export interface LogSummary {
  readonly since: Date;
  readonly lastDelivery: {
    readonly time: Date;
    readonly to: string;
    readonly relay: string;
  } | null;
  readonly bounced: readonly BouncedGroup[];
  readonly refused: readonly RefusedGroup[];
}

/** @param servers those of the settings, for the names of theirs; none when they are not known */
export function summarize(log: Log, servers: readonly Server[] = []): LogSummary | undefined {
  if (log.since === undefined) return undefined;
  const { stories, refusals } = tell(log.events);
  const sent = log.events.findLast(
    (event): event is Timed<Attempt> => event.kind === 'attempt' && event.status === 'sent',
  );
  return {
    since: log.since,
    lastDelivery: sent === undefined ? null : { time: sent.time, to: sent.to, relay: sent.relay },
    bounced: group(
      stories.flatMap((story) => failures(story, servers)),
      (one) => one.key,
      bouncedGroup,
    ),
    refused: group(
      [...refusals, ...stories.flatMap(refusalsOf), ...putOff(log)],
      ({ client, reply }) => `${client} ${withoutNumbers(withoutAddresses(reply))}`,
      refusedGroup,
    ),
  };
}

/** A recipient who did not get the mail and will not. */
interface Failure {
  readonly key: string;
  readonly time: Date;
  readonly attempt: Timed<Attempt>;
  readonly cause: string;
  readonly remedy: string;
}

/** Given up means: the last attempt was put off, and then the time was over. */
function failures(story: Story, servers: readonly Server[]): readonly Failure[] {
  return lastAttempts(story)
    .filter(({ status }) =>
      status === 'deferred' ? story.expired !== undefined : ['bounced', 'expired'].includes(status),
    )
    .map((attempt) => {
      const { reason, service, status } = attempt;
      const { trouble, cause, remedy } = explainReason(reason, settingsOfService(service, servers));
      const end = status === 'deferred' ? `given up after RELAY_QUEUE_LIFETIME: ${cause}` : cause;
      const key = `${service} ${status} ${trouble ?? withoutNumbers(reason)}`;
      return { key, time: story.expired ?? attempt.time, attempt, cause: end, remedy };
    });
}

/** Mail that turns out to be too large on the way has a warning instead of a "reject" line. */
const refusalsOf = ({ refusals, tooLarge, origin }: Story): readonly Timed<Refusal>[] => [
  ...refusals,
  ...(tooLarge === undefined || origin?.kind !== 'client'
    ? []
    : [refusalOf(origin.client, 'DATA', '552 5.3.4 Error: message file too big', tooLarge)]),
];

const refusalOf = (client: string, stage: string, reply: string, time: Date): Timed<Refusal> => ({
  kind: 'refused',
  id: undefined,
  stage,
  client,
  reply,
  from: undefined,
  to: undefined,
  time,
});

/** Clients that are over their rate are named in a warning alone. */
const putOff = (log: Log): readonly Timed<Refusal>[] =>
  log.events.flatMap((event) =>
    event.kind === 'put off'
      ? [refusalOf(event.client, 'MAIL', '450 4.7.1 Error: too much mail', event.time)]
      : [],
  );

const withoutAddresses = (reply: string): string => reply.replace(/<[^>]*>/g, '<>');

/** The largest group first. */
function group<T, G extends { readonly count: number }>(
  all: readonly T[],
  key: (one: T) => string,
  make: (members: readonly [T, ...T[]]) => G,
): readonly G[] {
  return [...Map.groupBy(all, key).values()]
    .flatMap(([first, ...others]) => (first === undefined ? [] : [make([first, ...others])]))
    .sort((a, b) => b.count - a.count);
}

const latest = (all: readonly { readonly time: Date }[]): Date =>
  new Date(Math.max(...all.map(({ time }) => time.getTime())));

const bouncedGroup = (members: readonly [Failure, ...Failure[]]): BouncedGroup => ({
  count: members.length,
  recipients: [...new Set(members.map(({ attempt }) => attempt.to))],
  last: latest(members),
  cause: members[0].cause,
  remedy: members[0].remedy,
  reason: members[0].attempt.reason,
});

const refusedGroup = (members: readonly [Timed<Refusal>, ...Timed<Refusal>[]]): RefusedGroup => ({
  count: members.length,
  client: members[0].client,
  last: latest(members),
  reply: members[0].reply,
  remedy: refusalRemedy(members[0].reply),
});
