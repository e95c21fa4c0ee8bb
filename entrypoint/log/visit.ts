import { readDelivery } from '../advice/foreign/delivery.ts';
import { isInside } from '../postfix/inside-services.ts';
import type { LogEvent, Refusal } from './event.ts';
import { type LogLine, readLine } from './line.ts';
import { clientName, readEvent } from './read-event.ts';
import { remembering } from './reader.ts';
import { Sessions } from './session.ts';

/** One connection of a client, as far as the log tells. */
export interface Visit {
  readonly client: string;
  /** Known while the listeners log under their ports (render/log-destination.ts). */
  readonly port: number | undefined;
  /** `TLSv1.3`; undefined without TLS. */
  readonly tls: string | undefined;
  /** Its name in HELO or EHLO; the log shows it only for refused mail. */
  readonly hello: string | undefined;
  readonly login: string | undefined;
  /** Why its mail was not taken, in the order of the log. */
  readonly refusals: readonly Refusal[];
  /** The IDs of the messages that were taken. */
  readonly taken: readonly string[];
}

type Open = { -readonly [K in keyof Visit]: Visit[K] } & { refusals: Refusal[]; taken: string[] };

/** Receives every event, and each visit when it ends. */
export interface Host {
  visited(visit: Visit): void;
  hear(event: LogEvent): void;
}

/** Reads a log a line at a time, and puts together what one client did in one connection. */
export class VisitReader {
  readonly #host: Host;
  readonly #now: () => Date;
  readonly #sessions = new Sessions();
  readonly #explain = remembering(readDelivery);
  /** By process: one smtpd(8) talks to one client at a time. */
  readonly #open = new Map<string, Open>();

  constructor(host: Host, now: () => Date) {
    this.#host = host;
    this.#now = now;
  }

  push(text: string): void {
    const line = readLine(text, this.#now());
    if (line === undefined || isInside(line.service)) return;
    const isServer = line.program === 'smtpd';
    if (isServer) this.#begin(line);
    const said = isServer ? this.#sessions.read(line) : undefined;
    const event = said ?? readEvent(line, this.#explain);
    if (event !== undefined) {
      if (said === undefined && event.kind === 'refused') this.#sessions.tell(line);
      this.#note(line, event);
      this.#host.hear(event);
    }
    if (isServer) this.#goOn(line);
  }

  #begin({ text, pid, service }: LogLine): void {
    const [, client] = /^connect from (\S+)$/.exec(text) ?? [];
    if (client === undefined) return;
    const [, port] = /^port-(\d+)$/.exec(service ?? '') ?? [];
    this.#open.set(pid, {
      client: clientName(client),
      port: port === undefined ? undefined : Number(port),
      tls: undefined,
      hello: undefined,
      login: undefined,
      refusals: [],
      taken: [],
    });
  }

  #note({ pid, program }: LogLine, event: LogEvent): void {
    const visit = program === 'smtpd' ? this.#open.get(pid) : this.#takerOf(event.id);
    if (visit === undefined) return;
    if (event.kind === 'refused') visit.refusals.push(event);
    if (event.kind === 'client') {
      visit.taken.push(event.id);
      visit.login = event.login;
    }
    // A message that was begun and not taken.
    if (event.kind === 'refused' || event.kind === 'canceled') {
      visit.taken = visit.taken.filter((id) => id !== event.id);
    }
  }

  /** The open visit that has handed a message in. */
  #takerOf(id: string | undefined): Open | undefined {
    return [...this.#open.values()].find(({ taken }) => taken.some((one) => one === id));
  }

  #goOn({ text, pid }: LogLine): void {
    const visit = this.#open.get(pid);
    if (visit === undefined) return;
    const [, tls] = /^\S+ TLS connection established from \S+: (\S+) with/.exec(text) ?? [];
    if (tls !== undefined) visit.tls = tls;
    const [, hello] = /: reject: .* helo=<([^>]*)>$/.exec(text) ?? [];
    if (hello !== undefined) visit.hello = hello;
    if (!text.startsWith('disconnect from ')) return;
    this.#open.delete(pid);
    this.#host.visited(visit);
  }
}
