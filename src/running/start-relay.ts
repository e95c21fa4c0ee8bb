/** Starting a relay that stays: its network, its container, and whether it came up. */
import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailed } from '../../entrypoint/cli/errors.ts';
import { isNotFound } from '../docker/answers.ts';
import type { Docker } from '../docker/engine.ts';
import { hasVolume, holdsMail } from '../docker/queue-volume.ts';
import { RelayContainer } from '../docker/relay-container.ts';
import { createRequest, type RelayRun } from './relay-run.ts';

/** How long it may take until it takes mail; a second is usual. */
const START_MS = 30_000;

type Container = ReturnType<Docker['getContainer']>;

/** Makes the network if there is none of that name. @returns whether it was made */
async function ensureNetwork(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getNetwork(name).inspect();
    return false;
  } catch (fault) {
    if (!isNotFound(fault)) throw fault;
    await docker.createNetwork({ Name: name });
    return true;
  }
}

/**
 * Starts the relay and waits until it takes mail. Where it does not, what was made for it is removed
 * again: never a network or a volume that was there before, nor a volume with mail in it.
 * @param signal gives the start up
 * @returns whether its network had to be made
 * @throws CommandFailed with its log
 */
export async function startRelay(
  docker: Docker,
  run: RelayRun,
  signal: AbortSignal,
): Promise<{ readonly madeNetwork: boolean }> {
  await using made = new AsyncDisposableStack();
  // The failure of the start is what is told; what cannot be removed is in use by somebody else.
  const onFailure = (remove: () => Promise<unknown>): void =>
    made.defer(async () => void (await remove().catch(() => undefined)));
  const madeNetwork = await ensureNetwork(docker, run.network);
  if (madeNetwork) onFailure(() => docker.getNetwork(run.network).remove());
  let keepsQueue = await hasVolume(docker, run.queue);
  onFailure(async () => keepsQueue || docker.getVolume(run.queue).remove());
  signal.throwIfAborted();
  const container = await docker.createContainer(createRequest(run));
  onFailure(async () => {
    // One that never ran, or has ended, is stopped as it is.
    await container.stop({ t: 0 }).catch(() => undefined);
    // A relay that was slow may have taken mail; where nobody can tell, the queue stays.
    keepsQueue ||= await holdsMail(container).catch(() => true);
    await container.remove({ force: true });
  });
  signal.throwIfAborted();
  await container.start();
  await untilHealthy(docker, container, run.name, signal);
  made.move();
  return { madeNetwork };
}

/** The engine's answers about a container that does not run (Docker Engine API, "Exec"). */
const isRefused = (fault: unknown): boolean =>
  fault instanceof Error &&
  'statusCode' in fault &&
  (fault.statusCode === 409 ||
    (fault.statusCode === 500 && /not running|stopped/.test(fault.message)));

async function untilHealthy(
  docker: Docker,
  container: Container,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const relay = await RelayContainer.find(docker, name);
  const deadline = Date.now() + START_MS;
  for (;;) {
    signal.throwIfAborted();
    const { State, RestartCount } = await container.inspect();
    const hasEnded = !State.Running || State.Restarting || RestartCount > 0;
    if (hasEnded || Date.now() >= deadline) {
      throw new CommandFailed(`the relay "${name}" did not start; it said:`, await relay.said());
    }
    // One that ends meanwhile is refused by the engine; the next look finds how it ended.
    const asked = await relay.ask(['hikyaku', 'health'], '').catch((fault: unknown) => ({ fault }));
    signal.throwIfAborted();
    if ('exitCode' in asked && asked.exitCode === 0) return;
    if ('fault' in asked && !isRefused(asked.fault)) throw asked.fault;
    await delay(200);
  }
}
