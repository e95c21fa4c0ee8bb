import { expect, test } from 'vitest';
import { startClient } from '../support/client.ts';
import { PASSWORD, startExample } from '../support/example.ts';
import { freePort } from '../support/free-port.ts';
import { connectToLan } from '../support/lan.ts';
import { startNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';

// The example of that name, as stacks.test.ts starts the others. Its LAN is played by a range that
// nobody has (RFC 5737), since the host gets an address there.
const EXAMPLE_LAN = '192.168.1.0/24';
const LAN = '192.0.2.0/24';

test('nas-on-the-lan takes the mail of the LAN, and nobody else’s', async ({ signal }) => {
  const port = await freePort();
  await using elsewhere = await startNetwork();
  await using nas = await startClient(elsewhere, 'nas');
  await using lan = await connectToLan(nas.container, '192.0.2.234');
  await using network = await startNetwork();
  const users = { hoge: PASSWORD };
  await using provider = await startProvider(network, { names: ['mail.isp.example'], users });
  await using example = await startExample(network, 'nas-on-the-lan', {
    provider,
    ports: { relay: `${lan.host}:${port}:25` },
    replace: { [EXAMPLE_LAN]: LAN },
    signal,
  });
  const mail = { from: 'backup@nas.home.example', to: 'me@example.com' };
  expect(await nas.send(lan.host, { ...mail, port })).toMatchObject({ accepted: true });
  expect(await provider.waitForMessage()).toMatchObject({
    session: { auth: { username: 'hoge' } },
    envelope: { from: 'hoge@isp.example', to: ['me@example.com'] },
  });
  // It has come with its own address, not with that of the Docker network's gateway.
  expect(await example.compose('logs', 'relay')).toMatch(/connect from .*\[192\.0\.2\.234\]/);

  await using stranger = await startClient(network);
  expect((await stranger.send('relay', mail)).reply).toMatch(/^554 5\.7\.1 .*RELAY_NETWORKS/);
});
