import { advise } from '../../advice/advice.ts';
import type { ClientTrouble, Trouble } from '../../advice/trouble.ts';
import type { Attempt, LogEvent, Refusal } from '../../log/event.ts';
import type { Listener, LogReader } from '../../log/reader.ts';
import { type Audience, Stories } from '../../log/stories.ts';
import type { Story } from '../../log/story.ts';
import { lastAttempts } from '../../log/verdict.ts';
import type { Server } from '../../probe/servers.ts';
import type { Sentence } from '../../settings/naming/sentence.ts';
import { aboutServer, aboutService } from '../about.ts';
import { alike } from './waiting.ts';

/** Refused or expired mail with the same reason. */
export interface BouncedGroup {
  readonly count: number;
  readonly recipients: readonly string[];
  readonly last: Date;
  /** Whether it was put off until the time was over (RELAY_QUEUE_LIFETIME). */
  readonly isGivenUp: boolean;
  readonly trouble: Trouble | null;
  readonly cause: Sentence;
  readonly remedy: Sentence;
  /** The last of the texts. */
  readonly reason: string;
}

/** Mail that this relay did not take, by client and reason. */
export interface RefusedGroup {
  readonly count: number;
  readonly client: string;
  /** Whose mail it was, as far as it is known. */
  readonly senders: readonly string[];
  readonly last: Date;
  readonly trouble: Trouble;
  readonly cause: Sentence;
  readonly remedy: Sentence;
  /** The relay's own answer, where the log has it: the last one. */
  readonly reply: string | null;
}

export interface LastDelivery {
  readonly time: Date;
  readonly to: string;
  readonly relay: string;
}

/** The part of `hikyaku status` from the log. */
export interface LogSummary {
  readonly since: Date;
  /** The last mail that was delivered; notices of Postfix itself do not count. */
  readonly lastDelivery: LastDelivery | null;
  readonly bounced: readonly BouncedGroup[];
  readonly refused: readonly RefusedGroup[];
}

/** A recipient who did not get the mail and will not. */
interface Failure {
  readonly time: Date;
  readonly attempt: Attempt;
  readonly isGivenUp: boolean;
}

/** The number of equal entries, with the last one. */
interface Group<T> {
  count: number;
  last: T;
  readonly names: Set<string>;
}

/** A stranger who tries every address, or every port, does not fill the memory. */
const MOST = { groups: 1_000, names: 100 };

class Groups<T extends { readonly time: Date }> {
  readonly #groups = new Map<string, Group<T>>();

  add(key: string, one: T, name: string | undefined): void {
    const group = this.#groups.get(key) ?? { count: 0, last: one, names: new Set() };
    if (group.count === 0 && this.#groups.size >= MOST.groups) return;
    this.#groups.set(key, group);
    group.count += 1;
    if (one.time >= group.last.time) group.last = one;
    if (name !== undefined && group.names.size < MOST.names) group.names.add(name);
  }

  /** Adds what another has counted. */
  merge(other: Groups<T>): void {
    for (const [key, group] of other.#groups) {
      const own = this.#groups.get(key);
      if (own === undefined) {
        this.#groups.set(key, group);
        continue;
      }
      own.count += group.count;
      if (group.last.time > own.last.time) own.last = group.last;
      for (const name of group.names) own.names.add(name);
    }
  }

  /** The largest group first. */
  get all(): readonly Group<T>[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }
}

/** Counts the events of a log without keeping them. */
export class Counting implements Listener, Audience {
  readonly bounced = new Groups<Failure>();
  readonly refusals = new Groups<Refusal>();
  lastDelivery: LastDelivery | undefined;
  readonly #stories = new Stories(this);

  hear(event: LogEvent): void {
    this.#stories.hear(event);
  }

  attempted({ from, about }: Story, { status, handedTo, time, to, relay }: Attempt): void {
    const isNotice = from === '' || about !== undefined;
    if (status === 'sent' && handedTo === undefined && !isNotice)
      this.lastDelivery = { time, to, relay };
  }

  refused(refusal: Refusal): void {
    const { client = '', trouble, reply, from } = refusal;
    this.refusals.add(`${client} ${refusalKey(trouble, reply)}`, refusal, from);
  }

  ended(story: Story): void {
    const { refusals, origin } = story;
    for (const refusal of refusals) {
      const client = refusal.client ?? (origin?.kind === 'client' ? origin.client : undefined);
      if (client !== undefined) {
        this.refused({ ...refusal, client, from: refusal.from ?? story.from });
      }
    }
    for (const failure of failures(story)) {
      const { service, status, trouble, reason, to } = failure.attempt;
      this.bounced.add(`${service} ${status} ${trouble?.kind ?? alike(reason)}`, failure, to);
    }
  }

  /** Adds the messages that are still in the queue at the end of the log. */
  close(): void {
    this.#stories.close();
    for (const story of this.#stories.open) this.ended(story);
  }
}

/** Distinguishes replies of one kind, since the relay's own rules give many. */
function refusalKey(trouble: Trouble, reply: string | undefined): string {
  switch (trouble.kind) {
    case 'by-setting':
    case 'rejected':
      return alike((reply ?? '').replace(/<[^>]*>/g, '<>'));
    case 'command-refused':
      return `${trouble.kind} ${trouble.command}`;
    default:
      return trouble.kind;
  }
}

/** Given up means: the last attempt was put off, and then the time was over. */
const failures = (story: Story): readonly Failure[] =>
  lastAttempts(story)
    .filter(({ status }) =>
      status === 'deferred' ? story.expired !== undefined : ['bounced', 'expired'].includes(status),
    )
    .map((attempt) => ({
      time: story.expired ?? attempt.time,
      attempt,
      isGivenUp: attempt.status === 'deferred',
    }));

/**
 * The summary of a log; undefined for a log without Postfix's lines.
 * @param servers those of the settings; empty if they are not known
 */
export function summarize(
  reader: Pick<LogReader<Counting>, 'listeners' | 'since'>,
  servers: readonly Server[] = [],
): LogSummary | undefined {
  const { since, listeners } = reader;
  const [first, ...others] = listeners;
  if (since === undefined || first === undefined) return undefined;
  for (const counting of listeners) counting.close();
  for (const { bounced, refusals } of others) {
    first.bounced.merge(bounced);
    first.refusals.merge(refusals);
  }
  const deliveries = listeners.flatMap(({ lastDelivery }) => lastDelivery ?? []);
  return {
    since,
    lastDelivery: deliveries.reduce<LastDelivery | null>(
      (last, one) => (last === null || one.time > last.time ? one : last),
      null,
    ),
    bounced: first.bounced.all.map((group) => bouncedGroup(group, servers)),
    refused: first.refusals.all.map(refusedGroup),
  };
}

function bouncedGroup(
  { count, names, last }: Group<Failure>,
  servers: readonly Server[],
): BouncedGroup {
  const { trouble, service, reason } = last.attempt;
  const about = { ...aboutService(service, servers), isReturned: true };
  return {
    count,
    recipients: [...names],
    last: last.time,
    isGivenUp: last.isGivenUp,
    trouble: trouble ?? null,
    ...advise(trouble, about),
    reason,
  };
}

/** A client's trouble has to do with no server. */
export const adviseClient = (trouble: ClientTrouble | Trouble) =>
  advise(trouble, aboutServer(undefined));

const refusedGroup = ({ count, names, last }: Group<Refusal>): RefusedGroup => ({
  count,
  client: last.client ?? '',
  senders: [...names],
  last: last.time,
  trouble: last.trouble,
  ...adviseClient(last.trouble),
  reply: last.reply ?? null,
});
