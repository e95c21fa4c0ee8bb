import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { runRelay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// The settings of another image, translated by the image itself, start a relay whose mail the
// provider gets with the login that stood in them.

const CA = '/certs/ca.pem';
const PASSWORD = 'it\'s "a" $piyopiyo';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let isp: ProviderHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, isp] = await startAll(
    stack,
    startClient(network),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: PASSWORD } }),
  );
});
afterAll(() => stack.disposeAsync());

/** What each image's users would have written for the same relay. */
const FILES: readonly (readonly [string, string])[] = [
  [
    'bokysan/docker-postfix',
    `services:
  mail:
    image: boky/postfix
    environment:
      RELAYHOST: "[mail.isp.example]:587"
      RELAYHOST_USERNAME: hoge
      RELAYHOST_PASSWORD: ${JSON.stringify(PASSWORD.replace('$', '$$$$'))}
      ALLOWED_SENDER_DOMAINS: home.example
      POSTFIX_smtp_tls_CAfile: ${CA}
`,
  ],
  [
    'cplieger/docker-smtp-relay',
    `services:
  smtp-relay:
    image: ghcr.io/cplieger/docker-smtp-relay:latest
    environment:
      RELAY_HOST: mail.isp.example
      RELAY_PORT: "465"
      RELAY_LOGIN: hoge
      RELAY_PASSWORD: "\${RELAY_PASSWORD:?set it}"
      ACCEPTED_NETWORKS: "192.168.0.0/16 172.16.0.0/12 10.0.0.0/8"
`,
  ],
  [
    'wader/postfix-relay',
    `services:
  smtp:
    image: mwader/postfix-relay
    environment:
      - POSTFIX_relayhost=[mail.isp.example]:587
      - POSTFIX_smtp_sasl_password_maps=lmdb:/etc/postfix/sasl_passwd
      - 'POSTMAP_sasl_passwd=[mail.isp.example]:587 hoge:whatever'
      - POSTFIX_smtp_tls_CAfile=${CA}
`,
  ],
  [
    'juanluisbaptiste/docker-postfix',
    `SMTP_SERVER=mail.isp.example\nSMTP_USERNAME=hoge\nSMTP_PASSWORD=x\nSERVER_HOSTNAME=relay.home.example\n`,
  ],
  [
    'Turgon37/docker-smtp-relay',
    `RELAY_HOST=[mail.isp.example]:587\nRELAY_LOGIN=hoge\nRELAY_PASSWORD=x\nRELAY_MYDOMAIN=home.example\nRELAY_MODE=ALLOW_AUTH_NODOMAIN\nRELAY_MYNETWORKS=10.0.0.0/8 172.16.0.0/12 192.168.0.0/16\nRELAY_TLS_CA=${CA}\n`,
  ],
];

describe.each(FILES)('the settings of %s', (_, text) => {
  it('become a relay that logs in as before', async () => {
    const file = '/settings/file';
    const migrated = await runRelay(network, {
      command: ['migrate', file],
      files: { [file]: text },
    });
    expect(migrated).toMatchObject({ exitCode: 0, stderr: '' });
    const yaml = migrated.stdout;
    expect(yaml).not.toContain('piyopiyo');
    const secret = /password_file: (\S+)/.exec(yaml)?.[1] ?? '';

    await using relay = await startRelay(network, {
      env: yaml.includes('ca_file') ? {} : { RELAY_CA_FILE: CA },
      files: { '/etc/hikyaku/relay.yaml': yaml, [secret]: `${PASSWORD}\n`, [CA]: isp.caPem },
    });
    await isp.clearMessages();
    const mail = { from: 'nas@home.example', to: 'admin@example.com' };
    expect(await client.send(relay.alias, mail)).toMatchObject({ accepted: true });
    const { session, envelope } = await isp.waitForMessage();
    expect(envelope).toMatchObject({ from: mail.from, to: [mail.to] });
    expect(session.auth).toMatchObject({ username: 'hoge' });
    expect(session.tls).not.toBeNull();
  });
});

it('an old variable that is still there is told by the image it belongs to, and refused', async () => {
  const env = { RELAYHOST: '[mail.isp.example]:587', RELAYHOST_PASSWORD: PASSWORD };
  const { exitCode, stderr } = await runRelay(network, { env });
  expect(exitCode).toBe(78);
  expect(stderr).toContain(
    'error: RELAYHOST: is a setting of bokysan/docker-postfix, and does nothing here; here it is RELAY_HOST and RELAY_PORT',
  );
  expect(stderr).not.toContain('piyopiyo');
});
