import { stripVTControlCharacters } from 'node:util';
import { type Dockerode, engine, ownerLabel } from './engine.ts';
import { eventually } from './eventually.ts';
import type { TestNetwork } from './network.ts';

export interface RunSpec {
  readonly image: string;
  readonly command: readonly string[];
  readonly network: TestNetwork;
  /** As `docker run --volume` has them. */
  readonly binds: readonly string[];
  /** The address of a DNS server. */
  readonly dns?: string;
}

/** A container at a terminal, as `docker run -it` makes one: somebody reads, and types. */
export class RunTerminal implements AsyncDisposable {
  readonly #container: ReturnType<Dockerode['getContainer']>;
  readonly #stream: NodeJS.ReadWriteStream;
  #screen = '';
  #read = 0;

  private constructor(
    container: ReturnType<Dockerode['getContainer']>,
    stream: NodeJS.ReadWriteStream,
  ) {
    this.#container = container;
    this.#stream = stream;
    stream.on('data', (chunk: Buffer) => {
      this.#screen += chunk.toString();
    });
  }

  static async start(spec: RunSpec): Promise<RunTerminal> {
    const container = await (await engine()).createContainer({
      Image: spec.image,
      Cmd: [...spec.command],
      Labels: ownerLabel(),
      ...{ Tty: true, OpenStdin: true, StdinOnce: true },
      ...{ AttachStdin: true, AttachStdout: true, AttachStderr: true },
      HostConfig: {
        Binds: [...spec.binds],
        NetworkMode: spec.network.name,
        ...(spec.dns === undefined ? {} : { Dns: [spec.dns] }),
      },
    });
    const all = { stream: true, stdin: true, stdout: true, stderr: true, hijack: true } as const;
    const terminal = new RunTerminal(container, await container.attach(all));
    await container.start();
    return terminal;
  }

  /** All that it has shown, without colours and movements of the cursor. */
  get screen(): string {
    return stripVTControlCharacters(this.#screen);
  }

  /** Waits for a text, which was not read before. */
  async sees(wanted: string): Promise<void> {
    this.#read = await eventually(`"${wanted}" on the screen`, () => {
      const at = this.screen.indexOf(wanted, this.#read);
      return at < 0 ? undefined : at + wanted.length;
    }).catch((fault: unknown): never => {
      throw new Error(`the screen:\n${this.screen}`, { cause: fault });
    });
  }

  /** Waits for a question, and types an answer. */
  async answers(question: string, typed: string): Promise<void> {
    await this.sees(question);
    this.#stream.write(typed);
  }

  /** Waits for its end, and returns the exit code. */
  async ends(): Promise<number> {
    const { StatusCode: code } = await this.#container.wait();
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#container.remove({ force: true, v: true });
  }
}
