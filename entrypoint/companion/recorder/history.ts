import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';
import type { LogEvent, Refusal } from '../../log/event.ts';
import {
  endOf,
  type HistoryMessage,
  type HistoryStatus,
  laterIdsOf,
  STATUSES,
} from '../../log/history-message.ts';
import type { Count } from './counting.ts';
import type { Position } from './log-file.ts';
import { lower, queryFor, type Wanted } from './search.ts';

/** Where what became of each mail is kept: a volume. */
export const HISTORY_FILE = '/var/lib/hikyaku/history/history.sqlite';

/** Each entry leads from one version of the file to the next (user_version in SQLite's pragmas). */
const MIGRATIONS = [
  `CREATE TABLE messages (
     id INTEGER PRIMARY KEY,
     queue_id TEXT NOT NULL,
     start INTEGER NOT NULL,
     "end" INTEGER,
     sender TEXT,
     client TEXT,
     login TEXT,
     message_id TEXT,
     status TEXT NOT NULL,
     events TEXT NOT NULL
   );
   CREATE INDEX messages_start ON messages (start);
   CREATE INDEX messages_queue_id ON messages (queue_id);
   CREATE INDEX messages_message_id ON messages (message_id);
   CREATE INDEX messages_open ON messages (start) WHERE "end" IS NULL;
   CREATE TABLE addresses (
     address TEXT NOT NULL,
     is_recipient INTEGER NOT NULL,
     message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
     PRIMARY KEY (address, message, is_recipient)
   ) WITHOUT ROWID;
   CREATE INDEX addresses_message ON addresses (message);
   CREATE TABLE refusals (
     id INTEGER PRIMARY KEY,
     time INTEGER NOT NULL,
     sender TEXT,
     recipient TEXT,
     client TEXT,
     event TEXT NOT NULL
   );
   CREATE INDEX refusals_time ON refusals (time);
   CREATE TABLE positions (name TEXT PRIMARY KEY, value TEXT NOT NULL);`,
  `CREATE TABLE counters (
     name TEXT NOT NULL,
     labels TEXT NOT NULL,
     value REAL NOT NULL,
     PRIMARY KEY (name, labels)
   ) WITHOUT ROWID;
   CREATE INDEX messages_status ON messages (status, start);`,
  // Mail that is signed goes on under another ID.
  `CREATE TABLE later_ids (
     queue_id TEXT NOT NULL,
     message INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
     PRIMARY KEY (queue_id, message)
   ) WITHOUT ROWID;
   CREATE INDEX later_ids_message ON later_ids (message);`,
  'CREATE INDEX messages_client ON messages (client, start);',
];

/** A message that the recorder hands over; a number it has once it is kept. */
export type NewMessage = Omit<HistoryMessage, 'id' | 'status'> & {
  readonly id: number | undefined;
};

/** A file of SQLite with what became of every mail. Kept consistent by SQLite across kill -9. */
export class History implements Disposable {
  readonly #database: DatabaseSync;

  /**
   * Opens the file to write to it, and brings it to the newest version.
   * @param readers the number of a group of this process that may read it
   */
  static open(file: string, readers?: number): History {
    const directory = path.dirname(file);
    mkdirSync(directory, { recursive: true });
    const history = new History(new DatabaseSync(file));
    // SQLite gives the files beside it the same owner, group and mode.
    share(file, readers, 0o640);
    share(directory, readers, 0o750);
    // They have to get there; whatever else is kept there only root may read.
    if (readers !== undefined) chmodSync(path.dirname(directory), 0o711);
    history.#migrate();
    return history;
  }

  /** Opens a file that another process writes. */
  static openToRead(file: string): History {
    return new History(new DatabaseSync(file, { readOnly: true }));
  }

  private constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON');
  }

  #migrate(): void {
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    const row = this.#database.prepare('PRAGMA user_version').get();
    const version = Number(row?.['user_version'] ?? 0);
    if (version > MIGRATIONS.length) {
      throw new Error('the history was written by a later version of hikyaku');
    }
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < version) continue;
      this.#database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT`);
    }
  }

  /** How far the log has been read. */
  get position(): Position | undefined {
    const row = this.#get("SELECT value FROM positions WHERE name = 'log'");
    return row === undefined ? undefined : JSON.parse(text(row['value']));
  }

  /** The messages that have not left, to go on with. */
  get waiting(): readonly HistoryMessage[] {
    return this.#all('SELECT * FROM messages WHERE "end" IS NULL ORDER BY start').map(messageOf);
  }

  /**
   * Keeps a batch, all or nothing.
   * @param messages new ones, and those with new events
   * @param position where the lines end that the batch was read from
   * @param counts what the batch adds to the counters
   * @param joined the numbers of messages that are parts of others now
   * @returns the messages with their numbers
   */
  keep(
    messages: readonly NewMessage[],
    refusals: readonly Refusal[],
    position: Position,
    counts: readonly Count[] = [],
    joined: readonly number[] = [],
  ): readonly NewMessage[] {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const id of joined) this.#run('DELETE FROM messages WHERE id = ?', id);
      const kept = messages.map((message) => this.#keepMessage(message));
      for (const refusal of refusals) this.#keepRefusal(refusal);
      for (const count of counts) this.#count(count);
      this.#run("INSERT OR REPLACE INTO positions VALUES ('log', ?)", JSON.stringify(position));
      this.#database.exec('COMMIT');
      return kept;
    } catch (fault) {
      this.#database.exec('ROLLBACK');
      throw fault;
    }
  }

  #keepMessage(message: NewMessage): NewMessage {
    const { queueId, start, events } = message;
    const facts = factsOf(queueId, events);
    const values = [
      queueId,
      start.getTime(),
      facts.end,
      facts.sender,
      facts.client,
      facts.login,
      facts.messageId,
      facts.status,
      JSON.stringify(events),
    ];
    const id = Number(
      this.#run(
        `INSERT OR REPLACE INTO messages
         (id, queue_id, start, "end", sender, client, login, message_id, status, events)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        message.id ?? null,
        ...values,
      ).lastInsertRowid,
    );
    for (const address of facts.recipients) this.#keepAddress(address, true, id);
    if (facts.sender !== null) this.#keepAddress(facts.sender, false, id);
    for (const later of laterIdsOf(events)) {
      this.#run('INSERT OR IGNORE INTO later_ids VALUES (?, ?)', later, id);
    }
    return { ...message, id };
  }

  #keepAddress(address: string, isRecipient: boolean, message: number): void {
    const query = 'INSERT OR IGNORE INTO addresses VALUES (?, ?, ?)';
    this.#run(query, address, isRecipient ? 1 : 0, message);
  }

  #keepRefusal(refusal: Refusal): void {
    const { time, from, to, client } = refusal;
    this.#run(
      'INSERT INTO refusals (time, sender, recipient, client, event) VALUES (?, ?, ?, ?, ?)',
      time.getTime(),
      from?.toLowerCase() ?? null,
      to?.toLowerCase() ?? null,
      client ?? null,
      JSON.stringify(refusal),
    );
  }

  #count({ name, labels, value }: Count): void {
    this.#run(
      `INSERT INTO counters VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET value = value + excluded.value`,
      name,
      JSON.stringify(labels),
      value,
    );
  }

  /** What has been counted since the history began; what is forgotten still counts. */
  get counters(): readonly Count[] {
    return this.#all('SELECT * FROM counters').map(({ name, labels, value }) => ({
      name: text(name),
      labels: JSON.parse(text(labels)),
      value: Number(value),
    }));
  }

  /** Finds messages, the newest first. */
  messages(wanted: Wanted): readonly HistoryMessage[] {
    const { sql, values } = queryFor(wanted, (address) => this.#isRare(address));
    return this.#all(sql, ...values).map(messageOf);
  }

  #isRare(address: string): boolean {
    const some = 'SELECT 1 FROM addresses WHERE address = ? LIMIT ?';
    return this.#all(some, address, FEW).length < FEW;
  }

  /** What was not taken, the newest first. */
  refusals(since: Date, most: number): readonly Refusal[] {
    const query = 'SELECT event FROM refusals WHERE time >= ? ORDER BY time DESC LIMIT ?';
    return this.#all(query, since.getTime(), most).map(({ event }) => refusalIn(text(event)));
  }

  /** When the oldest message came in; undefined for an empty history. */
  get since(): Date | undefined {
    const row = this.#get('SELECT min(start) AS start FROM messages');
    return typeof row?.['start'] === 'number' ? new Date(row['start']) : undefined;
  }

  /**
   * Forgets what is too old, and the oldest tenth while the file is too large.
   * @param mostBytes the size that the file may have
   */
  forget(before: Date, mostBytes: number): void {
    this.#run('DELETE FROM messages WHERE start < ?', before.getTime());
    this.#run('DELETE FROM refusals WHERE time < ?', before.getTime());
    if (this.#bytes() <= mostBytes) return;
    this.#run(
      `DELETE FROM messages WHERE id IN
       (SELECT id FROM messages ORDER BY start LIMIT (SELECT count(*) / 10 + 1 FROM messages))`,
    );
    this.#run(
      `DELETE FROM refusals WHERE id IN
       (SELECT id FROM refusals ORDER BY time LIMIT (SELECT count(*) / 10 + 1 FROM refusals))`,
    );
  }

  /** What is in use; pages that are free get used again. */
  #bytes(): number {
    const pragma = (name: string): number => Number(this.#get(`PRAGMA ${name}`)?.[name] ?? 0);
    return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size');
  }

  readonly #statements = new Map<string, StatementSync>();

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  #run(sql: string, ...values: readonly SQLInputValue[]) {
    return this.#statement(sql).run(...values);
  }

  #get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  #all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...values);
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** Without a group of readers, a file stays its owner's. */
function share(path: string, readers: number | undefined, mode: number): void {
  if (readers !== undefined) chownSync(path, process.geteuid?.() ?? 0, readers);
  chmodSync(path, readers === undefined ? mode & 0o700 : mode);
}

type Row = Record<string, SQLOutputValue>;

/** So many messages are gone through in a few milliseconds. */
const FEW = 2_000;

const text = (value: SQLOutputValue | undefined): string => String(value ?? '');

/** Times are kept as JSON has them. */
const revive = <T extends LogEvent>(event: T): T => ({ ...event, time: new Date(event.time) });

const eventsIn = (json: string): readonly LogEvent[] => {
  const events: readonly LogEvent[] = JSON.parse(json);
  return events.map(revive);
};

const refusalIn = (json: string): Refusal => revive<Refusal>(JSON.parse(json));

const messageOf = (row: Row): HistoryMessage => ({
  id: Number(row['id']),
  queueId: text(row['queue_id']),
  start: new Date(Number(row['start'])),
  status: STATUSES.find((one) => one === row['status']) ?? 'waiting',
  events: eventsIn(text(row['events'])),
});

/** What the columns hold, by which messages are found. */
function factsOf(queueId: string, events: readonly LogEvent[]) {
  const last = <K extends LogEvent['kind']>(kind: K) =>
    events.findLast((event): event is Extract<LogEvent, { kind: K }> => event.kind === kind);
  const client = last('client');
  // Signed, a message is queued again, with its rewritten sender.
  const sender = events.find((event) => event.kind === 'queued')?.from ?? last('program')?.from;
  const end = endOf(queueId, events);
  const recipients = events.flatMap((event) => {
    if (event.kind === 'attempt') return [event.to, event.origTo];
    return event.kind === 'refused' ? [event.to] : [];
  });
  return {
    end: end?.time.getTime() ?? null,
    sender: sender === undefined ? null : lower(sender),
    client: client?.client ?? null,
    login: client?.login ?? null,
    messageId: last('message-id')?.messageId ?? null,
    status: statusOf(events, end?.kind),
    recipients: new Set(recipients.flatMap((one) => (one ? [lower(one)] : []))),
  };
}

/** A recipient whose mail came back counts more than the others. */
function statusOf(events: readonly LogEvent[], end: LogEvent['kind'] | undefined): HistoryStatus {
  if (end === 'deleted') return 'deleted';
  const attempts = events.filter((event) => event.kind === 'attempt');
  const statuses = new Map(attempts.map(({ to, status }) => [to, status]));
  const has = (...wanted: readonly string[]): boolean =>
    [...statuses.values()].some((status) => wanted.includes(status));
  if (has('bounced', 'expired') || events.some(({ kind }) => kind === 'expired')) return 'bounced';
  if (has('deferred')) return 'deferred';
  return end === undefined ? 'waiting' : 'sent';
}
