/** A relay that runs, or ran, in a container: its log, and what its own program says. */
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { nearest } from '../../entrypoint/messages/nearest.ts';
import { isNotFound } from './answers.ts';
import type { Docker } from './engine.ts';
import { type Answer, execIn, execThrough, type Streams } from './exec.ts';
import { isOfRelay, RELAY_LABEL } from './images.ts';
import { readLogFrames } from './log-frames.ts';

/** Where a relay has its queue. */
export const SPOOL = '/var/spool/postfix';

export class RelayContainer {
  readonly name: string;
  readonly isRunning: boolean;
  /** The volume of its queue, if it has one with a name. */
  readonly queue: string | undefined;
  readonly #container: ReturnType<Docker['getContainer']>;
  readonly #terminal: boolean;

  private constructor(
    name: string,
    container: ReturnType<Docker['getContainer']>,
    seen: {
      readonly isRunning: boolean;
      readonly terminal: boolean;
      readonly queue: string | undefined;
    },
  ) {
    this.queue = seen.queue;
    this.name = name;
    this.#container = container;
    this.isRunning = seen.isRunning;
    this.#terminal = seen.terminal;
  }

  /** @throws UserError when there is no such container, or it is something else than a relay */
  static async find(docker: Docker, name: string): Promise<RelayContainer> {
    // The engine takes no other name, and in the path of a request it would lead elsewhere.
    if (!/^\w[\w.-]*$/.test(name)) throw new UserError(await noSuchContainer(docker, name));
    const container = docker.getContainer(name);
    try {
      const { State, Config, Mounts } = await container.inspect();
      if (!isOfRelay(Config.Labels)) {
        throw new UserError(
          `the container "${name}" is no relay of Hikyaku, but of the image "${Config.Image}": docker ps lists containers with their images`,
          EXIT.failed,
        );
      }
      return new RelayContainer(name, container, {
        isRunning: State.Running && !State.Restarting,
        terminal: Config.Tty,
        queue: Mounts.find(({ Destination }) => Destination === SPOOL)?.Name,
      });
    } catch (fault) {
      if (!isNotFound(fault)) throw fault;
      throw new UserError(await noSuchContainer(docker, name));
    }
  }

  /** Its log until now, the engine's time in front of every line. @param since leaves out what is older */
  async log(since?: Date): Promise<Readable> {
    const log = await this.#logStream({
      stdout: true,
      stderr: true,
      timestamps: true,
      ...(since === undefined ? {} : { since: Math.floor(since.getTime() / 1000) }),
    });
    const lines = new PassThrough();
    if (this.#terminal) return log.pipe(lines);
    this.#container.modem.demuxStream(log, lines, lines);
    log.once('end', () => lines.end());
    return lines;
  }

  /** dockerode's own `logs` holds all of a log that it does not follow, and one may be long. */
  #logStream(options: Readonly<Record<string, boolean | number>>): Promise<Readable> {
    const request = {
      path: `/containers/${this.#container.id}/logs?`,
      method: 'GET',
      isStream: true,
      statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      options,
    };
    return new Promise((resolve, reject) => {
      this.#container.modem.dial(request, (error: unknown, log: Readable) =>
        error ? reject(error) : resolve(log),
      );
    });
  }

  /** All that it said, as it said it. */
  async said(): Promise<string> {
    return this.#text(await this.#container.logs({ follow: false, stdout: true, stderr: true }));
  }

  /** Copies its log, and what comes after it as long as the relay runs and somebody reads. */
  async copyLog(to: NodeJS.WritableStream, follow: boolean): Promise<void> {
    if (!follow) {
      to.write(await this.said());
      return;
    }
    const log = await this.#container.logs({ follow: true, stdout: true, stderr: true });
    if (this.#terminal) log.pipe(to, { end: false });
    else this.#container.modem.demuxStream(log, to, to);
    await once(log, 'end');
  }

  /** The image's stop signal, then SIGKILL; one that has ended already stays as it is. */
  async stop(graceSeconds: number): Promise<void> {
    if (this.isRunning) await this.#container.stop({ t: graceSeconds });
  }

  async remove(): Promise<void> {
    await this.#container.remove({ force: true });
  }

  /** Runs a program in it to its end, with this on its standard input. */
  ask(command: readonly string[], input: string): Promise<Answer> {
    return execIn(this.#container, command, input);
  }

  /** Runs a program in it as somebody at this terminal would. @returns its exit code */
  run(command: readonly string[], streams: Streams): Promise<number> {
    return execThrough(this.#container, command, streams);
  }

  /** With a terminal there is one stream, and no frames (Docker Engine API, "Attach"). */
  #text(log: Buffer): string {
    return this.#terminal ? log.toString('utf8') : readLogFrames(log).all;
  }
}

async function noSuchContainer(docker: Docker, name: string): Promise<string> {
  const relays = await docker.listContainers({ all: true, filters: { label: [RELAY_LABEL] } });
  // The engine gives names with a slash in front, and those of links with two.
  const names = relays.flatMap(({ Names }) => Names.map((one) => one.replace(/^\//, '')));
  const near = nearest(name, names);
  const right = near === undefined ? '' : ` (did you mean ${near}?)`;
  return `there is no container "${name}"${right}: docker ps -a lists them by their names`;
}
