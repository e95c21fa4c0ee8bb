import type { ExecOptions, ExecResult, StartedTestContainer } from 'testcontainers';
import type { ContainerSpec } from './container-spec.ts';
import { type Dockerode, engine } from './engine.ts';
import { eventually, Hopeless, type Patience } from './eventually.ts';
import { type Output, readLogFrames } from './log-frames.ts';
import { type FileContent, MountedFiles } from './mounted-files.ts';
import { SpecifiedContainer } from './specified-container.ts';

type EngineContainer = ReturnType<Dockerode['getContainer']>;
type ContainerInspectInfo = Awaited<ReturnType<EngineContainer['inspect']>>;

/** A container of a test. Disposing of it removes it and its anonymous volumes. */
export class TestContainer implements AsyncDisposable {
  /** The name by which other containers of the network reach it. */
  readonly alias: string;
  readonly #network: string;
  readonly #container: EngineContainer;
  readonly #started: StartedTestContainer;
  readonly #files: MountedFiles;
  #seen: ContainerInspectInfo;
  #removed = false;

  constructor(
    spec: ContainerSpec,
    started: StartedTestContainer,
    container: EngineContainer,
    inspected: ContainerInspectInfo,
    files: MountedFiles,
  ) {
    this.alias = spec.aliases[0];
    this.#network = spec.network.name;
    this.#started = started;
    this.#container = container;
    this.#seen = inspected;
    this.#files = files;
  }

  get id(): string {
    return this.#container.id;
  }

  /** Its address on the network; a new one after `start`. */
  get address(): string {
    return this.#seen.NetworkSettings.Networks[this.#network]?.IPAddress ?? '';
  }

  /** The same of IPv6; empty on a network without. */
  get address6(): string {
    return this.#seen.NetworkSettings.Networks[this.#network]?.GlobalIPv6Address ?? '';
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

  /** The result of the image's health check: the state, and the exit code of each probe. */
  async health(): Promise<{ readonly status: string; readonly probes: readonly number[] }> {
    const { State } = await this.#container.inspect();
    const { Status: status = 'none', Log: log = [] } = State.Health ?? {};
    return { status, probes: log.map(({ ExitCode }) => ExitCode) };
  }

  /** Its output so far. */
  async output(): Promise<Output> {
    return readLogFrames(await this.#container.logs({ stdout: true, stderr: true }));
  }

  async logs(): Promise<string> {
    return (await this.output()).all;
  }

  /**
   * Waits until the log matches, and returns the match.
   *
   * @param after number of characters of the log to skip
   */
  async waitForLog(
    pattern: RegExp,
    { after = 0, ...patience }: Patience & { readonly after?: number } = {},
  ): Promise<RegExpExecArray> {
    return eventually(
      `${pattern} in the log of ${this.alias}`,
      async () => {
        // Looked at before the log is read, so that the last words are not missed.
        const exitCode = await this.exitCode();
        const log = await this.logs();
        const match = pattern.exec(log.slice(after));
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
  async waitForExit(patience?: Patience): Promise<number> {
    try {
      return await eventually(`the end of ${this.alias}`, () => this.exitCode(), patience);
    } catch (error) {
      throw new Error(`${this.alias} goes on; its log:\n${await this.logs()}`, { cause: error });
    }
  }

  /** `docker kill`: no time for last words. */
  async kill(signal = 'SIGKILL'): Promise<void> {
    await this.#container.kill({ signal });
  }

  /** `docker stop`: waits for the end and returns the exit code. */
  async stop({ graceSeconds = 60 } = {}): Promise<number> {
    await this.#container.stop({ t: graceSeconds });
    return this.waitForExit();
  }

  /** `docker start`, after a kill or a stop: its addresses and ports are new. */
  async start(): Promise<void> {
    await this.#container.start();
    this.#seen = await this.#container.inspect();
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

  /**
   * Replaces one of these files, as `sed -i` does, so that the container still sees the old one.
   */
  replace(path: string, content: FileContent): Promise<void> {
    return this.#files.replace(path, content);
  }

  /** Puts a new file into the container. */
  async copyIn(target: string, content: string): Promise<void> {
    await this.#started.copyContentToContainer([{ content, target }]);
  }

  /** The address of an exposed port on the host. */
  hostAddress(port: number): { readonly host: string; readonly port: number } {
    const bound = this.#seen.NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort;
    if (bound === undefined) throw new Error(`port ${port} of ${this.alias} is not exposed`);
    return { host: this.#started.getHost(), port: Number(bound) };
  }

  /** Removes it; a second time does nothing, so that a test can do so before its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#removed) return;
    this.#removed = true;
    await this.#container.remove({ force: true, v: true });
    await this.#files[Symbol.asyncDispose]();
  }
}

type ContainerParts = ConstructorParameters<typeof TestContainer>;

/** Starts a container; it may not be ready yet, and may already have ended. */
export async function startContainer(spec: ContainerSpec): Promise<TestContainer> {
  return new TestContainer(...(await containerParts(spec)));
}

/**
 * Starts a container and waits until it is ready.
 *
 * @param sign what it writes when it is
 * @throws Error with its whole log when it ends before that, or takes too long
 */
export const startReady = (spec: ContainerSpec, sign: RegExp): Promise<TestContainer> =>
  startReadyAs(TestContainer, spec, sign);

/** The same, seen as a container of a particular kind. */
export async function startReadyAs<T extends TestContainer>(
  Kind: new (...parts: ContainerParts) => T,
  spec: ContainerSpec,
  sign: RegExp,
): Promise<T> {
  const container = new Kind(...(await containerParts(spec)));
  try {
    await container.waitForLog(sign);
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
  const container = (await engine()).getContainer(started.getId());
  return [spec, started, container, await container.inspect(), files];
}
