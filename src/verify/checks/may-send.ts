/** Who may send, in Postfix's own words. */
import type { NetworkFacts } from '../../docker/network-facts.ts';
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { type Finding, finding } from '../report.ts';

const LOOPBACK = ['127.0.0.0/8', '::1/128'];

/** `[fd00::1]/128` of main.cf as the engine has it: `fd00::1`. */
const plain = (range: string): string => range.replaceAll(/[![\]]|\/(?:32|128)$/g, '');

/**
 * A gateway stands for everybody outside, and no client of a test comes from there: what decides
 * about it is read instead.
 * @param networks those that the relay was on when it started
 */
export async function checkMaySend(
  relay: ScratchContainer,
  networks: readonly NetworkFacts[],
): Promise<Finding> {
  const { stdout, stderr } = await relay.exec(['postconf', '-h', 'mynetworks']);
  const words = stdout.split(/[\s,]+/).filter((word) => word !== '');
  const allowed = new Set([...LOOPBACK, ...networks.flatMap(({ subnets }) => subnets)].map(plain));
  const beyond = words.filter((word) => !word.startsWith('!') && !allowed.has(plain(word)));
  const refused = new Set(words.filter((word) => word.startsWith('!')).map(plain));
  const open = networks.flatMap(({ gateways }) => gateways).filter((one) => !refused.has(one));
  const faults = [
    ...(words.length === 0 ? [`no answer ${stderr}`] : []),
    ...beyond.map((word) => `${word} too`),
    ...open.map((gateway) => `the gateway ${gateway} too`),
  ];
  const expected = 'the networks it is attached to, without their gateways';
  return finding('may send', expected, faults.length === 0, faults.join(', '));
}
