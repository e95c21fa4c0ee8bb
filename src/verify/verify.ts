/** All checks of an image; those that need nothing of each other run side by side. */
import type { Docker } from '../docker/engine.ts';
import { type ImageFacts, imageFacts, imageTraces } from '../docker/image-facts.ts';
import { networkFacts } from '../docker/network-facts.ts';
import type { Scratch } from '../docker/scratch.ts';
import { Bench } from './bench.ts';
import { checkDelivery, checkLog, checkStranger } from './checks/delivery.ts';
import { checkDoctor } from './checks/doctor.ts';
import { checkDoubtful, DOUBTFUL } from './checks/doubtful-providers.ts';
import { checkEverything } from './checks/everything.ts';
import { checkAuthorities, checkFiles } from './checks/files.ts';
import { checkHealthTest, checkHealthy, checkPorts, checkVolume } from './checks/image.ts';
import { checkCrash, checkStop, checkWrongSetting } from './checks/life.ts';
import { checkMaySend } from './checks/may-send.ts';
import {
  checkListening,
  checkProcess1,
  checkPrograms,
  checkSecretFiles,
  checkSecretsUnseen,
  checkUsers,
} from './checks/processes.ts';
import { checkReload } from './checks/reload.ts';
import { checkSecretsInside } from './checks/secrets-inside.ts';
import { checkVerbs } from './checks/verbs.ts';
import {
  AFTER_CRASH,
  AFTER_RELOAD,
  NOTICE,
  OF_ACCOUNTS,
  PORT_25,
  PORT_587,
  PORT_587_TOO,
} from './mails.ts';
import { type Finding, finding } from './report.ts';

const MAILS = [
  ...[PORT_25, PORT_587, PORT_587_TOO, ...OF_ACCOUNTS],
  ...[NOTICE, AFTER_CRASH, AFTER_RELOAD],
];

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
    toItsEnd('image', imageItself(docker, facts, bench, network)),
    toItsEnd('wrong setting', checkWrongSetting(bench, network)),
    ...DOUBTFUL.map((one) => toItsEnd(`provider with ${one[0]}`, checkDoubtful(bench, one))),
    toItsEnd('life of a relay', mainRelay(docker, bench)),
  ]);
  return [checkPorts(facts), checkVolume(facts), ...parts.flat()];
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

/** What is in the image, without a Postfix that runs. */
async function imageItself(
  docker: Docker,
  facts: ImageFacts,
  bench: Bench,
  network: string,
): Promise<readonly Finding[]> {
  const [asleep, traces] = await Promise.all([
    bench.asleep(network),
    imageTraces(docker, bench.image),
  ]);
  return await Promise.all([
    checkHealthTest(facts, asleep),
    checkSecretsInside(traces, asleep),
    checkFiles(asleep),
    checkAuthorities(asleep),
  ]);
}

/** The life of one relay, from its start to its end. */
async function mainRelay(docker: Docker, bench: Bench): Promise<readonly Finding[]> {
  const { elsewhere, stranger } = bench;
  const [network, queue] = await Promise.all([bench.network('home'), bench.queue()]);
  const [provider, client, relay] = await Promise.all([
    bench.provider(network, {}),
    bench.client(network),
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
    checkUsers(observer),
    checkPrograms(observer),
    checkListening(observer),
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
    toItsEnd('verbs', checkVerbs(relay, provider, bench.password)),
  ]);
  const reload = await toItsEnd('reload', checkReload(bench, relay, client, provider));
  const everything = await checkEverything(provider, MAILS);
  return [
    ...[healthy, ...delivered, ...looks, ...crash, ...examined.flat()],
    ...[reload].flat(),
    everything,
    await checkStop(relay),
  ];
}
