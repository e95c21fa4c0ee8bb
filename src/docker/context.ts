/**
 * The build context: which files the engine is sent, as a tar stream.
 *
 * dockerode can pack a context too, but it applies the `.dockerignore` at the root to every build,
 * and ours lists what the relay's image is made from and nothing else.
 */
import path from 'node:path';
import type { Readable } from 'node:stream';
import dockerignore from '@balena/dockerignore';
import tar from 'tar-fs';

export interface Context {
  /** The directory that the entries are relative to. */
  readonly root: string;
  /** Files and directories that do not contain each other. */
  readonly entries: readonly string[];
  /** The exclusions, in the syntax of `.dockerignore`. */
  readonly ignore: string;
}

/**
 * The context that a `.dockerignore` of the allow-list form describes: `*`, then what is let in
 * (`!path`), then what is left out of that. So `docker build .` and our own build send the same.
 */
export function contextFromDockerignore(text: string): Omit<Context, 'root'> {
  const patterns = text.split('\n').map((line) => line.trim());
  if (patterns.find((line) => line !== '' && !line.startsWith('#')) !== '*') {
    throw new Error('.dockerignore must begin with "*" and then name what is let in');
  }
  const entries = patterns.filter((one) => one.startsWith('!')).map((one) => one.slice(1));
  return { entries, ignore: text };
}

/** Packs the context. The stream fails when an entry is missing. */
export function packContext({ root, entries, ignore }: Context): Readable {
  const rules = dockerignore.default().add(ignore);
  return tar.pack(root, {
    entries: [...entries],
    ignore: (file) => {
      const inside = path.relative(root, file);
      return inside !== '' && !entries.includes(inside) && rules.ignores(inside);
    },
  });
}
