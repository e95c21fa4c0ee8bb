import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MAIN } from '../support/builder.ts';
import { type Client, startClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type Oidc, startOidc } from '../support/oidc.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { Terminal } from '../support/terminal.ts';
import { createVolume } from '../support/volume.ts';

// P13: a user logs in with `hikyaku login`. The provider is oidc-provider, the mail server Dovecot.

const DEVICE = 'device@isp.example';
const BROWSER = 'browser@isp.example';
const SERVICE = 'service@isp.example';
/** The application by itself is this mailbox, whatever it proves itself with. */
const APP = 'app@isp.example';
const BY_SECRET = 'secret@home.example';
const BY_CERTIFICATE = 'certificate@home.example';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let oidc: Oidc;
let peer: Peer;
let relay: Relay;

const relayYaml = ({ tokenEndpoint, serviceAccounts }: Oidc): string => {
  const host = 'host: mail.peer.example, ca_file: /certs/ca.pem';
  const user = `client_id: login-client, token_endpoint: ${tokenEndpoint}, scope: openid offline_access smtp`;
  const page = tokenEndpoint.replace(/token$/, 'auth');
  const app = `provider: microsoft, tenant: contoso.example, token_endpoint: ${tokenEndpoint}, scope: smtp`;
  const keys = 'certificate_file: /run/secrets/app.pem, key_file: /run/secrets/app.key';
  return `
relay: {${host}, username: ${DEVICE}, oauth2: {${user}}}
accounts:
  - {sender: ${BROWSER}, ${host}, username: ${BROWSER}, oauth2: {${user}, authorization_endpoint: ${page}}}
  - {sender: ${BY_SECRET}, ${host}, username: ${APP}, oauth2: {${app}, client_id: app-client, client_secret_file: /run/secrets/app}}
  - {sender: ${BY_CERTIFICATE}, ${host}, username: ${APP}, oauth2: {${app}, client_id: certificate-client, ${keys}}}
  - {sender: ${SERVICE}, ${host}, username: ${SERVICE}, oauth2: {provider: google, service_account_file: /run/secrets/sa.json, token_endpoint: ${serviceAccounts}, scope: smtp}}
`;
};

beforeAll(async () => {
  network = stack.use(await startNetwork());
  oidc = stack.use(await startOidc(network, 600));
  [client, peer] = await Promise.all([
    startClient(network),
    startPeer(network, {
      software: 'dovecot',
      names: ['mail.peer.example'],
      introspection: oidc.introspection,
    }),
  ]);
  stack.use(client);
  stack.use(peer);
  const { certificate, key } = await oidc.appKeyPair();
  const serviceAccount = { type: 'service_account', client_id: '1234', private_key: key };
  relay = stack.use(
    await startRelay(network, {
      // Under tini, where the keeper of tokens is handed to another process 1.
      init: true,
      files: {
        '/etc/hikyaku/relay.yaml': relayYaml(oidc),
        '/certs/ca.pem': oidc.caPem + (await peer.caPem()),
        '/run/secrets/app': 'the-secret-of-another',
        '/run/secrets/app.pem': certificate,
        '/run/secrets/app.key': key,
        '/run/secrets/sa.json': JSON.stringify({
          ...serviceAccount,
          client_email: 'sa@project.example',
        }),
      },
      volumes: { '/var/lib/hikyaku': stack.use(await createVolume()) },
    }),
  );
});
afterAll(() => stack.disposeAsync());
beforeEach(() => oidc.endCodesAfter(600));

const login = (...words: readonly string[]): Promise<Terminal> =>
  Terminal.open(relay, ['hikyaku', 'login', ...words]);

/** What the terminal shows of a login by a code, opened in a browser. */
async function openShown(terminal: Terminal): Promise<void> {
  const [, address = ''] = await terminal.until(/^Open +(\S+)/m);
  const [, code = ''] = await terminal.until(/^Code +(\S+)/m);
  await oidc.browse(`${address}?user_code=${code}`);
}

let sent = 0;
async function hand(from: string): Promise<string> {
  sent += 1;
  const to = `friend${sent}@example.com`;
  expect(await client.send(relay, { from, to: [to] })).toMatchObject({ accepted: true });
  return to;
}

describe('before anybody has logged in', () => {
  it('mail waits, and log, policy, status and doctor name the command', async () => {
    const to = await hand('cron@home.example');
    await relay.waitForDelay(to);
    const log = await relay.logs();
    expect(log).toMatch(/token for device@isp\.example: no-grant: .*hikyaku login/);
    expect(log).toMatch(/mail goes to: .*hikyaku login/);
    for (const verb of ['status', 'doctor']) {
      expect((await relay.exec(['hikyaku', verb])).stdout).toContain(
        `run "hikyaku login ${DEVICE}"`,
      );
    }
  });

  it('one that is not named is asked for, and one that does not exist is refused', async () => {
    expect(await relay.exec(['hikyaku', 'login'])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining(`${DEVICE}, ${BROWSER}`),
    });
    expect(await relay.exec(['hikyaku', 'login', 'devise@isp.example'])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining(`did you mean ${DEVICE}?`),
    });
  });
});

describe('a login by a code', () => {
  it('that is declined keeps nothing', async () => {
    await oidc.sitDown('');
    const terminal = await login(DEVICE);
    await openShown(terminal);
    const { exitCode, seen } = await terminal.end();
    expect(exitCode).toBe(1);
    expect(seen).toContain('declined');
    expect(await relay.run(['sh', '-c', 'ls /var/lib/hikyaku/oauth2 2>/dev/null; true'])).toBe('');
  });

  it('whose code has expired says so', async () => {
    await oidc.endCodesAfter(1);
    const { exitCode, seen } = await (await login(DEVICE)).end();
    expect(exitCode).toBe(1);
    expect(seen).toContain('the code of this login has expired');
  });

  it('is proved at the mail server, and what waited goes out without a restart', async () => {
    await oidc.sitDown(DEVICE);
    // No terminal is needed for it, nor shown a picture.
    const terminal = await login(DEVICE.toUpperCase());
    await openShown(terminal);
    const { exitCode, seen } = await terminal.end();
    expect(seen).toContain('█');
    expect(seen).toMatch(/login as device@isp\.example by XOAUTH2: accepted/);
    expect(seen).not.toContain('WRONG');
    expect(exitCode).toBe(0);
    expect(await peer.waitForMailTo('friend1@example.com')).toMatchObject({ username: DEVICE });
    const files = await relay.run(['sh', '-c', 'stat -c "%a %U" /var/lib/hikyaku/oauth2/*']);
    expect(files.trim()).toBe('600 root');
  });
});

describe('logins by a code', () => {
  it('two at once leave one that is good', async () => {
    await oidc.sitDown(DEVICE);
    const terminals = await Promise.all([login(DEVICE), login(DEVICE)]);
    await Promise.all(terminals.map(openShown));
    const ends = await Promise.all(terminals.map((terminal) => terminal.end()));
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(await peer.waitForMailTo(await hand('cron@home.example'))).toMatchObject({
      username: DEVICE,
    });
  });

  it('Ctrl-C ends one, and keeps nothing', async () => {
    const before = await relay.run(['sh', '-c', 'cat /var/lib/hikyaku/oauth2/*']);
    const terminal = await login(DEVICE);
    await terminal.until(/waiting/);
    terminal.type('\x03');
    expect((await terminal.end()).exitCode).not.toBe(0);
    expect(await relay.run(['sh', '-c', 'cat /var/lib/hikyaku/oauth2/*'])).toBe(before);
  });
});

describe('a login by a browser', () => {
  const pageOf = async (terminal: Terminal): Promise<string> =>
    (await terminal.until(/^(https:\S+)\r?$/m))[1] ?? '';

  it('takes the address at which it ended, and no other', async () => {
    await oidc.sitDown(BROWSER);
    const former = await login(BROWSER);
    const answerToAnother = await oidc.browse(await pageOf(former));
    former.type('\x03');
    expect(await former.end()).toMatchObject({ exitCode: 1 });

    const terminal = await login(BROWSER);
    const page = await pageOf(terminal);
    for (const [typed, said] of [
      ['', /Nothing was pasted/],
      [page, /the provider's own page/],
      [answerToAnother, /belongs to another login/],
      ['https://www.isp.example/', /That is not it/],
    ] as const) {
      terminal.type(`${typed}\r`);
      await terminal.until(said);
    }
    terminal.type(` "${await oidc.browse(page)}" \r`);
    expect(await terminal.end()).toMatchObject({
      exitCode: 0,
      seen: expect.stringMatching(/login as browser@isp\.example by XOAUTH2: accepted/),
    });
    expect(await peer.waitForMailTo(await hand(BROWSER))).toMatchObject({ username: BROWSER });
  });

  it('without anybody to answer ends with what to type', async () => {
    expect(await relay.exec(['hikyaku', 'login', BROWSER])).toMatchObject({
      exitCode: 64,
      stderr: expect.stringContaining('docker exec -it'),
    });
  });

  it('as somebody else says at the mail server that it is another mailbox', async () => {
    await oidc.sitDown('somebody@isp.example');
    const terminal = await login(BROWSER);
    terminal.type(`${await oidc.browse(await pageOf(terminal))}\r`);
    const { exitCode, seen } = await terminal.end();
    expect(exitCode).toBe(1);
    expect(seen).toContain('the server does not accept this access token');
    expect(seen).toContain('is not kept');
    expect(await peer.waitForMailTo(await hand(BROWSER))).toMatchObject({ username: BROWSER });
  });
});

describe('an application that sends by itself', () => {
  it.each([
    ['a certificate', BY_CERTIFICATE, APP],
    ['a service account', SERVICE, SERVICE],
  ])('proves each step: %s', async (_, account, username) => {
    const { exitCode, stdout } = await relay.exec(['hikyaku', 'login', '--app', account]);
    expect(stdout.match(/^(ok|to do)(?= +\d\.)/gm)).toEqual(['ok', 'ok', 'ok']);
    expect(exitCode).toBe(0);
    expect(await peer.waitForMailTo(await hand(account))).toMatchObject({ username });
  });

  it('shows the next step with its values, and looks again when it is done', async () => {
    const terminal = await login('--app', BY_SECRET);
    await terminal.until(/Press Enter/);
    expect(terminal.seen).toMatch(/WRONG.*the client secret is wrong/);
    expect(terminal.seen).toMatch(/Next: .*registered[\s\S]*accounts\[1\]\.oauth2\.client_secret/);
    await relay.write('/run/secrets/app', 'the-secret-of-the-application');
    terminal.type('\r');
    const { exitCode, seen } = await terminal.end();
    expect(seen).toContain('run "hikyaku reload"');
    expect(exitCode).toBe(0);
    await relay.run(['hikyaku', 'reload']);
    expect(await peer.waitForMailTo(await hand(BY_SECRET))).toMatchObject({ username: APP });
  });

  it.each([
    [[BY_SECRET], /hikyaku login --app/],
    [['--app', DEVICE], /is a user's login/],
  ])('is no user: %j', async (words, said) => {
    const { exitCode, stderr } = await relay.exec(['hikyaku', 'login', ...words]);
    expect(stderr).toMatch(said);
    expect(exitCode).toBe(1);
  });
});

describe('on the host', () => {
  /** `./hikyaku login` at a terminal: script(1) of util-linux makes one. */
  const atHost = (account: string) => {
    const command = `'${process.execPath}' '${MAIN}' login ${relay.id} ${account}`;
    return spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
  };

  it('the browser comes back to the program by itself', async () => {
    await oidc.sitDown(BROWSER);
    const child = atHost(BROWSER);
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    const ended = once(child, 'close');
    const page = await eventually('the page', async () => /^(https:\S+)\r$/m.exec(seen)?.[1]);
    const back = await oidc.browse(page);
    const { hostname, port } = new URL(back);
    expect(hostname).toBe('127.0.0.1');
    expect(await (await fetch(`http://127.0.0.1:${port}/favicon.ico`)).text()).toBe('');
    expect(await (await fetch(back)).text()).toContain('Close this page');
    expect(await ended).toEqual([0, null]);
    expect(seen).toMatch(/login as browser@isp\.example by XOAUTH2: accepted/);
    expect(seen).toContain('./hikyaku VERB');
  });

  it('Ctrl-C ends it, and keeps nothing', async () => {
    const before = await relay.run(['sh', '-c', 'cat /var/lib/hikyaku/oauth2/*']);
    const child = atHost(BROWSER);
    let seen = '';
    child.stdout.on('data', (chunk: Buffer) => {
      seen += chunk.toString();
    });
    const ended = once(child, 'close');
    await eventually('the question', async () => (/Address: /.test(seen) ? true : undefined));
    child.stdin.write('\x03');
    expect(await ended).toEqual([1, null]);
    expect(seen).toContain('nothing has changed');
    expect(await relay.run(['sh', '-c', 'cat /var/lib/hikyaku/oauth2/*'])).toBe(before);
  });
});

it('no token and no code is in the log', async () => {
  const log = await relay.logs();
  const secrets = await relay.run([
    'sh',
    '-c',
    'grep -oh "[A-Za-z0-9_-]\\{30,\\}" /var/lib/hikyaku/oauth2/*.json /etc/postfix/sasl_passwd',
  ]);
  const all = secrets.trim().split('\n');
  expect(all.length).toBeGreaterThan(2);
  expect(all.filter((secret) => log.includes(secret))).toEqual([]);
});
