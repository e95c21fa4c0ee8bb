import { engine } from './engine.ts';
import { eventually } from './eventually.ts';

/** A program at a terminal in a container, as `docker exec -it` runs it, and somebody who types. */
export class Terminal {
  #seen = '';
  readonly #stream: NodeJS.ReadWriteStream;
  readonly #ended: Promise<void>;
  readonly #exitCode: () => Promise<number | null>;

  private constructor(stream: NodeJS.ReadWriteStream, exitCode: () => Promise<number | null>) {
    this.#stream = stream;
    this.#exitCode = exitCode;
    stream.on('data', (chunk: Buffer) => {
      this.#seen += chunk.toString();
    });
    this.#ended = new Promise((resolve) => stream.once('end', resolve));
  }

  static async open(
    { id }: { readonly id: string },
    command: readonly string[],
  ): Promise<Terminal> {
    const exec = await (await engine()).getContainer(id).exec({
      Cmd: [...command],
      Tty: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
    });
    const stream = await exec.start({ hijack: true, stdin: true, Tty: true });
    return new Terminal(stream, async () => (await exec.inspect()).ExitCode);
  }

  /** Waits until it shows this, and returns the match. @param after what was seen before */
  until(pattern: RegExp, after = 0): Promise<RegExpExecArray> {
    return eventually(`${pattern} on the terminal`, async () =>
      pattern.exec(this.#seen.slice(after)),
    );
  }

  type(keys: string): void {
    this.#stream.write(keys);
  }

  get seen(): string {
    return this.#seen;
  }

  /** Waits for the end of the program. */
  async end(): Promise<{ readonly exitCode: number | null; readonly seen: string }> {
    await this.#ended;
    return { exitCode: await this.#exitCode(), seen: this.#seen };
  }
}
