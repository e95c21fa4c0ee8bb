/** A relay that runs, or ran, in a container: its log, and what its own program says. */
import { once } from 'node:events';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { nearest } from '../../entrypoint/messages/nearest.ts';
import { SPOOL } from '../../entrypoint/postfix/spool.ts';
import { isNotFound } from './answers.ts';
import type { Docker } from './engine.ts';
import { execIn, type Streams } from './exec.ts';
import { isOfRelay, RELAY_LABEL } from './images.ts';

export class RelayContainer {
  readonly name: string;
  readonly isRunning: boolean;
  /** The volume of its queue, if it has one with a name. */
  readonly queue: string | undefined;
  /** The networks that it is on. */
  readonly networks: readonly string[];
  readonly #container: ReturnType<Docker['getContainer']>;
  readonly #terminal: boolean;

  private constructor(
    name: string,
    container: ReturnType<Docker['getContainer']>,
    seen: {
      readonly isRunning: boolean;
      readonly terminal: boolean;
      readonly queue: string | undefined;
      readonly networks: readonly string[];
    },
  ) {
    this.queue = seen.queue;
    this.networks = seen.networks;
    this.name = name;
    this.#container = container;
    this.isRunning = seen.isRunning;
    this.#terminal = seen.terminal;
  }

  /** @throws UserError when the container does not exist, or is not a relay */
  static async find(docker: Docker, name: string): Promise<RelayContainer> {
    // The engine takes no other name, and in the path of a request it would lead elsewhere.
    if (!/^\w[\w.-]*$/.test(name)) throw new UserError(await noSuchContainer(docker, name));
    const container = docker.getContainer(name);
    try {
      const { State, Config, Mounts, NetworkSettings } = await container.inspect();
      if (!isOfRelay(Config.Labels)) {
        throw new UserError(
          `the container "${name}" is no relay of Hikyaku, but of the image "${Config.Image}": docker ps lists containers with their images`,
          EXIT.failed,
        );
      }
      return new RelayContainer(name, container, {
        isRunning: State.Running && !State.Restarting,
        terminal: Config.Tty,
        networks: Object.keys(NetworkSettings?.Networks ?? {}),
        queue: Mounts.find(({ Destination }) => Destination === SPOOL)?.Name,
      });
    } catch (fault) {
      if (!isNotFound(fault)) throw fault;
      throw new UserError(await noSuchContainer(docker, name));
    }
  }

  /** Its log until now, the engine's time in front of every line. @param since leaves out what is older */
  log(since?: Date): Promise<Readable> {
    const from = since === undefined ? {} : { since: Math.floor(since.getTime() / 1000) };
    return this.#lines({ timestamps: true, ...from });
  }

  /** All that it said, as it said it. */
  async said(): Promise<string> {
    return text(await this.#lines({}));
  }

  /** Copies its log, and follows it while the relay runs and the reader stays. */
  async copyLog(to: NodeJS.WritableStream, follow: boolean): Promise<void> {
    const log = await this.#lines({ follow });
    log.pipe(to, { end: false });
    await once(log, 'end');
  }

  /** With a terminal the output is one stream without frames (Docker Engine API, "Attach"). */
  async #lines(options: Readonly<Record<string, boolean | number>>): Promise<Readable> {
    const log = await this.#logStream({ stdout: true, stderr: true, ...options });
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

  /** The image's stop signal, then SIGKILL; one that has ended already stays as it is. */
  async stop(graceSeconds: number): Promise<void> {
    if (this.isRunning) await this.#container.stop({ t: graceSeconds });
  }

  async remove(): Promise<void> {
    await this.#container.remove({ force: true });
  }

  /** Whether the image's own health check says that it serves. */
  async isHealthy(): Promise<boolean> {
    const nowhere = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
    const streams = { input: Readable.from([]), stdout: nowhere(), stderr: nowhere() };
    return (await execIn(this.#container, ['hikyaku', 'health'], streams)) === 0;
  }

  /** Runs a program in it, attached to this terminal. @returns its exit code */
  run(command: readonly string[], streams: Streams): Promise<number> {
    return execIn(this.#container, command, streams);
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
