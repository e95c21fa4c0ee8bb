/**
 * The conversation with the user who pairs a device. For each attempt of the device, pairing
 * proposes a change and applies it if the user agrees. The next attempt shows whether the change
 * helped; one that did not help is undone.
 */
import { advise } from '../advice/advice.ts';
import type { Trouble } from '../advice/trouble.ts';
import type { Attempt } from '../log/event.ts';
import type { Visit } from '../log/visit.ts';
import { serversOf } from '../probe/servers.ts';
import { aboutService } from '../reports/about.ts';
import type { Change } from '../settings/changes.ts';
import type { Settings } from '../settings/settings.ts';
import type { Words } from './pair-words.ts';
import {
  type Connection,
  type Context,
  isShared,
  keyOf,
  type NewLogin,
  obstacle,
  type Proposal,
  propose,
  proposeForAttempt,
} from './proposal.ts';

/** Why a conversation ends without a device that sends. */
export type Ending = 'time' | 'interrupted' | 'nobody' | 'log';

export type Happening =
  | { readonly kind: 'visit'; readonly visit: Visit }
  | { readonly kind: 'attempt'; readonly attempt: Attempt }
  | { readonly kind: 'end'; readonly why: Ending };

/** The actions of pairing. */
export interface Desk {
  next(): Promise<Happening>;
  /**
   * Applies the settings with these changes; earlier attempts are no longer reported.
   * @returns them; or why that cannot be
   */
  apply(changes: readonly Change[]): Promise<Settings | { readonly problems: readonly string[] }>;
  ask(question: string): Promise<'yes' | 'no' | Ending>;
  tell(line: string): void;
}

export interface Wanted {
  /** The device's address, where it is named. */
  readonly address: string | undefined;
  readonly login: NewLogin;
}

/** The result. */
export interface Outcome {
  readonly ok: boolean;
  readonly ending: Ending | null;
  readonly device: string | null;
  /** The changes that helped and are in force. */
  readonly changes: readonly Change[];
  readonly login: NewLogin | null;
  /** How the device has sent. */
  readonly connection: Connection | null;
  readonly username: string | null;
  /** Every try of the device. */
  readonly tries: readonly Try[];
}

export interface Try {
  readonly client: string;
  readonly port: number | null;
  readonly tls: string | null;
  readonly trouble: Trouble | null;
  readonly proposal: Proposal | null;
}

/** Identifies how far an attempt came, to compare it with the one before. */
const stageOf = (trouble: Trouble | undefined, tls: string | undefined): string =>
  `${trouble?.kind} ${tls === undefined ? 'in clear' : 'by TLS'}`;

export class Pairing {
  readonly #desk: Desk;
  readonly #words: Words;
  readonly #login: NewLogin;
  #device: string | undefined;
  #settings: Settings;
  /** The changes that have helped, and the one under trial. */
  #kept: readonly Change[] = [];
  #trial: { readonly proposal: Proposal; readonly stage: string } | undefined;
  readonly #tried = new Set<string>();
  readonly #ignored = new Set<string>();
  readonly #tries: Try[] = [];
  /** The logged events of messages, by ID; they may come before the visit ends. */
  readonly #attempts = new Map<string, Attempt>();
  readonly #queued: Visit[] = [];

  constructor(desk: Desk, words: Words, settings: Settings, { address, login }: Wanted) {
    this.#desk = desk;
    this.#words = words;
    this.#settings = settings;
    this.#device = address;
    this.#login = login;
  }

  /** Runs until the device has sent a mail, the user ends it, or the time is up. */
  async run(): Promise<Outcome> {
    for (;;) {
      const visit = await this.#nextVisit();
      if (typeof visit === 'string') return this.#ended(visit);
      const { client } = visit;
      if (this.#device === undefined ? this.#ignored.has(client) : client !== this.#device)
        continue;
      const result =
        visit.taken.length > 0 ? await this.#sent(visit) : await this.#turnedAway(visit);
      if (result !== undefined) return result;
    }
  }

  async #nextVisit(): Promise<Visit | Ending> {
    for (;;) {
      const waiting = this.#queued.shift();
      if (waiting !== undefined) return waiting;
      const what = await this.#desk.next();
      if (what.kind === 'end') return what.why;
      this.#note(what);
    }
  }

  #note(what: Exclude<Happening, { readonly kind: 'end' }>): void {
    if (what.kind === 'attempt') this.#attempts.set(what.attempt.id, what.attempt);
    else this.#queued.push(what.visit);
  }

  /** The device has handed a mail in. */
  async #sent(visit: Visit): Promise<Outcome | undefined> {
    const [id = ''] = visit.taken;
    this.#say(this.#words.sent(visit, id));
    if (this.#device === undefined) {
      const answer = await this.#desk.ask(this.#words.isThisTheDevice(visit.client));
      if (answer === 'no') this.#ignored.add(visit.client);
      if (answer === 'no') return undefined;
      if (answer !== 'yes') return this.#ended(answer);
      this.#device = visit.client;
    }
    this.#keepTrial();
    const attempt = await this.#fate(id);
    if (typeof attempt === 'string') return this.#ended(attempt);
    this.#record(visit, attempt.trouble, null);
    this.#say(this.#words.fate(attempt, advise(attempt.trouble, this.#about(attempt))));
    const proposal = proposeForAttempt(attempt, this.#context);
    if (proposal === undefined) return this.#done(visit);
    return this.#offer(visit, attempt.trouble, proposal);
  }

  #about({ service }: Attempt) {
    return aboutService(service, serversOf(this.#settings));
  }

  /** The result for a message's first recipient; signed mail continues under another ID. */
  async #fate(id: string): Promise<Attempt | Ending> {
    let current = id;
    for (;;) {
      const attempt = this.#attempts.get(current);
      if (attempt !== undefined && attempt.handedTo === undefined) return attempt;
      if (attempt?.handedTo !== undefined && attempt.handedTo !== current) {
        current = attempt.handedTo;
        continue;
      }
      const what = await this.#desk.next();
      if (what.kind === 'end') return what.why;
      this.#note(what);
    }
  }

  async #turnedAway(visit: Visit): Promise<Outcome | undefined> {
    const trouble = obstacle(visit, this.#context);
    // A client without any command only checks whether the port is open.
    if (trouble === undefined) return undefined;
    const stage = stageOf(trouble, visit.tls);
    if (this.#trial !== undefined && this.#trial.stage === stage) await this.#takeBack();
    else this.#keepTrial();
    this.#say(this.#words.turnedAway(visit, trouble));
    const proposal = propose(visit, trouble, this.#context);
    if (proposal === undefined) {
      this.#record(visit, trouble, null);
      this.#say(this.#words.remedy(trouble));
      if (isShared(this.#settings, visit.client)) this.#say(this.#words.shared(visit.client));
      return undefined;
    }
    return this.#offer(visit, trouble, proposal);
  }

  /** Proposes something, and puts it in force when it is wanted. */
  async #offer(
    visit: Visit,
    trouble: Trouble | undefined,
    proposal: Proposal,
  ): Promise<Outcome | undefined> {
    this.#record(visit, trouble, proposal);
    this.#tried.add(keyOf(proposal));
    this.#say(this.#words.proposal(proposal));
    if (proposal.changes.length > 0) {
      const answer = await this.#desk.ask(this.#words.apply());
      if (answer === 'no' && this.#device === undefined) this.#ignored.add(visit.client);
      if (answer === 'no') return undefined;
      if (answer !== 'yes') return this.#ended(answer);
      const applied = await this.#apply([...this.#kept, ...proposal.changes]);
      if ('problems' in applied) {
        this.#say(this.#words.cannotBe(applied.problems));
        return undefined;
      }
      this.#settings = applied;
    }
    this.#device = visit.client;
    this.#trial = { proposal, stage: stageOf(trouble, visit.tls) };
    this.#say(this.#words.again(proposal, this.#login));
    return undefined;
  }

  /** Earlier attempts ran with other settings, so they no longer count. */
  #apply(changes: readonly Change[]): ReturnType<Desk['apply']> {
    this.#queued.length = 0;
    return this.#desk.apply(changes);
  }

  #keepTrial(): void {
    this.#kept = [...this.#kept, ...(this.#trial?.proposal.changes ?? [])];
    this.#trial = undefined;
  }

  /** The change under trial did not help. */
  async #takeBack(): Promise<void> {
    const isChanged = (this.#trial?.proposal.changes.length ?? 0) > 0;
    this.#trial = undefined;
    if (!isChanged) return;
    const applied = await this.#apply(this.#kept);
    if (!('problems' in applied)) this.#settings = applied;
    this.#say(this.#words.takenBack());
  }

  get #context(): Context {
    return { settings: this.#settings, tried: this.#tried, login: this.#login };
  }

  #record(visit: Visit, trouble: Trouble | undefined, proposal: Proposal | null): void {
    const { client, port = null, tls = null } = visit;
    this.#tries.push({ client, port, tls, trouble: trouble ?? null, proposal });
  }

  #say(lines: readonly string[]): void {
    for (const line of lines) this.#desk.tell(line);
  }

  #done({ port, tls, login }: Visit): Outcome {
    const isNew = this.#kept.some(({ path }) => path === 'submission.password');
    return {
      ...this.#ended(null),
      ok: true,
      changes: this.#kept,
      login: isNew ? this.#login : null,
      connection:
        port === undefined
          ? null
          : { port, security: port === 465 ? 'SSL/TLS' : tls === undefined ? 'none' : 'STARTTLS' },
      username: login ?? null,
    };
  }

  #ended(ending: Ending | null): Outcome {
    return {
      ok: false,
      ending,
      device: this.#device ?? null,
      changes: [],
      login: null,
      connection: null,
      username: null,
      tries: this.#tries,
    };
  }
}
