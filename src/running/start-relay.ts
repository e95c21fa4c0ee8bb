/** Starting a relay that stays: its network, its container, and whether it came up. */
import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailed } from '../../entrypoint/cli/errors.ts';
import { isNotFound } from '../docker/answers.ts';
import type { Docker } from '../docker/engine.ts';
import { RelayContainer } from '../docker/relay-container.ts';
import { createRequest, type RelayRun } from './relay-run.ts';

/** How long it may take until it takes mail; a second is usual. */
const START_MS = 30_000;

type Container = ReturnType<Docker['getContainer']>;

/** Makes the network if it does not exist. @returns whether it was made */
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
 * Starts the relay and waits until it accepts mail. After a failure it removes the container, and
 * the network if it made one. The volume stays, since it may hold mail.
 * @param signal aborts the start
 * @returns whether its network had to be made
 * @throws CommandFailed with its log
 */
export async function startRelay(
  docker: Docker,
  run: RelayRun,
  signal: AbortSignal,
): Promise<{ readonly madeNetwork: boolean }> {
  await using made = new AsyncDisposableStack();
  // The error of the start is reported. A network that cannot be removed is in use elsewhere.
  const onFailure = (remove: () => Promise<unknown>): void =>
    made.defer(async () => void (await remove().catch(() => undefined)));
  const madeNetwork = await ensureNetwork(docker, run.network);
  if (madeNetwork) onFailure(() => docker.getNetwork(run.network).remove());
  signal.throwIfAborted();
  const container = await docker.createContainer(createRequest(run));
  onFailure(() => container.remove({ force: true }));
  signal.throwIfAborted();
  await container.start();
  await untilHealthy(docker, container, run.name, signal);
  made.move();
  return { madeNetwork };
}

/** Waits until a relay takes mail. @throws CommandFailed with its log when it does not */
export async function untilHealthy(
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
    // The engine refuses a container that has ended; the next look finds its exit code.
    if (await relay.isHealthy().catch(() => false)) return;
    await delay(200);
  }
}
