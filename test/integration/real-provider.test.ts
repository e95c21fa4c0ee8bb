import { describe, expect, it } from 'vitest';
import { startClient } from '../support/client.ts';
import { LOGIN } from '../support/customer.ts';
import { startNetwork } from '../support/network.ts';
import { startPeer } from '../support/peer.ts';
import { type RelaySettings, startRelay } from '../support/relay.ts';

// The main job through providers that we did not write, so that no misunderstanding of ours about
// SMTP, TLS or SASL can be on both ends.

const REPORT = { from: 'root@linux.myhome.net', to: 'hoge@foo.bar.example' };
const CA_FILE = '/certs/peer-ca.pem';

describe.each(['postfix', 'exim'] as const)('a provider that runs %s', (software) => {
  it('takes the mail, by every mechanism and TLS of both kinds', async () => {
    await using network = await startNetwork();
    await using client = await startClient(network);
    await using peer = await startPeer(network, {
      software,
      names: ['foo.bar.example'],
      users: { [LOGIN.username]: LOGIN.password },
    });
    const files = { [CA_FILE]: await peer.caPem() };
    const ways = [
      { mechanism: 'PLAIN', env: { RELAY_PORT: '587', RELAY_MECHANISMS: 'plain' } },
      { mechanism: 'LOGIN', env: { RELAY_PORT: '465', RELAY_MECHANISMS: 'login' } },
      { mechanism: 'CRAM-MD5', env: { RELAY_PORT: '587', RELAY_MECHANISMS: 'cram-md5' } },
    ];
    const settings = (env: Readonly<Record<string, string>>): RelaySettings => ({
      env: {
        RELAY_MYHOSTNAME: 'linux.myhome.net',
        RELAY_HOST: 'foo.bar.example',
        RELAY_USERNAME: LOGIN.username,
        RELAY_PASSWORD: LOGIN.password,
        RELAY_CA_FILE: CA_FILE,
        RELAY_GENERIC: '@linux.myhome.net=hoge@foo.bar.example',
        ...env,
      },
      files,
    });
    for (const [index, { mechanism, env }] of ways.entries()) {
      await using relay = await startRelay(network, settings(env));
      const body = `By ${mechanism}.\n.\n..two dots\nGrüße`;
      await client.send(relay, { ...REPORT, body });
      const message = (await peer.waitForMessages(index + 1)).at(-1);
      // Cyrus SASL adds a realm.
      const username = expect.stringMatching(/^hoge(@|$)/);
      expect(message).toMatchObject({ mechanism, username, from: REPORT.to, to: REPORT.to });
      expect(message?.raw).toMatch(/^Received: [\s\S]*TLS/);
      expect(message?.raw).toMatch(/^From: hoge@foo\.bar\.example$/m);
      expect(message?.raw).toContain(`\n\n${body}\n`);
    }

    await using relay = await startRelay(network, settings({ RELAY_PASSWORD: 'wrong' }));
    await client.send(relay, REPORT);
    expect(await relay.waitForDelay(REPORT.to)).toMatch(/authentication failed.*535/);
    expect(await peer.messages()).toHaveLength(ways.length);
  });
});
