import { CommandError } from '../errors.ts';
import { type RenderedFile, SECRET } from '../render/file.ts';
import { COMMAND_CONFIG, run } from './run.ts';

/** Types that Postfix reads as text: there is nothing to index (DATABASE_README). */
const UNINDEXED = ['texthash', 'cidr', 'regexp', 'pcre'];

/** The commands that index a set of files. */
export const postmapCommands = (files: readonly RenderedFile[]) =>
  files.flatMap((file) =>
    file.index === undefined || UNINDEXED.includes(file.index)
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
      const shown =
        file.mode === SECRET ? '(what it said is not shown: it may quote a secret)' : output;
      throw new CommandError(command, status, shown);
    }),
  );
}
