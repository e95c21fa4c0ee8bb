/** A wrong setting, a crash, and the end. */
import { SPOOL } from '../../docker/relay-container.ts';
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { type Bench, OBSERVED_QUEUE, send } from '../bench.ts';
import { AFTER_CRASH } from '../mails.ts';
import type { MockProvider } from '../mock-provider.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';
import { sentWords } from '../sent.ts';
import { tail } from './image.ts';

/** EX_CONFIG of sysexits.h. */
const REFUSED = 78;

export async function checkWrongSetting(bench: Bench, network: string): Promise<Finding> {
  const relay = await bench.relay(network, { RELAY_PORT: 'five' });
  const end = await within(20, async () => {
    const { running, exitCode } = await relay.state();
    return running ? undefined : exitCode;
  });
  const log = await relay.log();
  return finding(
    'wrong setting',
    `exit code ${REFUSED} and a message about RELAY_PORT`,
    end === REFUSED && log.includes('RELAY_PORT'),
    end === REFUSED && log.includes('RELAY_PORT') ? '' : `exit code ${end ?? 'none'}: ${tail(log)}`,
  );
}

/**
 * What was accepted while the provider was away is on the volume, and arrives after a SIGKILL.
 * @param observer has the volume of the queue
 */
export async function checkCrash(
  relay: ScratchContainer,
  observer: ScratchContainer,
  client: ScratchContainer,
  provider: MockProvider,
): Promise<readonly Finding[]> {
  const expected = 'mail that was accepted arrives after a SIGKILL';
  const { to } = AFTER_CRASH;
  await provider.setAway(true);
  const sent = await send(client, to);
  if (sent.outcome !== 'accepted') {
    await provider.setAway(false);
    return [finding('crash', expected, false, sentWords(sent))];
  }
  const queue = await checkQueueVolume(observer, to);
  const told = await checkTold(relay, to);
  await relay.kill();
  await provider.setAway(false);
  await relay.start();
  // Mail that was put off has its next try in minutes; "postqueue -f" asks for it now.
  await within(20, async () =>
    (await relay.exec(['postqueue', '-f'])).exitCode === 0 ? true : undefined,
  );
  const message = await provider.messageTo(to, 15);
  const found = message ? '' : 'the mail is lost';
  return [queue, told, finding('crash', expected, message !== undefined, found)];
}

/** While the provider is away, a verb that finds all well is none to rely on. */
async function checkTold(relay: ScratchContainer, to: string): Promise<Finding> {
  const ask = (...words: string[]) => relay.exec(['hikyaku', ...words, '--json']);
  const [doctor, queue, waits] = await Promise.all([
    ask('doctor'),
    ask('queue'),
    within(10, async () => (isWaiting((await ask('status')).stdout) ? true : undefined)),
  ]);
  const isSeen = doctor.exitCode === 1 && /"state": *"wrong"/.test(doctor.stdout);
  const faults = [
    ...(isSeen ? [] : [`doctor finds nothing: exit code ${doctor.exitCode}`]),
    ...(queue.stdout.includes(to) ? [] : [`queue without the mail: ${queue.stdout}`]),
    ...(waits ? [] : ['status: nothing waits']),
  ];
  const expected = 'doctor, queue and status tell of it, and of the mail that waits';
  return finding('provider away', expected, faults.length === 0, faults.join(', '));
}

const isWaiting = (status: string): boolean => /"waiting": *\[\s*\{/.test(status);

/** A queue file holds the recipient as it is; the file may be on its way to another directory. */
async function checkQueueVolume(observer: ScratchContainer, to: string): Promise<Finding> {
  const isThere = await within(3, async () => {
    const { exitCode } = await observer.exec(['grep', '-rqsF', to, OBSERVED_QUEUE]);
    return exitCode === 0 ? true : undefined;
  });
  return finding(
    'queue',
    `mail that waits is on the volume ${SPOOL}`,
    isThere === true,
    isThere ? '' : 'it is somewhere else: a new container with that volume would not have it',
  );
}

const GRACE_SECONDS = 10;

export async function checkStop(relay: ScratchContainer): Promise<Finding> {
  await relay.stop(GRACE_SECONDS);
  const { exitCode } = await relay.state();
  const found = exitCode === 137 ? 'it had to be killed' : `exit code ${exitCode}`;
  return finding('stop', `exit code 0 within ${GRACE_SECONDS} s of SIGTERM`, exitCode === 0, found);
}
