import { CommandFailed } from '../cli/errors.ts';
import { COMMAND_CONFIG, run } from '../postfix/running/command.ts';
import { indexSuffix } from '../postfix/table-reference.ts';
import { type RenderedFile, SECRET } from '../render/file.ts';

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
