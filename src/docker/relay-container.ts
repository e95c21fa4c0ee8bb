/** A relay that runs, or ran, in a container: its log, and what its own program says. */
import type { Readable } from 'node:stream';
import { UserError } from '../errors.ts';
import type { Docker } from './engine.ts';
import { type Output, readLogFrames } from './log-frames.ts';

export type Answer = Output & { readonly exitCode: number };

export class RelayContainer {
  readonly name: string;
  readonly isRunning: boolean;
  readonly #container: ReturnType<Docker['getContainer']>;
  readonly #terminal: boolean;

  private constructor(
    name: string,
    container: ReturnType<Docker['getContainer']>,
    seen: { readonly isRunning: boolean; readonly terminal: boolean },
  ) {
    this.name = name;
    this.#container = container;
    this.isRunning = seen.isRunning;
    this.#terminal = seen.terminal;
  }

  /** @throws UserError when there is no such container */
  static async find(docker: Docker, name: string): Promise<RelayContainer> {
    const container = docker.getContainer(name);
    try {
      const { State, Config } = await container.inspect();
      return new RelayContainer(name, container, {
        isRunning: State.Running && !State.Restarting,
        terminal: Config.Tty,
      });
    } catch (fault) {
      if (!isNotFound(fault)) throw fault;
      throw new UserError(
        `there is no container "${name}": docker ps -a lists them by their names`,
      );
    }
  }

  /** Its log, the engine's time in front of every line. @param since leaves out what is older */
  async log(since?: Date): Promise<string> {
    const bytes = await this.#container.logs({
      follow: false,
      stdout: true,
      stderr: true,
      timestamps: true,
      ...(since === undefined ? {} : { since: Math.floor(since.getTime() / 1000) }),
    });
    // With a terminal there is one stream, and no frames (Docker Engine API, "Attach").
    return this.#terminal ? bytes.toString('utf8') : readLogFrames(bytes).all;
  }

  /** Runs a program in it to its end, with this on its standard input. */
  async ask(command: readonly string[], input: string): Promise<Answer> {
    const exec = await this.#container.exec({
      Cmd: [...command],
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true });
    stream.end(input);
    const output = readLogFrames(await everything(stream));
    const { ExitCode } = await exec.inspect();
    return { ...output, exitCode: ExitCode ?? 1 };
  }
}

async function everything(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

const isNotFound = (fault: unknown): boolean =>
  fault instanceof Error && 'statusCode' in fault && fault.statusCode === 404;
