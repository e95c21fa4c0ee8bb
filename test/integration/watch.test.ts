import { expect, it } from 'vitest';
import { startClient } from '../support/client.ts';
import { LOGIN, startIsp } from '../support/customer.ts';
import { startNetwork } from '../support/network.ts';
import { startRelay } from '../support/relay.ts';

const relayYaml = (sender: string): string => `
watch: yes
relay: {host: mail.isp.example, username: ${LOGIN.username}, ca_file: /certs/ca.pem}
generic: {"@home.example": ${sender}}
`;

it('applies a changed file or secret by itself, and keeps what is in force when it is wrong', async () => {
  await using network = await startNetwork();
  await using provider = await startIsp(network);
  await using client = await startClient(network);
  await using relay = await startRelay(network, {
    // A secret among the variables: it is not in the environment of what watches.
    env: { RELAY_PASSWORD: 'wrong' },
    files: {
      '/etc/hikyaku/relay.yaml': relayYaml('first@isp.example'),
      '/certs/ca.pem': provider.caPem,
    },
  });
  await client.send(relay, { from: 'me@home.example', to: 'you@friend.example' });
  expect(await relay.waitForDelay('you@friend.example')).toContain('535');

  const right = `${relayYaml('second@isp.example')}postfix: {smtp_helo_timeout: 60s}\n`;
  await relay.write('/etc/hikyaku/relay.yaml', right.replace('watch: yes', 'wacht: yes'));
  await relay.waitForLog(/wacht: is not a setting/);
  expect(await relay.run(['postconf', '-h', 'smtp_helo_timeout'])).not.toBe('60s\n');

  await relay.write('/etc/hikyaku/relay.yaml', right);
  await relay.waitForLog(/reloaded; changed: .*main\.cf/);
  expect(await relay.run(['postconf', '-h', 'smtp_helo_timeout'])).toBe('60s\n');
  const watchers =
    'cd /proc; for p in [0-9]*; do grep -qs watch.sh $p/cmdline && cat $p/environ; done';
  const environment = await relay.run(['sh', '-c', `${watchers}; true`]);
  expect(environment).toContain('PATH=');
  // The shell that looks is one of docker's, and has the container's variables.
  expect(environment.split('RELAY_PASSWORD=')).toHaveLength(2);
});
