import { hostname } from 'node:os';
import { type ContainerRuntimeClient, getContainerRuntimeClient } from 'testcontainers';

export type Dockerode = ContainerRuntimeClient['container']['dockerode'];

/** The Docker engine that testcontainers has found. */
export async function engine(): Promise<Dockerode> {
  return (await getContainerRuntimeClient()).container.dockerode;
}

const OWNER = 'hikyaku.test.owner';

/** Labels a test's objects with its process ID, so that leftovers can be recognized. */
export function ownerLabel(): Record<string, string> {
  return { [OWNER]: `${hostname()}/${process.pid}` };
}

/** Whether a test has made the thing that has these labels. */
export const isOwned = (labels: Readonly<Record<string, string>> = {}): boolean => OWNER in labels;

/** Whether a process of any user on this machine has this ID: kill(2), EPERM. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** True when the process that the label names ran on this machine and is gone. */
export function orphaned(labels: Readonly<Record<string, string>> | undefined): boolean {
  const [host, pid] = labels?.[OWNER]?.split('/') ?? [];
  return host === hostname() && pid !== undefined && !isAlive(Number(pid));
}

/**
 * Removes the containers, networks and volumes of test runs that were killed before they could
 * clean up. Containers and networks of a current run stay.
 *
 * @returns how many things were removed
 */
export const removeLeftovers = (): Promise<number> => remove(orphaned);

/** Removes what this process made and has not removed. */
export const removeOwn = (): Promise<number> =>
  remove((labels) => labels?.[OWNER] === ownerLabel()[OWNER]);

async function remove(isGone: typeof orphaned): Promise<number> {
  const docker = await engine();
  const filters = { label: [OWNER] };
  const containers = await docker.listContainers({ all: true, filters });
  const deadContainers = containers.filter(({ Labels }) => isGone(Labels));
  for (const { Id } of deadContainers) {
    await docker.getContainer(Id).remove({ force: true, v: true });
  }
  const networks = await docker.listNetworks({ filters });
  const deadNetworks = networks.filter(({ Labels }) => isGone(Labels));
  for (const { Id } of deadNetworks) await docker.getNetwork(Id).remove();
  const { Volumes } = await docker.listVolumes({ filters });
  const deadVolumes = (Volumes ?? []).filter(({ Labels }) => isGone(Labels));
  for (const { Name } of deadVolumes) await docker.getVolume(Name).remove();
  return deadContainers.length + deadNetworks.length + deadVolumes.length;
}
