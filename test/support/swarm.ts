import { run } from '../../scripts/command.ts';
import { type Dockerode, engine, isOwned, orphaned, ownerLabel } from './engine.ts';
import { eventually } from './eventually.ts';
import { addressesOf, type TestNetwork } from './network.ts';
import { type QueueEntry, readQueue } from './relay.ts';

const docker = (...args: readonly string[]): Promise<string> => run('docker', args);

const BRIDGE = 'docker_gwbridge';

/** Types that dockerode lacks. */
interface SwarmInspectInfo {
  readonly Spec: { readonly Labels?: Readonly<Record<string, string>> };
}

/**
 * Makes a swarm of only this engine, which disposing of it ends; so does one that a test has left
 * behind. An engine that is in a swarm of somebody else's stays there, then and afterwards.
 */
export async function enterSwarm(): Promise<AsyncDisposable> {
  const api = await engine();
  const { Swarm } = await api.info();
  const bridges = await api.listNetworks({ filters: { name: [BRIDGE] } });
  if (Swarm.LocalNodeState !== 'active') {
    // Only on loopback, so that no other engine can join.
    const addresses = { ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' };
    await api.swarmInit({ ...addresses, Spec: { Labels: ownerLabel() } });
  } else {
    const { Spec }: SwarmInspectInfo = await api.swarmInspect();
    if (!isOwned(Spec.Labels)) return { [Symbol.asyncDispose]: async () => undefined };
  }
  return {
    [Symbol.asyncDispose]: async () => {
      await api.swarmLeave({ force: true });
      // The engine makes it for a swarm, and does not take it away.
      if (bridges.length === 0) await api.getNetwork(BRIDGE).remove();
    },
  };
}

/** Ends the swarm of a killed run with its contents; other swarms stay. */
export async function endAbandonedSwarm(): Promise<void> {
  const api = await engine();
  const { Swarm } = await api.info();
  if (Swarm.LocalNodeState !== 'active' || !Swarm.ControlAvailable) return;
  const { Spec }: SwarmInspectInfo = await api.swarmInspect();
  if (!orphaned(Spec.Labels)) return;
  const filters = { label: ['com.docker.stack.namespace'] };
  const { Volumes } = await api.listVolumes({ filters });
  await api.swarmLeave({ force: true });
  for (const { Id } of await api.listContainers({ all: true, filters })) {
    await api.getContainer(Id).remove({ force: true, v: true });
  }
  for (const { Name } of Volumes ?? []) await removeVolume(api, Name);
  for (const { Id } of await api.listNetworks({ filters: { name: [BRIDGE] } })) {
    await eventually(`the end of ${BRIDGE}`, async () => {
      await api.getNetwork(Id).remove();
      return true;
    });
  }
}

/** From the engine's API, "ServiceInspect"; dockerode types it as unknown. */
interface UpdateStatus {
  readonly State?: string;
  readonly StartedAt?: string;
}

/** The current container of one replica. */
export interface Task {
  /** The number of the replica: 1, 2, … */
  readonly slot: number;
  /** The ID of the container. */
  readonly id: string;
}

/** A stack of the swarm whose service `relay` is one of several relays. */
export class Stack implements AsyncDisposable {
  readonly name: string;

  private constructor(name: string) {
    this.name = name;
  }

  /** Removes what a run that was killed has left of this stack, and deploys it anew. */
  static async deploy(name: string, file: string, env: NodeJS.ProcessEnv): Promise<Stack> {
    const stack = new Stack(name);
    await stack.#remove();
    await stack.update(file, env);
    return stack;
  }

  /** Deploys it again, with other settings. */
  async update(file: string, env: NodeJS.ProcessEnv): Promise<void> {
    const args = ['stack', 'deploy', '--resolve-image', 'never', '--compose-file', file, this.name];
    await run('docker', args, {
      env: { HEALTH_INTERVAL: '1s', ...process.env, ...env },
    });
  }

  /** When the last update of the service began, and its state, "completed" at the end. */
  async lastUpdate(): Promise<{ readonly state: string; readonly startedAt: string }> {
    const service = (await engine()).getService(`${this.name}_relay`);
    const { UpdateStatus: status }: { UpdateStatus?: UpdateStatus } = await service.inspect();
    return { state: status?.State ?? '', startedAt: status?.StartedAt ?? '' };
  }

  /** The replicas that are healthy, so that their addresses are in the DNS. */
  async tasks(): Promise<Task[]> {
    const containers = await (await engine()).listContainers({
      filters: { label: [`com.docker.swarm.service.name=${this.name}_relay`], health: ['healthy'] },
    });
    return containers.map(({ Id, Labels }) => ({
      id: Id,
      // mail_relay.2.0123456789abcdef
      slot: Number(Labels['com.docker.swarm.task.name']?.split('.')[1]),
    }));
  }

  /** Waits until this number of replicas is healthy, and returns them in their order. */
  async waitForTasks(count: number): Promise<Task[]> {
    return await eventually(
      `${count} healthy replicas`,
      async () => {
        const tasks = await this.tasks();
        return tasks.length === count && tasks.sort((one, other) => one.slot - other.slot);
      },
      { everyMs: 200 },
    );
  }

  /** The stack's network, for other containers; it belongs to the stack. */
  async network(): Promise<TestNetwork> {
    const name = `${this.name}_mail`;
    return {
      name,
      ...(await addressesOf((await engine()).getNetwork(name))),
      join: async () => {
        throw new Error('a container joins the network of a stack when it is made');
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#remove();
  }

  async #remove(): Promise<void> {
    const api = await engine();
    const filters = { label: [`com.docker.stack.namespace=${this.name}`] };
    await docker('stack', 'rm', this.name);
    await eventually(
      `the end of the stack ${this.name}`,
      async () => {
        const containers = await api.listContainers({ all: true, filters });
        return containers.length === 0 && (await api.listNetworks({ filters })).length === 0;
      },
      { everyMs: 200 },
    );
    const { Volumes } = await api.listVolumes({ filters });
    for (const { Name } of Volumes ?? []) await removeVolume(api, Name);
  }
}

/** A container that has just gone may still hold its volume. */
async function removeVolume(api: Dockerode, name: string): Promise<void> {
  await eventually(`the end of ${name}`, async () => {
    await api.getVolume(name).remove();
    return true;
  });
}

/** Ends a replica like a power cut; the swarm puts another task in its place. */
export async function kill({ id }: Task): Promise<void> {
  await (await engine()).getContainer(id).kill({ signal: 'SIGKILL' });
}

/** Runs a program in the container of a replica, and returns its standard output. */
export const runIn = ({ id }: Task, ...command: readonly string[]): Promise<string> =>
  docker('exec', id, ...command);

/** The messages that wait at a replica. */
export const queueOf = async (task: Task): Promise<QueueEntry[]> =>
  readQueue(await runIn(task, 'postqueue', '-j'));

/** The name of the volume that holds a replica's queue. */
export async function queueVolumeOf({ id }: Task): Promise<string | undefined> {
  const { Mounts } = await (await engine()).getContainer(id).inspect();
  return Mounts.find(({ Destination }) => Destination === '/var/spool/postfix')?.Name;
}
