/**
 * Clients that send exact bytes, all at once. The file is copied into a container unchanged, so it
 * imports no file of ours.
 *
 * Usage: node talk.mts FILE, a Task in JSON. One line of JSON, a TalkResult, for each dialogue.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** The next step of a client. */
export type Step =
  /** Says something; each character is a byte. */
  | { readonly say: string; readonly pauseAfterByteMs?: number }
  /** Waits for this number of replies, or until the server ends the connection. */
  | { readonly hear: number | 'end' };

export type Dialogue = readonly Step[];

/** The program's task. */
export interface Task {
  readonly host: string;
  readonly port: number;
  readonly dialogues: readonly Dialogue[];
  /** No dialogue takes longer. */
  readonly deadlineMs: number;
  /** Stays connected so long after its last step. */
  readonly stayMs: number;
}

/** The result of one dialogue. */
export interface TalkResult {
  /** Which dialogue, from 0. */
  readonly index: number;
  /** The lines of one reply are joined by line breaks. */
  readonly replies: readonly string[];
  /** How far it came: the server ended the connection, or the deadline came first. */
  readonly outcome: 'said' | 'ended' | 'late';
}

/** One connection: what the server has said, and whether it has ended the connection. */
class Connection {
  readonly replies: string[] = [];
  readonly socket: Socket;
  ended = false;
  #rest = '';
  #open = '';

  constructor(host: string, port: number) {
    this.socket = connect(port, host);
    this.socket.setEncoding('latin1');
    this.socket.setNoDelay(true);
    this.socket.on('data', (text: string) => this.#read(text));
    // A reset while we speak is an end like any other.
    this.socket.on('error', () => this.#end());
    this.socket.on('close', () => this.#end());
  }

  /** Waits until the server has said more, or ended the connection. */
  async change(signal: AbortSignal): Promise<void> {
    if (!this.ended) await once(this.socket, 'heard', { signal });
  }

  #end(): void {
    this.ended = true;
    this.socket.emit('heard');
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\r\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      this.#open += this.#open === '' ? line : `\n${line}`;
      if (/^\d{3}-/.test(line)) continue;
      this.replies.push(this.#open);
      this.#open = '';
    }
    this.socket.emit('heard');
  }
}

async function say(
  connection: Connection,
  { say: text, pauseAfterByteMs }: Extract<Step, { say: string }>,
  signal: AbortSignal,
): Promise<void> {
  if (pauseAfterByteMs === undefined) {
    connection.socket.write(text, 'latin1');
    return;
  }
  for (const byte of text) {
    if (connection.ended) return;
    connection.socket.write(byte, 'latin1');
    await pause(pauseAfterByteMs, undefined, { signal });
  }
}

async function talk(
  { host, port, stayMs, deadlineMs }: Task,
  dialogue: Dialogue,
  index: number,
): Promise<void> {
  const connection = new Connection(host, port);
  const signal = AbortSignal.timeout(deadlineMs);
  let outcome: TalkResult['outcome'] = 'said';
  let heard = 0;
  try {
    for (const step of dialogue) {
      if ('say' in step) {
        await say(connection, step, signal);
        continue;
      }
      heard += step.hear === 'end' ? Number.POSITIVE_INFINITY : step.hear;
      while (!connection.ended && connection.replies.length < heard)
        await connection.change(signal);
    }
    if (connection.ended) outcome = 'ended';
  } catch {
    outcome = 'late';
  }
  const result: TalkResult = { index, replies: connection.replies, outcome };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (stayMs > 0) await pause(stayMs);
  connection.socket.destroy();
}

const task: Task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
await Promise.all(task.dialogues.map((dialogue, index) => talk(task, dialogue, index)));
