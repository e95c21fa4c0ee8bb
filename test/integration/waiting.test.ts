import { expect, test } from 'vitest';
import { startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { startDns } from '../support/dns.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import { startRelay } from '../support/relay.ts';

// Mail waits while a server that the settings name cannot be found, or asks for a login that it
// does not offer: that is for the administrator to mend, and no reason to send mail back.

test('mail for named servers that cannot be found waits', async () => {
  await using network = await startNetwork();
  await using client = await startClient(network);
  // No such name (NXDOMAIN), whichever is asked for.
  await using dns = await startDns(network, {});
  const relayYaml = `
relay:
  host: mail.isp.example
  backups:
    - host: mail2.isp.example
accounts:
  - sender: shop@example.com
    host: smtp.shop.example
`;
  await using relay = await startRelay(network, {
    dns: [dns.address],
    files: { '/etc/hikyaku/relay.yaml': relayYaml },
  });
  // One by the relay host and its backup, one by an account.
  await client.send(relay, { from: 'hoge@isp.example', to: 'friend@example.com' });
  await client.send(relay, { from: 'shop@example.com', to: 'customer@example.com' });
  expect(await relay.waitForDelay('friend@example.com')).toMatch(
    /not found|unable to look up host/,
  );
  expect(await relay.waitForDelay('customer@example.com')).toMatch(
    /not found|unable to look up host/,
  );
});

test('mail waits when a server wants a login that it does not offer', async () => {
  await using network = await startNetwork();
  await using client = await startClient(network);
  await using provider = await startIsp(network, { mechanisms: [], authRequired: true });
  await using relay = await startRelay(network, customerOf(provider));
  await client.send(relay, { from: 'hoge@isp.example', to: 'friend@example.com' });
  expect(await relay.waitForDelay('friend@example.com')).toMatch(/said: 530/);
});

test('mail to a recipient that the provider knows no way to comes back at once', async () => {
  await using network = await startNetwork();
  await using client = await startClient(network);
  await using provider = await startIsp(network);
  // The number that Postfix has for a relay host that is not found, here about somebody's domain.
  const to = 'friend@exmaple.example';
  const reply = '550 5.4.4 Unable to route: no such domain';
  await provider.setFaults({ at: 'rcpt', reply, match: { to } });
  await using relay = await startRelay(network, customerOf(provider));
  await client.send(relay, { from: 'hoge@isp.example', to });
  const { envelope, raw } = await provider.waitForMessage();
  expect(envelope).toEqual({ from: '', to: ['hoge@isp.example'] });
  expect(raw).toContain('Unable to route: no such domain');
  await eventually('an empty queue', async () => (await relay.queue()).length === 0);
});
