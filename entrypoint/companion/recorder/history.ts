import type { Refusal } from '../../log/event.ts';
import { type HistoryMessage, laterIdsOf } from '../../log/history-message.ts';
import type { Count } from './counting.ts';
import { HistoryFile } from './history-file.ts';
import { factsOf, messageOf, refusalIn, text } from './history-row.ts';
import type { Position } from './log-file.ts';
import { queryFor, type Wanted } from './search.ts';

/** Number of messages that a search reads in a few milliseconds. */
const FEW = 2_000;

/** A message that the recorder hands over; a number it has once it is kept. */
export type NewMessage = Omit<HistoryMessage, 'id' | 'status'> & {
  readonly id: number | undefined;
};

/** A file of SQLite with what became of every mail. Kept consistent by SQLite across kill -9. */
export class History implements Disposable {
  readonly #file: HistoryFile;

  /** As HistoryFile.open has it. */
  static open(file: string, readers?: number): History {
    return new History(HistoryFile.open(file, readers));
  }

  /** Opens a file that another process writes. */
  static openToRead(file: string): History {
    return new History(HistoryFile.openToRead(file));
  }

  private constructor(file: HistoryFile) {
    this.#file = file;
  }

  /** How far the log has been read. */
  get position(): Position | undefined {
    const row = this.#file.get("SELECT value FROM positions WHERE name = 'log'");
    return row === undefined ? undefined : JSON.parse(text(row['value']));
  }

  /** The message that has not left under this ID, to go on with. */
  waiting(queueId: string): HistoryMessage | undefined {
    const query = `SELECT * FROM messages WHERE "end" IS NULL
      AND (queue_id = ? OR id IN (SELECT message FROM later_ids WHERE queue_id = ?))`;
    const found = this.#file.all(query, queueId, queueId).map(messageOf);
    return found.toSorted((one, other) => one.start.getTime() - other.start.getTime()).at(-1);
  }

  /**
   * Stores a batch in one transaction.
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
    return this.#file.atOnce(() => {
      for (const id of joined) this.#file.run('DELETE FROM messages WHERE id = ?', id);
      const kept = messages.map((message) => this.#keepMessage(message));
      for (const refusal of refusals) this.#keepRefusal(refusal);
      for (const count of counts) this.#count(count);
      this.#file.run(
        "INSERT OR REPLACE INTO positions VALUES ('log', ?)",
        JSON.stringify(position),
      );
      return kept;
    });
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
      this.#file.run(
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
      this.#file.run('INSERT OR IGNORE INTO later_ids VALUES (?, ?)', later, id);
    }
    return { ...message, id };
  }

  #keepAddress(address: string, isRecipient: boolean, message: number): void {
    const query = 'INSERT OR IGNORE INTO addresses VALUES (?, ?, ?)';
    this.#file.run(query, address, isRecipient ? 1 : 0, message);
  }

  #keepRefusal(refusal: Refusal): void {
    const { time, from, to, client } = refusal;
    this.#file.run(
      'INSERT INTO refusals (time, sender, recipient, client, event) VALUES (?, ?, ?, ?, ?)',
      time.getTime(),
      from?.toLowerCase() ?? null,
      to?.toLowerCase() ?? null,
      client ?? null,
      JSON.stringify(refusal),
    );
  }

  #count({ name, labels, value }: Count): void {
    this.#file.run(
      `INSERT INTO counters VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET value = value + excluded.value`,
      name,
      JSON.stringify(labels),
      value,
    );
  }

  /** The counters since the history began; they include forgotten messages. */
  get counters(): readonly Count[] {
    return this.#file.all('SELECT * FROM counters').map(({ name, labels, value }) => ({
      name: text(name),
      labels: JSON.parse(text(labels)),
      value: Number(value),
    }));
  }

  /** Finds messages, the newest first. */
  messages(wanted: Wanted): readonly HistoryMessage[] {
    const { sql, values } = queryFor(wanted, (address) => this.#isRare(address));
    return this.#file.all(sql, ...values).map(messageOf);
  }

  #isRare(address: string): boolean {
    const some = 'SELECT 1 FROM addresses WHERE address = ? LIMIT ?';
    return this.#file.all(some, address, FEW).length < FEW;
  }

  /**
   * Messages that something was wrong with, the newest first.
   * @param among how many of the newest messages to search, without reading their events
   */
  troubled(since: Date, among: number): readonly HistoryMessage[] {
    const query = `SELECT * FROM
      (SELECT * FROM messages WHERE start >= ? ORDER BY start DESC, id DESC LIMIT ?)
      WHERE status <> 'sent' OR instr(events, '"kind":"refused"') > 0`;
    return this.#file.all(query, since.getTime(), among).map(messageOf);
  }

  /** The refusals, the newest first. */
  refusals(since: Date, most: number): readonly Refusal[] {
    const query = 'SELECT event FROM refusals WHERE time >= ? ORDER BY time DESC LIMIT ?';
    return this.#file.all(query, since.getTime(), most).map(({ event }) => refusalIn(text(event)));
  }

  /** When the oldest message came in; undefined for an empty history. */
  get since(): Date | undefined {
    const row = this.#file.get('SELECT min(start) AS start FROM messages');
    return typeof row?.['start'] === 'number' ? new Date(row['start']) : undefined;
  }

  /**
   * Forgets what is too old, and the oldest tenth while the file is too large.
   * @param mostBytes the size that the file may have
   */
  forget(before: Date, mostBytes: number): void {
    this.#file.run('DELETE FROM messages WHERE start < ?', before.getTime());
    this.#file.run('DELETE FROM refusals WHERE time < ?', before.getTime());
    if (this.#file.bytes <= mostBytes) return;
    this.#file.run(
      `DELETE FROM messages WHERE id IN
       (SELECT id FROM messages ORDER BY start LIMIT (SELECT count(*) / 10 + 1 FROM messages))`,
    );
    this.#file.run(
      `DELETE FROM refusals WHERE id IN
       (SELECT id FROM refusals ORDER BY time LIMIT (SELECT count(*) / 10 + 1 FROM refusals))`,
    );
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}
