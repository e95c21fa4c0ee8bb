/**
 * The build context: which files the engine is sent, as a tar stream.
 *
 * dockerode can pack a context too, but it applies the `.dockerignore` at the root to every build,
 * and ours lists what the relay's image is made from and nothing else.
 */
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { CommandFailed } from '../../entrypoint/cli/errors.ts';

export interface Context {
  /** The directory that the entries are relative to. */
  readonly root: string;
  /** Files and directories. */
  readonly entries: readonly string[];
  /** Patterns of tar(1) for what is left out. */
  readonly exclude: readonly string[];
}

/**
 * The context that a `.dockerignore` of the allow-list form describes: `*`, then what is let in
 * (`!path`), then what is left out of that. So `docker build .` and our own build send the same.
 */
export function contextFromDockerignore(text: string): Omit<Context, 'root'> {
  const patterns = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  if (patterns[0] !== '*') {
    throw new Error('.dockerignore must begin with "*" and then name what is let in');
  }
  return {
    entries: patterns
      .filter((pattern) => pattern.startsWith('!'))
      .map((pattern) => pattern.slice(1)),
    exclude: patterns.slice(1).filter((pattern) => !pattern.startsWith('!')),
  };
}

/** Entries that are not inside another one: tar would write the second copy as a hard link. */
export function outermost(entries: readonly string[]): readonly string[] {
  return entries.filter(
    (entry) => !entries.some((other) => other !== entry && entry.startsWith(`${other}/`)),
  );
}

/** Packs the context. `done` rejects when tar fails, for instance because an entry is missing. */
export function packContext(context: Context): {
  readonly stream: Readable;
  readonly done: Promise<void>;
} {
  const exclude = context.exclude.map((one) => `--exclude=${one}`);
  const entries = outermost(context.entries);
  const tar = spawn('tar', ['-C', context.root, ...exclude, '-cf', '-', '--', ...entries], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const done = new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', (status) => {
      if (status === 0) resolve();
      else reject(new CommandFailed(`packing ${entries.join(' ')} failed`, said));
    });
  });
  return { stream: tar.stdout, done };
}
