import { closeSync, constants, fstatSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { isSystemError } from '../../cli/errors.ts';

/** A recipient whose mail came back. */
export interface Bounced {
  readonly recipient: string;
  readonly reason: string;
}

/** Reads a bounce log: paragraphs of `name=value` lines, one for each recipient (bounce(8)). */
export const readBounces = (log: string): readonly Bounced[] =>
  log
    .split(/\n\n+/)
    .map((paragraph) => ({
      recipient: /^recipient=(.*)$/m.exec(paragraph)?.[1] ?? '',
      reason: /^reason=(.*)$/m.exec(paragraph)?.[1] ?? '',
    }))
    .filter(({ recipient, reason }) => recipient !== '' && reason !== '');

/**
 * The bounce log of one message, opened before its first delivery. bounce(8) appends to the file of
 * that name, and removes it once the sender has been notified; a file that is open can be read all
 * the same. The queue manager removes an empty one when it is done with the message
 * (qmgr_active_done in its source), so nothing is left behind and nothing comes of it.
 *
 * So a message that has left the queue with an empty log was delivered, and that is the only way to
 * know: Postfix's log goes to the container's output, where nothing inside can read it.
 */
export class BounceLog {
  readonly #path: string;
  readonly #handle: number;

  private constructor(path: string, handle: number) {
    this.#path = path;
    this.#handle = handle;
  }

  static open(spool: string, id: string): BounceLog {
    const { uid, gid } = statSync(`${spool}/bounce`);
    const path = `${spool}/bounce/${id}`;
    const { O_RDWR, O_CREAT, O_EXCL } = constants;
    return as(
      uid,
      gid,
      () => new BounceLog(path, openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600)),
    );
  }

  /** Undefined when bounce(8) has begun one already. */
  static openIfNew(spool: string, id: string): BounceLog | undefined {
    try {
      return BounceLog.open(spool, id);
    } catch (fault) {
      if (isSystemError(fault) && fault.code === 'EEXIST') return undefined;
      throw fault;
    }
  }

  bounces(): readonly Bounced[] {
    const bytes = Buffer.alloc(fstatSync(this.#handle).size);
    readSync(this.#handle, bytes, 0, bytes.length, 0);
    return readBounces(bytes.toString('utf8'));
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** For a message that Postfix did not take after all. */
  discard(): void {
    rmSync(this.#path, { force: true });
    this.close();
  }
}

/** Does something as another user: the file has to be Postfix's, and this container may not chown. */
function as<T>(uid: number, gid: number, act: () => T): T {
  const own = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
  process.setegid?.(gid);
  process.seteuid?.(uid);
  try {
    return act();
  } finally {
    process.seteuid?.(own.uid);
    process.setegid?.(own.gid);
  }
}
