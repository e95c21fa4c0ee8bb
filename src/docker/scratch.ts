/**
 * Containers, networks and volumes that live as long as one command. All carry labels: which run
 * made them, and which process, so that a later run can remove what a killed one left behind.
 */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import process from 'node:process';
import type { Docker } from './engine.ts';
import { isNotFound } from './images.ts';
import { ScratchContainer } from './scratch-container.ts';

const RUN = 'hikyaku.scratch.run';
const OWNER = 'hikyaku.scratch.owner';

/** The rights of compose.yaml, or those of a plain container. */
export type Rights = 'relay' | 'helper';

export interface ScratchSpec {
  readonly image: string;
  readonly network: string;
  readonly aliases: readonly string[];
  readonly rights: Rights;
  readonly env?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Names of volumes by their path; `:ro` after the path mounts it read-only. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Looks at the container's health so often; else never. */
  readonly healthEverySeconds?: number;
  /** Sees the processes of that container, and may look into them. */
  readonly observes?: ScratchContainer;
}

const SECOND = 1_000_000_000;

export class Scratch implements AsyncDisposable {
  readonly #docker: Docker;
  readonly #run = randomBytes(6).toString('hex');
  readonly #pending = new Set<Promise<unknown>>();
  #closed = false;

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** A network without a way out. */
  async network(name: string): Promise<string> {
    const full = `hikyaku-verify-${this.#run}-${name}`;
    await this.#make(() =>
      this.#docker.createNetwork({ Name: full, Internal: true, Labels: this.#labels() }),
    );
    return full;
  }

  async volume(name: string): Promise<string> {
    const full = `hikyaku-verify-${this.#run}-${name}`;
    await this.#make(() => this.#docker.createVolume({ Name: full, Labels: this.#labels() }));
    return full;
  }

  /** Creates a container and starts it; it may have ended already. */
  async container(spec: ScratchSpec): Promise<ScratchContainer> {
    const created = await this.#make(async () => {
      const container = await this.#docker.createContainer(this.#request(spec));
      await container.start();
      return container;
    });
    return new ScratchContainer(this.#docker, created, spec.image);
  }

  #request(spec: ScratchSpec) {
    const { volumes = {}, healthEverySeconds, observes } = spec;
    return {
      Image: spec.image,
      ...(spec.command === undefined ? {} : { Cmd: [...spec.command] }),
      ...(spec.entrypoint === undefined ? {} : { Entrypoint: [...spec.entrypoint] }),
      Env: Object.entries(spec.env ?? {}).map(([name, value]) => `${name}=${value}`),
      Labels: this.#labels(),
      Healthcheck:
        healthEverySeconds === undefined
          ? { Test: ['NONE'] }
          : { Interval: healthEverySeconds * SECOND, StartPeriod: 30 * SECOND },
      HostConfig: {
        Binds: Object.entries(volumes).map(([where, volume]) => `${volume}:${where}`),
        NetworkMode: spec.network,
        ...(spec.rights === 'relay' ? lockedDown : {}),
        ...(observes === undefined
          ? {}
          : { PidMode: `container:${observes.id}`, CapAdd: ['SYS_PTRACE'] }),
      },
      NetworkingConfig: { EndpointsConfig: { [spec.network]: { Aliases: [...spec.aliases] } } },
    };
  }

  #labels(): Record<string, string> {
    return { [RUN]: this.#run, [OWNER]: `${hostname()}/${process.pid}` };
  }

  /** What is being made when the run is broken off is waited for, or it would stay behind. */
  async #make<T>(create: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('the run has been broken off');
    const making = create();
    this.#pending.add(making);
    try {
      return await making;
    } finally {
      this.#pending.delete(making);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#pending);
    await remove(this.#docker, (labels) => labels[RUN] === this.#run);
  }
}

/** As compose.yaml has it. */
export const lockedDown = {
  ReadonlyRootfs: true,
  Tmpfs: { '/etc/postfix': '', '/var/lib/postfix': 'uid=101,gid=101,mode=700', '/tmp': '' },
  CapDrop: ['ALL'],
  CapAdd: ['SETUID', 'SETGID', 'DAC_OVERRIDE'],
  SecurityOpt: ['no-new-privileges:true'],
};

/**
 * Removes what runs of this machine left behind whose process is gone. The engine may be at it still,
 * or another run; what cannot be removed now is there for the next, and no reason to stop this one.
 */
export async function removeAbandoned(docker: Docker): Promise<void> {
  const isAbandoned = (labels: Labels): boolean => {
    const [host, pid] = labels[OWNER]?.split('/') ?? [];
    return host === hostname() && pid !== undefined && !isAlive(Number(pid));
  };
  try {
    await remove(docker, isAbandoned);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/** The engine's answers for what is in use (a network) or on its way out (a container). */
const isConflict = (error: unknown): boolean =>
  error instanceof Error &&
  /is already in progress|has active endpoints|in use/.test(error.message);

/** Whether a process of this machine has this id, whoever owns it: kill(2), EPERM. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

type Labels = Readonly<Record<string, string>>;

async function remove(docker: Docker, isOurs: (labels: Labels) => boolean): Promise<void> {
  const filters = { label: [RUN] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(
    containers
      .filter(({ Labels }) => isOurs(Labels))
      .map(({ Id }) => gone(docker.getContainer(Id).remove({ force: true, v: true }))),
  );
  const networks = await docker.listNetworks({ filters });
  const { Volumes } = await docker.listVolumes({ filters });
  await Promise.all([
    ...networks
      .filter(({ Labels }) => isOurs(Labels ?? {}))
      .map(({ Id }) => gone(docker.getNetwork(Id).remove())),
    ...(Volumes ?? [])
      .filter(({ Labels }) => isOurs(Labels ?? {}))
      .map(({ Name }) => gone(docker.getVolume(Name).remove())),
  ]);
}

/** Another run may have removed it meanwhile, or be at it. */
async function gone(removal: Promise<unknown>): Promise<void> {
  try {
    await removal;
  } catch (error) {
    if (!isNotFound(error) && !/is already in progress/.test(`${error}`)) throw error;
  }
}
