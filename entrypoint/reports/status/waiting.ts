import { type Advice, advise } from '../../advice/advice.ts';
import type { Trouble } from '../../advice/trouble.ts';
import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import { type Server, serverFor } from '../../probe/servers.ts';
import { aboutServer } from '../about.ts';

/** Messages that wait for the same reason at the same server. */
export interface Waiting extends Advice {
  readonly server: Server | undefined;
  /** The text is in no table: undefined. */
  readonly trouble: Trouble | undefined;
  readonly count: number;
  /** Some of them. */
  readonly ids: readonly string[];
  /** When the oldest came in, in seconds since 1970. */
  readonly since: number;
  /** One of the texts that Postfix gives. */
  readonly reason: string;
}

/** Finds the server: by the name in the reason, or else by whose mail it is. */
function serverOf(sender: string, reason: string, servers: readonly Server[]): Server | undefined {
  const usual = serverFor(servers, sender);
  if (usual === undefined || usual.path.startsWith('accounts')) return usual;
  const relays = servers.filter(({ path }) => path.startsWith('relay'));
  return relays.find(({ host }) => reason.includes(`${host}[`)) ?? usual;
}

/** The text without addresses and numbers, so that the same trouble has the same text. */
export const alike = (reason: string): string =>
  reason.replace(/\[[0-9a-f.:]+\]/gi, '').replace(/[0-9a-f]{8,}|\d+/gi, '#');

/** Maximum number of queue IDs for a group; `hikyaku queue` lists all. */
const MOST_IDS = 100;

interface Group {
  readonly server: Server | undefined;
  readonly trouble: Trouble | undefined;
  readonly reason: string;
  readonly sender: string;
  count: number;
  readonly ids: string[];
  since: number;
}

/**
 * Groups what has been tried and waits, message by message.
 * @param explain what a reason is about
 */
export class WaitingGroups {
  readonly #groups = new Map<string, Group>();
  readonly #servers: readonly Server[];
  readonly #explain: (reason: string) => Trouble | undefined;

  constructor(servers: readonly Server[], explain: (reason: string) => Trouble | undefined) {
    this.#servers = servers;
    this.#explain = explain;
  }

  add({ id, sender, arrival }: QueuedMessage, reason: string): void {
    const server = serverOf(sender, reason, this.#servers);
    const trouble = this.#explain(reason);
    const key = `${server?.path} ${trouble?.kind ?? alike(reason)}`;
    const known = this.#groups.get(key);
    const group = known ?? { server, trouble, reason, sender, count: 0, ids: [], since: arrival };
    if (known === undefined) this.#groups.set(key, group);
    group.count += 1;
    group.since = Math.min(group.since, arrival);
    if (group.ids.length < MOST_IDS) group.ids.push(id);
  }

  /** The largest group first. */
  get all(): readonly Waiting[] {
    return [...this.#groups.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ sender, ...group }) => ({
        ...group,
        ...advise(withSender(group.trouble, sender), aboutServer(group.server)),
      }));
  }
}

/** A refusal of the sender names one sender of the group. */
export const withSender = (trouble: Trouble | undefined, sender: string): Trouble | undefined =>
  (trouble?.kind === 'sender' ||
    trouble?.kind === 'sender-unverified' ||
    trouble?.kind === 'sender-domain') &&
  sender !== ''
    ? { ...trouble, sender }
    : trouble;
