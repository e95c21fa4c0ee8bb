import { type CompanionPart, companionParts } from '../render/companion-parts.ts';
import { CONFIG_DIRECTORY } from '../render/file.ts';
import { signerConfiguration } from '../render/signing.ts';
import type { KeyAlgorithm, Settings } from '../settings/settings.ts';

/** A program that runs beside Postfix. */
export interface Program {
  /** Its name in `health` and `status`. */
  readonly name: string;
  /** The program's path and its words; it stays in the foreground. */
  readonly command: readonly string[];
  /**
   * For a program that runs only now and then, to save memory: a file with the time of its next
   * run, in seconds since 1970. It runs at once if the file is missing.
   */
  readonly dueFile?: string;
  /** The signal to read the settings again; absent if the program does so by itself. */
  readonly reload?: NodeJS.Signals;
}

/** Keeps access tokens of OAuth 2 (tokens/tokens.ts): runs as root, without a listener. */
export const TOKENS = {
  name: 'tokens',
  command: ['/usr/local/bin/node', '/usr/share/hikyaku/companion.js'],
  dueFile: `${CONFIG_DIRECTORY}/oauth2.due`,
} as const satisfies Program;

/**
 * The programs that the settings require; usually empty.
 * @param files those that the settings come from or name
 */
export function programsOf(settings: Settings, files: readonly string[]): readonly Program[] {
  const programs: Readonly<Record<CompanionPart, readonly Program[]>> = {
    watcher: [watcher(files)],
    recorder: [RECORDER],
    page: [PAGE],
    signer: (settings.signing?.keys ?? []).map(({ algorithm }) => signer(algorithm)),
    tokens: [TOKENS],
  };
  return companionParts(settings).flatMap((part) => programs[part]);
}

/** A shell that looks at the files every two seconds: a program of Node.js would take 40 MB for it. */
const watcher = (files: readonly string[]): Program => ({
  name: 'watcher',
  command: ['/bin/sh', '/usr/share/hikyaku/watch.sh', ...files],
});

/**
 * Runs as root, since the log is root's, without a listener. These options limit its growth after a
 * hundred thousand lines at once to 10 MB instead of 40.
 */
const RECORDER: Program = {
  name: 'recorder',
  command: [
    ...['/usr/local/bin/node', '--max-semi-space-size=2', '--max-old-space-size=256'],
    ...['--optimize-for-size', '/usr/share/hikyaku/recorder.js'],
  ],
};

/**
 * It starts as root to read its settings, and changes to another account before it listens. It
 * makes no machine code at run time, since SQLite and the parser do most of the work. That saves 5
 * MB, and an attacker finds no memory that is both writable and executable.
 */
const PAGE: Program = {
  name: 'page',
  command: [
    ...['/usr/local/bin/node', '--max-semi-space-size=1', '--max-old-space-size=128'],
    ...['--jitless', '--v8-pool-size=0', '/usr/share/hikyaku/page.js'],
  ],
};

/** It gives up root's rights by itself (UserID in opendkim.conf(5), SIGUSR1 in opendkim(8)). */
const signer = (algorithm: KeyAlgorithm): Program => ({
  name: `signer-${algorithm}`,
  command: ['/usr/sbin/opendkim', '-f', '-x', signerConfiguration(algorithm)],
  reload: 'SIGUSR1',
});
