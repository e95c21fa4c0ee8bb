import { CommandFailed } from '../cli/errors.ts';
import { COMMAND_CONFIG, run } from '../postfix/running/command.ts';
import { type RenderedFile, SECRET } from '../render/file.ts';

/** The types that postmap makes a second file for, and that file's suffix (DATABASE_README). */
const SUFFIXES: Readonly<Record<string, string>> = { lmdb: '.lmdb', hash: '.db', cdb: '.cdb' };

/** What a table of an earlier start may have left behind, whatever its type was. */
export const INDEX_SUFFIXES: readonly string[] = Object.values(SUFFIXES);

/** What postmap adds to a table's name, or undefined for what Postfix reads as text. */
export const indexSuffix = (index: string | undefined): string | undefined =>
  index === undefined ? undefined : SUFFIXES[index];

/** The commands that index a set of files. */
export const postmapCommands = (files: readonly RenderedFile[]) =>
  files.flatMap((file) =>
    indexSuffix(file.index) === undefined
      ? []
      : [
          {
            file,
            command: ['/usr/sbin/postmap', '-c', COMMAND_CONFIG, `${file.index}:${file.path}`],
          },
        ],
  );

/**
 * Indexes the tables side by side. postmap only warns about a line that it cannot use and goes on,
 * so anything it says counts as a failure.
 */
export async function indexTables(files: readonly RenderedFile[]): Promise<void> {
  await Promise.all(
    postmapCommands(files).map(async ({ file, command }) => {
      const { ok, status, output } = await run(command);
      if (ok && output === '') return;
      const secret = '(what it said is not shown: it may quote a secret)';
      throw new CommandFailed(
        `${command.join(' ')}: ${status}`,
        file.mode === SECRET ? secret : output,
      );
    }),
  );
}
