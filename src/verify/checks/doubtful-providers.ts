/** Providers that must get neither a login nor a mail. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { type Bench, send } from '../bench.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';
import { tail } from './image.ts';

export const DOUBTFUL = [
  ['unknown CA', { PROVIDER_CERTIFICATE: 'self-signed' }],
  ['wrong name', { PROVIDER_CERTIFICATE: 'wrong-name' }],
  ['no encryption', { PROVIDER_STARTTLS: 'no', PROVIDER_CLEARTEXT_AUTH: 'yes' }],
] as const;

/** The mail has to wait, with a reason, after the relay has seen that provider. */
export async function checkDoubtful(
  bench: Bench,
  [name, env]: (typeof DOUBTFUL)[number],
): Promise<Finding> {
  const network = await bench.network(name.replace(' ', '-'));
  const [provider, relay] = await Promise.all([bench.provider(network, env), bench.relay(network)]);
  const check = `provider with ${name}`;
  const expected = 'the mail waits; no login, no mail there';
  const sent = await within(30, async () => {
    const answer = await send(provider.machine, 'doubt@example.com');
    return answer.outcome === 'accepted' ? answer : undefined;
  });
  if (sent === undefined) {
    return finding(check, expected, false, `no mail taken: ${tail(await relay.log())}`);
  }
  const seen = await within(20, async () => {
    const { stdout } = await relay.exec(['postqueue', '-j']);
    const [, reason] = /"delay_reason": "([^"]*)"/.exec(stdout) ?? [];
    const sessions = await provider.sessions();
    const told = sessions.some(({ logins, messages }) => logins.length > 0 || messages > 0);
    return told || (reason !== undefined && sessions.length > 0) ? { told } : undefined;
  });
  const faults = [
    ...(seen === undefined ? ['the mail never came to that provider'] : []),
    ...(seen?.told === true ? ['a login or a mail'] : []),
    // A relay without a login would prove nothing.
    ...((await hasPassword(relay, bench)) ? [] : ['RELAY_PASSWORD_FILE is not in force']),
  ];
  return finding(check, expected, faults.length === 0, faults.join(', '));
}

async function hasPassword(relay: ScratchContainer, { password }: Bench): Promise<boolean> {
  const command = ['grep', '-qF', '-f', '-', '/etc/postfix/sasl_passwd'];
  return (await relay.exec(command, { input: `${password}\n` })).exitCode === 0;
}
