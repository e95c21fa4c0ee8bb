import type { ExecOptions, ExecResult, StartedTestContainer } from 'testcontainers';
import type { ContainerSpec } from './container-spec.ts';
import { engine } from './engine.ts';
import { eventually, Hopeless, type Patience } from './eventually.ts';
import { type Output, readLogFrames } from './log-frames.ts';
import { type FileContent, MountedFiles } from './mounted-files.ts';
import { SpecifiedContainer } from './specified-container.ts';

type EngineContainer = ReturnType<Awaited<ReturnType<typeof engine>>['getContainer']>;

/** A container of a test. Disposing of it removes it and its anonymous volumes. */
export class TestContainer implements AsyncDisposable {
  /** The name by which other containers of the network reach it. */
  readonly alias: string;
  /** Its address on the network. */
  readonly address: string;
  readonly #container: EngineContainer;
  readonly #started: StartedTestContainer;
  readonly #files: MountedFiles;

  constructor(
    spec: ContainerSpec,
    started: StartedTestContainer,
    container: EngineContainer,
    files: MountedFiles,
  ) {
    this.alias = spec.aliases[0];
    this.address = started.getIpAddress(spec.network.name);
    this.#started = started;
    this.#container = container;
    this.#files = files;
  }

  get id(): string {
    return this.#container.id;
  }

  /** Runs a program in the container; a status other than 0 is for the caller to judge. */
  exec(command: readonly string[], options: Partial<ExecOptions> = {}): Promise<ExecResult> {
    return this.#started.exec([...command], options);
  }

  /** Runs a program that has to succeed, and returns its standard output. */
  async run(command: readonly string[], options: Partial<ExecOptions> = {}): Promise<string> {
    const { exitCode, stdout, output } = await this.exec(command, options);
    if (exitCode !== 0) throw new Error(`${command.join(' ')}: exit code ${exitCode}\n${output}`);
    return stdout;
  }

  /** What the image's health check found: the state, and the exit code of each probe. */
  async health(): Promise<{ readonly status: string; readonly probes: readonly number[] }> {
    const { State } = await this.#container.inspect();
    const { Status: status = 'none', Log: log = [] } = State.Health ?? {};
    return { status, probes: log.map(({ ExitCode }) => ExitCode) };
  }

  /** What it has written so far. */
  async output(): Promise<Output> {
    return readLogFrames(await this.#container.logs({ stdout: true, stderr: true }));
  }

  async logs(): Promise<string> {
    return (await this.output()).all;
  }

  /** Waits until the log matches, and returns the match. */
  async waitForLog(pattern: RegExp, patience?: Patience): Promise<RegExpExecArray> {
    return eventually(
      `${pattern} in the log of ${this.alias}`,
      async () => {
        // Looked at before the log is read, so that the last words are not missed.
        const exitCode = await this.exitCode();
        const log = await this.logs();
        const match = pattern.exec(log);
        if (match === null && exitCode !== null) {
          throw new Hopeless(`${this.alias} ended with exit code ${exitCode}; its log:\n${log}`);
        }
        return match;
      },
      patience,
    );
  }

  /** Null while it runs. */
  async exitCode(): Promise<number | null> {
    const { State } = await this.#container.inspect();
    return State.Status === 'exited' || State.Status === 'dead' ? State.ExitCode : null;
  }

  /** Waits for its end, and returns the exit code. */
  waitForExit(patience?: Patience): Promise<number> {
    return eventually(`the end of ${this.alias}`, () => this.exitCode(), patience);
  }

  /** `docker kill`: no time for last words. */
  async kill(signal = 'SIGKILL'): Promise<void> {
    await this.#container.kill({ signal });
  }

  /** `docker stop`: waits for the end and returns the exit code. */
  async stop({ graceSeconds = 10 } = {}): Promise<number> {
    await this.#container.stop({ t: graceSeconds });
    return this.waitForExit();
  }

  /** `docker start`, after a kill or a stop. */
  async start(): Promise<void> {
    await this.#container.start();
  }

  /** `docker pause` and `docker unpause`: the machine is frozen, its connections stay. */
  async pause(): Promise<void> {
    await this.#container.pause();
  }

  async unpause(): Promise<void> {
    await this.#container.unpause();
  }

  /** Changes one of the files that it was started with. */
  write(path: string, content: FileContent): Promise<void> {
    return this.#files.write(path, content);
  }

  /** Puts a new file into the container. */
  async copyIn(target: string, content: string): Promise<void> {
    await this.#started.copyContentToContainer([{ content, target }]);
  }

  /** Where the host reaches a port that was exposed. */
  hostAddress(port: number): { readonly host: string; readonly port: number } {
    return { host: this.#started.getHost(), port: this.#started.getMappedPort(port) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#container.remove({ force: true, v: true });
    await this.#files[Symbol.asyncDispose]();
  }
}

/** The parameters of TestContainer's constructor. */
export type ContainerParts = ConstructorParameters<typeof TestContainer>;

/** Starts a container; it may not be ready yet, and may already have ended. */
export async function startContainer(spec: ContainerSpec): Promise<TestContainer> {
  return new TestContainer(...(await containerParts(spec)));
}

/**
 * Starts a container and waits until it is ready.
 *
 * @param sign what it writes when it is
 * @param create makes the object from its parts; default: a TestContainer
 * @throws Error with its whole log when it ends before that, or takes too long
 */
export async function startReady<T extends TestContainer>(
  spec: ContainerSpec,
  sign: RegExp,
  create: (...parts: ContainerParts) => T,
): Promise<T> {
  const container = create(...(await containerParts(spec)));
  try {
    await container.waitForLog(sign, { timeoutMs: 60_000 });
    return container;
  } catch (error) {
    const log = await container.logs();
    await container[Symbol.asyncDispose]();
    throw new Error(`${spec.image} did not become ready; its log:\n${log}`, { cause: error });
  }
}

async function containerParts(spec: ContainerSpec): Promise<ContainerParts> {
  const files = await MountedFiles.create(spec.files ?? {});
  const started = await new SpecifiedContainer(spec, files).start();
  return [spec, started, (await engine()).getContainer(started.getId()), files];
}
