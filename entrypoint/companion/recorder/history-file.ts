import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from 'node:sqlite';

/** The database with the history of all mail, on a volume. */
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
  // Those that wait are looked up by their IDs.
  'DROP INDEX messages_open;',
];

/** A row of a table, by its columns. */
export type Row = Record<string, SQLOutputValue>;

/** The file of SQLite, at the newest version: its statements are prepared once. */
export class HistoryFile implements Disposable {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * Opens the file to write to it, and brings it to the newest version.
   * @param readers the number of a group of this process that may read it
   */
  static open(file: string, readers?: number): HistoryFile {
    const directory = path.dirname(file);
    mkdirSync(directory, { recursive: true });
    const opened = new HistoryFile(new DatabaseSync(file));
    // SQLite gives the files beside it the same owner, group and mode.
    share(file, readers, 0o640);
    share(directory, readers, 0o750);
    // They have to get there; whatever else is kept there only root may read.
    if (readers !== undefined) chmodSync(path.dirname(directory), 0o711);
    opened.#migrate();
    return opened;
  }

  /** Opens a file that another process writes. */
  static openToRead(file: string): HistoryFile {
    return new HistoryFile(new DatabaseSync(file, { readOnly: true }));
  }

  private constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec('PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON');
  }

  #migrate(): void {
    this.#database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
    const version = this.#pragma('user_version');
    if (version > MIGRATIONS.length) {
      throw new Error('the history was written by a later version of hikyaku');
    }
    for (const [index, migration] of MIGRATIONS.entries()) {
      if (index < version) continue;
      this.#database.exec(`BEGIN; ${migration} PRAGMA user_version = ${index + 1}; COMMIT`);
    }
  }

  /** Runs the changes in one transaction. */
  atOnce<T>(act: () => T): T {
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      const result = act();
      this.#database.exec('COMMIT');
      return result;
    } catch (fault) {
      this.#database.exec('ROLLBACK');
      throw fault;
    }
  }

  run(sql: string, ...values: readonly SQLInputValue[]) {
    return this.#statement(sql).run(...values);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...values);
  }

  /** The bytes in use; pages that are free get used again. */
  get bytes(): number {
    const pages = this.#pragma('page_count') - this.#pragma('freelist_count');
    return pages * this.#pragma('page_size');
  }

  #pragma(name: string): number {
    return Number(this.#database.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0);
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, known);
    return known;
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

/** Without a group of readers, only the owner can read the file. */
function share(path: string, readers: number | undefined, mode: number): void {
  if (readers !== undefined) chownSync(path, process.geteuid?.() ?? 0, readers);
  chmodSync(path, readers === undefined ? mode & 0o700 : mode);
}
