/** Running a program in a container that runs. */
import { buffer } from 'node:stream/consumers';
import type { Docker } from './engine.ts';
import { type Output, readLogFrames } from './log-frames.ts';

export type Answer = Output & { readonly exitCode: number };

/** Runs a program to its end. @param input what it gets on its standard input */
export async function execIn(
  container: ReturnType<Docker['getContainer']>,
  command: readonly string[],
  input: string,
): Promise<Answer> {
  const exec = await container.exec({
    Cmd: [...command],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: true });
  stream.end(input);
  const output = readLogFrames(await buffer(stream));
  return { ...output, exitCode: (await exec.inspect()).ExitCode ?? 1 };
}
