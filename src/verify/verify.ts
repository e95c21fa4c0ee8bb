/** All checks of an image; those that need nothing of each other run side by side. */
import type { Docker } from '../docker/engine.ts';
import { imageFacts } from '../docker/image-facts.ts';
import { networkFacts } from '../docker/network-facts.ts';
import type { Scratch } from '../docker/scratch.ts';
import { Bench } from './bench.ts';
import { checkDelivery, checkLog, checkStranger } from './checks/delivery.ts';
import { checkDoctor } from './checks/doctor.ts';
import { checkDoubtful, DOUBTFUL } from './checks/doubtful-providers.ts';
import { checkEverything } from './checks/everything.ts';
import { checkHealthTest, checkHealthy, checkPorts } from './checks/image.ts';
import { checkCrash, checkStop, checkWrongSetting } from './checks/life.ts';
import { checkMaySend } from './checks/may-send.ts';
import {
  checkProcess1,
  checkSecretFiles,
  checkSecretsUnseen,
  checkUsers,
} from './checks/processes.ts';
import { checkVerbs } from './checks/verbs.ts';
import { AFTER_CRASH, OF_ACCOUNTS, PORT_25, PORT_587 } from './mails.ts';
import { type Finding, finding } from './report.ts';

/** @param scratch is emptied by the caller */
export async function verifyImage(
  docker: Docker,
  scratch: Scratch,
  image: string,
  providerImage: string,
): Promise<readonly Finding[]> {
  const facts = await imageFacts(docker, image);
  const bench = await Bench.create(scratch, image, providerImage);
  const network = await bench.network('main');
  const parts = await Promise.all([
    toItsEnd(
      'health check',
      checkHealthTest(facts, () => bench.asleep(network)),
    ),
    toItsEnd('wrong setting', checkWrongSetting(bench, network)),
    ...DOUBTFUL.map((one) => toItsEnd(`provider with ${one[0]}`, checkDoubtful(bench, one))),
    toItsEnd('life of a relay', mainRelay(docker, bench)),
  ]);
  return [checkPorts(facts), ...parts.flat()];
}

/** An image that ends in the midst of a check has failed it; the others still have their say. */
async function toItsEnd(
  check: string,
  running: Promise<Finding | readonly Finding[]>,
): Promise<Finding | readonly Finding[]> {
  try {
    return await running;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return finding(check, 'a check that comes to its end', false, said);
  }
}

/** The life of one relay, from its start to its end. */
async function mainRelay(docker: Docker, bench: Bench): Promise<readonly Finding[]> {
  const [network, elsewhere] = await Promise.all([bench.network('home'), bench.network('other')]);
  const queue = await bench.queue();
  const [provider, client, stranger, relay] = await Promise.all([
    bench.provider(network, {}),
    bench.client(network),
    bench.client(elsewhere),
    bench.relayWithFile(network, queue),
  ]);
  const healthy = await checkHealthy(relay);
  if (!(await relay.state()).running) return [healthy];
  await relay.join(elsewhere, 'relay');
  const delivered = await checkDelivery(client, provider);
  const observer = await bench.observer(network, relay, queue);
  const looks = await Promise.all([
    checkProcess1(observer),
    checkSecretsUnseen(relay, observer, bench.password),
    checkUsers(relay),
    checkSecretFiles(relay, bench.password),
    checkStranger(stranger),
    checkLog(relay),
  ]);
  const crash = await checkCrash(relay, observer, client, provider);
  // It has started on both networks now: only so is what is in force what the settings say.
  const facts = await Promise.all([network, elsewhere].map((one) => networkFacts(docker, one)));
  const examined = await Promise.all([
    toItsEnd('may send', checkMaySend(relay, facts)),
    toItsEnd('doctor', checkDoctor(relay)),
  ]);
  const verbs = await toItsEnd('verbs', checkVerbs(relay));
  const mails = [PORT_25, PORT_587, ...OF_ACCOUNTS, AFTER_CRASH];
  const everything = await checkEverything(provider, mails);
  return [
    ...[healthy, ...delivered, ...looks, ...crash, ...examined.flat()],
    ...[verbs].flat(),
    everything,
    await checkStop(relay),
  ];
}
