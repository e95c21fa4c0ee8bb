/** What the image says of itself, and whether its health check tells the truth. */
import type { ImageFacts } from '../../docker/image-facts.ts';
import { SPOOL } from '../../docker/relay-container.ts';
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';

/** What the Dockerfile says. */
const PORTS = ['25/tcp', '587/tcp'];
const HEALTH = 'hikyaku health';
/** A relay that fails is to be seen soon. */
const HEALTH_EVERY_SECONDS = 120;

export function checkPorts({ ports }: ImageFacts): Finding {
  const ok = ports.toSorted().join() === PORTS.join();
  return finding('ports', `EXPOSE ${PORTS.join(' ')} and no other`, ok, ports.join(' '));
}

/** A volume of its own for something else would keep it on a disk, secrets among it. */
export function checkVolume({ volumes }: ImageFacts): Finding {
  const ok = volumes.join() === SPOOL;
  return finding('volume', `VOLUME ${SPOOL} and no other`, ok, volumes.join(' ') || 'none');
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
  { healthTest, healthEverySeconds }: ImageFacts,
  asleep: ScratchContainer,
): Promise<Finding> {
  const expected = `a HEALTHCHECK with ${HEALTH}, that fails when Postfix does not listen`;
  const [kind = 'NONE', ...words] = healthTest;
  if (kind === 'NONE') return finding('health check', expected, false, 'no HEALTHCHECK');
  const command = kind === 'CMD-SHELL' ? ['sh', '-c', ...words] : words;
  const { exitCode } = await asleep.exec(command);
  const isOurs = words.join(' ').replace(/ \|\| exit 1$/, '') === HEALTH;
  const faults = [
    ...(isOurs ? [] : [`"${words.join(' ')}"`]),
    ...(exitCode === 0 ? [`"${command.join(' ')}" succeeds without a Postfix`] : []),
    ...(healthEverySeconds <= HEALTH_EVERY_SECONDS ? [] : [`only every ${healthEverySeconds} s`]),
  ];
  return finding('health check', expected, faults.length === 0, faults.join(', '));
}

/** The end of a log, for a report. */
export const tail = (log: string): string => log.trim().split('\n').slice(-3).join(' | ');
