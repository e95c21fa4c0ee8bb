/** Secrets that are in the image itself, for everybody who has it. */
import type { ImageTraces } from '../../docker/image-facts.ts';
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { type Finding, finding } from '../report.ts';

/** Files of secrets, and a value for a variable or an option of that name. */
const TRACES = /sasl_passwd|\b\w*(?:PASSWORD|PASSWD)\s*[=:]\s*\S/i;

/**
 * Where it was built, its steps have been written down; what one step left in /etc/postfix is under
 * the tmpfs that is mounted there when the relay runs.
 */
export async function checkSecretsInside(
  { env, labels, history }: ImageTraces,
  asleep: ScratchContainer,
): Promise<Finding> {
  const { stdout, stderr } = await asleep.exec(['find', '/etc/postfix', '-mindepth', '1']);
  const left = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
  const isTold = (text: string): boolean => TRACES.test(text);
  const faults = [
    // The name is enough: what stands there is no text for a report.
    ...env.filter(isTold).map((text) => `the variable ${text.split('=')[0]}`),
    ...Object.entries(labels)
      .filter((label) => isTold(label.join('=')))
      .map(([name]) => `the label ${name}`),
    ...(history.some(isTold) ? ['a step of its history, as "docker history" shows'] : []),
    ...left.map((path) => `the file ${path}`),
  ];
  const expected = 'no password in variables, labels or history, and nothing in /etc/postfix';
  return finding('secrets inside', expected, faults.length === 0, faults.join(', '));
}
