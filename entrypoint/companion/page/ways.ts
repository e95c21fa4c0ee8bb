import { advise } from '../../advice/advice.ts';
import type { LogEvent } from '../../log/event.ts';
import type { Listener } from '../../log/reader.ts';
import { addressKeys, NOT_AT_HOME } from '../../postfix/address-lookup.ts';
import type { QueuedMessage } from '../../postfix/queue-entry.ts';
import { mailServerOf, type Server, serverFor, serversOf } from '../../probe/servers.ts';
import type { PageSettings } from '../../render/page-file.ts';
import { aboutServer } from '../../reports/about.ts';
import type { LastDelivery } from '../../reports/status/log-summary.ts';
import type { Sentence } from '../../settings/naming/sentence.ts';

/** The last time that a way did not work. */
export interface LastTrouble {
  readonly time: Date;
  readonly cause: Sentence;
  readonly remedy: Sentence;
  readonly reason: string;
}

/** A way out: the relay host, a backup, an account, or straight to the recipients' servers. */
export interface Way {
  readonly server: Server;
  /** Whether mail goes to the MX hosts of each recipient. */
  readonly isDirect: boolean;
  /**
   * The key of an account: `user@example.com`, `recipient @friend.example`; absent: all other mail.
   */
  readonly chosenBy: string | undefined;
  readonly waiting: number;
  readonly lastDelivery: LastDelivery | undefined;
  readonly lastTrouble: LastTrouble | undefined;
}

interface Seen {
  lastDelivery?: LastDelivery;
  lastTrouble?: LastTrouble;
}

type Routes = Pick<PageSettings, 'route' | 'accounts' | 'services'>;

/** Hears what became of mail, and tells for each way out how it works. */
export class Ways implements Listener {
  readonly #routes: Routes;
  readonly #servers: readonly Server[];
  readonly #seen = new Map<string, Seen>();
  /** By which way a message was tried last, by its ID. */
  readonly #tried = new Map<string, Server>();

  constructor(routes: Routes) {
    this.#routes = routes;
    const { route } = routes;
    const direct = route.kind === 'direct' ? [directServer(route)] : [];
    this.#servers = [...direct, ...serversOf(routes)];
  }

  hear(event: LogEvent): void {
    if (event.kind !== 'attempt' || event.handedTo !== undefined) return;
    const { id, time, to, relay, status, trouble, reason, service } = event;
    const server = this.#serverOf(service, relay);
    if (server === undefined) return;
    const seen = this.#seen.get(server.path) ?? {};
    this.#seen.set(server.path, seen);
    this.#tried.set(id, server);
    if (status === 'sent') seen.lastDelivery = { time, to, relay };
    else seen.lastTrouble = { time, reason, ...advise(trouble, aboutServer(server)) };
  }

  /** @param queued what waits now */
  report(queued: Iterable<QueuedMessage>): readonly Way[] {
    const waiting = new Map<string, number>();
    for (const message of queued) {
      const path = this.#wayOf(message)?.path ?? '';
      waiting.set(path, (waiting.get(path) ?? 0) + 1);
    }
    const chosenBy = new Map(
      this.#routes.services.map(({ name, chosenBy }) => [name, chosenBy] as const),
    );
    return this.#servers.map((server) => ({
      server,
      isDirect: this.#routes.route.kind === 'direct' && server.path === 'relay',
      chosenBy: chosenBy.get(server.service),
      waiting: waiting.get(server.path) ?? 0,
      lastDelivery: this.#seen.get(server.path)?.lastDelivery,
      lastTrouble: this.#seen.get(server.path)?.lastTrouble,
    }));
  }

  /** Relay host and backups share a service. */
  #serverOf(service: string | undefined, relay: string): Server | undefined {
    const some = this.#servers.filter((server) => server.service === (service ?? 'smtp'));
    return some.find(({ host }) => relay.startsWith(`${host}[`)) ?? some[0];
  }

  /** As it was tried last, or else as the tables say; whose mail a client's is, no table says. */
  #wayOf({ id, sender, recipients }: QueuedMessage): Server | undefined {
    const tried = this.#tried.get(id);
    if (tried !== undefined) return tried;
    const { accounts } = this.#routes;
    const keys = recipients.flatMap(({ address }) =>
      addressKeys(address.toLowerCase(), NOT_AT_HOME).map(({ key }) => key),
    );
    const index = accounts.findIndex(
      ({ by, match }) => by === 'recipient' && keys.includes(match.toLowerCase()),
    );
    return index >= 0
      ? this.#servers.find(({ path }) => path === `accounts.${index}`)
      : serverFor(this.#servers, sender);
  }
}

/** Stands where the relay host would. */
const directServer = (route: PageSettings['route']): Server => ({
  ...mailServerOf('', route),
  label: '',
  sendAs: route.sendAs,
});
