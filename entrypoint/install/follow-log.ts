import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { EXIT, UserError } from '../cli/errors.ts';
import { SPOOL } from '../postfix/spool.ts';
import { FOLLOWER } from '../render/log-destination.ts';

/**
 * Copies the log to this program (helpers/follow-log.c), and puts the settings as they are given in
 * force again when this program ends, however it does: a shell in a session of its own waits for the
 * end of a pipe. `keep` on that pipe says that the settings in force are to stay.
 */
const GUARD = `
/usr/lib/hikyaku/follow-log "$1" "$2" &
exec >&-
read -r answer
[ "$answer" = keep ] || hikyaku reload > /dev/null 2>&1
kill $!
rm -f "$1"
`;

/** The log of the running relay while a program follows it. */
export class FollowedLog {
  readonly #guard: ChildProcessByStdio<Writable, Readable, null>;
  readonly #ended: Promise<unknown>;

  private constructor(guard: ChildProcessByStdio<Writable, Readable, null>) {
    this.#guard = guard;
    this.#ended = once(guard, 'close');
  }

  /**
   * Begins. The log comes once settings with `followed` are in force.
   * @param hear receives each line
   * @param ended is called when no more lines come
   * @throws UserError when the log cannot be followed
   */
  static async begin(hear: (line: string) => void, ended: () => void): Promise<FollowedLog> {
    const sockets = [FOLLOWER, 'postlog'].map((name) => `${SPOOL}/public/${name}`);
    const guard = spawn('/bin/sh', ['-c', GUARD, 'hikyaku-pair', ...sockets], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    const log = new FollowedLog(guard);
    let isThere = false;
    const lines = createInterface({ input: guard.stdout });
    await new Promise<void>((resolve, reject) => {
      lines.on('line', (line) => {
        if (isThere) hear(line);
        // The first one says that it listens.
        isThere = true;
        resolve();
      });
      lines.once('close', () => {
        if (isThere) return ended();
        // Nothing has changed, and the socket belongs to another follower.
        guard.kill('SIGKILL');
        const why = 'the log cannot be followed: another "hikyaku pair" runs here, perhaps';
        reject(new UserError(why, EXIT.unavailable));
      });
    });
    return log;
  }

  /** Ends. @param keep whether the settings in force stay, which must not be `followed` any more */
  async end(keep: boolean): Promise<void> {
    this.#guard.stdin.end(keep ? 'keep\n' : '\n');
    await this.#ended;
  }
}
