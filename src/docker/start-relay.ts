/** Starting a relay that stays: its network, its container, and whether it came up. */
import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailed } from '../../entrypoint/errors.ts';
import { createRequest, type RelayRun } from '../running/relay-run.ts';
import type { Docker } from './engine.ts';
import { isNotFound } from './images.ts';
import { RelayContainer } from './relay-container.ts';

/** How long it may take until it takes mail; a second is usual. */
const START_MS = 30_000;

/** Makes the network if there is none of that name. @returns whether it was made */
export async function ensureNetwork(docker: Docker, name: string): Promise<boolean> {
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
 * Starts the relay and waits until it takes mail. One that does not is removed again; its queue
 * stays.
 * @throws CommandFailed with its log
 */
export async function startRelay(docker: Docker, run: RelayRun): Promise<void> {
  const container = await docker.createContainer(createRequest(run));
  try {
    await container.start();
    const relay = await RelayContainer.find(docker, run.name);
    const deadline = Date.now() + START_MS;
    for (;;) {
      const { State, RestartCount } = await container.inspect();
      const hasEnded = !State.Running || State.Restarting || RestartCount > 0;
      if (hasEnded || Date.now() >= deadline) {
        throw new CommandFailed(
          `The relay "${run.name}" did not start; it said:`,
          await relay.said(),
        );
      }
      const { exitCode } = await relay.ask(['hikyaku', 'health'], '');
      if (exitCode === 0) return;
      await delay(200);
    }
  } catch (fault) {
    await container.remove({ force: true });
    throw fault;
  }
}
