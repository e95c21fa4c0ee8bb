/** A container of a scratch run: what runs in it, what it says, and how it ends. */
import type { Docker } from './engine.ts';
import { type Answer, execIn } from './exec.ts';
import { readLogFrames } from './log-frames.ts';

type Container = ReturnType<Docker['getContainer']>;

export class ScratchContainer {
  readonly image: string;
  readonly #docker: Docker;
  readonly #container: Container;

  constructor(docker: Docker, container: Container, image: string) {
    this.#docker = docker;
    this.#container = container;
    this.image = image;
  }

  get id(): string {
    return this.#container.id;
  }

  /** Runs a program to its end. */
  exec(
    command: readonly string[],
    { input = '' }: { readonly input?: string } = {},
  ): Promise<Answer> {
    return execIn(this.#container, command, input);
  }

  async log(): Promise<string> {
    return readLogFrames(await this.#container.logs({ stdout: true, stderr: true })).all;
  }

  /** `running` or how it ended, and what the health check of the image says. */
  async state(): Promise<{
    readonly running: boolean;
    readonly exitCode: number;
    readonly health: string | undefined;
  }> {
    const { State } = await this.#container.inspect();
    return { running: State.Running, exitCode: State.ExitCode, health: State.Health?.Status };
  }

  /** Waits for its end. */
  async exitCode(): Promise<number> {
    return (await this.#container.wait()).StatusCode;
  }

  /** SIGKILL, without a chance to put anything in order. */
  async kill(): Promise<void> {
    await this.#container.kill({ signal: 'SIGKILL' });
    await this.#container.wait();
  }

  async start(): Promise<void> {
    await this.#container.start();
  }

  /** The image's stop signal, then SIGKILL after the grace period. */
  async stop(graceSeconds: number): Promise<void> {
    await this.#container.stop({ t: graceSeconds });
  }

  /** One more network; what the container found out at its start does not change. */
  async join(network: string, alias: string): Promise<void> {
    await this.#docker.getNetwork(network).connect({
      Container: this.#container.id,
      EndpointConfig: { Aliases: [alias] },
    });
  }
}
