/** A wrong setting, a crash, and the end. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { type Bench, send } from '../bench.ts';
import type { MockProvider } from '../mock-provider.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';
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

/** What was accepted while the provider was away arrives after a SIGKILL. */
export async function checkCrash(
  relay: ScratchContainer,
  client: ScratchContainer,
  provider: MockProvider,
): Promise<Finding> {
  const expected = 'mail that was accepted arrives after a SIGKILL';
  const to = 'after-the-crash@example.com';
  await provider.setAway(true);
  const sent = await send(client, to);
  if (sent.outcome !== 'accepted') {
    return finding('crash', expected, false, `${sent.outcome}: ${sent.reply}`);
  }
  await relay.kill();
  await provider.setAway(false);
  await relay.start();
  // Mail that was put off has its next try in minutes; "postqueue -f" asks for it now.
  await within(20, async () =>
    (await relay.exec(['postqueue', '-f'])).exitCode === 0 ? true : undefined,
  );
  const message = await provider.messageTo(to, 15);
  return finding('crash', expected, message !== undefined, message ? '' : 'the mail is lost');
}

const GRACE_SECONDS = 10;

export async function checkStop(relay: ScratchContainer): Promise<Finding> {
  await relay.stop(GRACE_SECONDS);
  const { exitCode } = await relay.state();
  const found = exitCode === 137 ? 'it had to be killed' : `exit code ${exitCode}`;
  return finding('stop', `exit code 0 within ${GRACE_SECONDS} s of SIGTERM`, exitCode === 0, found);
}
