/** What the image says of itself, and whether its health check tells the truth. */
import type { ImageFacts } from '../../docker/image-facts.ts';
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';

/** What the Dockerfile says. */
const PORTS = ['25/tcp', '587/tcp'];
const HEALTH = 'hikyaku health';

export function checkPorts({ ports }: ImageFacts): Finding {
  const ok = ports.toSorted().join() === PORTS.join();
  return finding('ports', `EXPOSE ${PORTS.join(' ')} and no other`, ok, ports.join(' '));
}

export async function checkHealthy(relay: ScratchContainer): Promise<Finding> {
  const last = await within(45, async () => {
    const { running, health } = await relay.state();
    return !running || health === undefined || health === 'healthy'
      ? { running, health }
      : undefined;
  });
  const ok = last?.running === true && last.health === 'healthy';
  const found = last?.running === false ? `it ended: ${tail(await relay.log())}` : last?.health;
  return finding('start', 'a container that gets healthy', ok, ok ? '' : (found ?? 'not healthy'));
}

/** The image's own health check has to be the relay's, and to fail where no Postfix runs. */
export async function checkHealthTest(
  { healthTest }: ImageFacts,
  asleep: () => Promise<ScratchContainer>,
): Promise<Finding> {
  const expected = `a HEALTHCHECK with ${HEALTH}, that fails when Postfix does not listen`;
  const [kind = 'NONE', ...words] = healthTest;
  if (kind === 'NONE') return finding('health check', expected, false, 'no HEALTHCHECK');
  const command = kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words;
  const { exitCode } = await (await asleep()).exec(command);
  const isOurs = words.join(' ').replace(/ \|\| exit 1$/, '') === HEALTH;
  const faults = [
    ...(isOurs ? [] : [`"${words.join(' ')}"`]),
    ...(exitCode === 0 ? [`"${command.join(' ')}" succeeds without a Postfix`] : []),
  ];
  return finding('health check', expected, faults.length === 0, faults.join(', '));
}

/** The end of a log, for a report. */
export const tail = (log: string): string => log.trim().split('\n').slice(-3).join(' | ');
