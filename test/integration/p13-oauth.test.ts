import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type Oidc, startOidc } from '../support/oidc.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume, type TestVolume } from '../support/volume.ts';

// P13: OAuth 2 in place of a password. The tokens come from oidc-provider, and Dovecot asks there
// about each: neither is ours.

/** So short that a few of them end in every test. */
const TOKEN_SECONDS = 8;
const USER = 'user@isp.example';
const BEARER = 'bearer@isp.example';
const APP = 'app@isp.example';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let oidc: Oidc;
let peer: Peer;
let state: TestVolume;
let relay: Relay;

const grantOf = (account: string): string => `/run/secrets/${account}`;

const relayYaml = (tokenEndpoint: string): string => {
  const endpoint = `token_endpoint: ${tokenEndpoint}, scope: smtp`;
  const user = (account: string): string =>
    `{${endpoint}, client_id: user-client, refresh_token_file: ${grantOf(account)}}`;
  return `
relay:
  host: mail.peer.example
  username: ${APP}
  ca_file: /certs/ca.pem
  oauth2: {${endpoint}, client_id: app-client, client_secret_file: /run/secrets/app}
accounts:
  - {sender: ${USER}, host: mail.peer.example, username: ${USER}, ca_file: /certs/ca.pem, oauth2: ${user(USER)}}
  - {sender: ${BEARER}, host: mail.peer.example, username: ${BEARER}, ca_file: /certs/ca.pem, mechanisms: [oauthbearer], oauth2: ${user(BEARER)}}
`;
};

beforeAll(async () => {
  network = stack.use(await startNetwork());
  oidc = stack.use(await startOidc(network, TOKEN_SECONDS));
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
  state = stack.use(await createVolume());
  relay = stack.use(
    await startRelay(network, {
      files: {
        '/etc/hikyaku/relay.yaml': relayYaml(oidc.tokenEndpoint),
        '/certs/ca.pem': oidc.caPem + (await peer.caPem()),
        '/run/secrets/app': 'the-secret-of-the-application',
        [grantOf(USER)]: await oidc.grant(USER),
        [grantOf(BEARER)]: await oidc.grant(BEARER),
      },
      volumes: { '/var/lib/hikyaku': state },
    }),
  );
});
afterAll(() => stack.disposeAsync());

/** How often the keeper of tokens is killed; 100 for a long look (OAUTH_KILLS). */
const KILLS = Number(process.env['OAUTH_KILLS'] ?? '10');

/** Kills it, each time at another moment of its work. */
const KILLER = `
for (( count = 0; count < ${KILLS}; count++ )); do
  rm -f /etc/postfix/oauth2.due
  killed=
  until [ "$killed" ]; do
    for process in /proc/[0-9]*; do
      { mapfile -d '' words < "$process/cmdline"; } 2> /dev/null || continue
      [[ \${words[1]} == /usr/share/hikyaku/companion.js ]] || continue
      sleep "0.$((count % 5))$((count * 7 % 10))"
      kill -9 "\${process#/proc/}" 2> /dev/null && killed=yes
    done
  done
done`;

let sent = 0;
/** Hands a mail in, and gives its recipient, which no other mail has. */
async function hand(from: string): Promise<string> {
  sent += 1;
  const to = `friend${sent}@example.com`;
  expect(await client.send(relay, { from, to: [to] })).toMatchObject({ accepted: true });
  return to;
}

/** The processes of the relay whose command line has this in it. */
const processes = (pattern: string): Promise<string> =>
  relay.run([
    'sh',
    '-c',
    `for p in /proc/[0-9]*; do tr '\\0' ' ' < $p/cmdline 2>/dev/null | grep -q -- '${pattern}' && echo \${p#/proc/}; done; true`,
  ]);

/** Waits until no session to the provider is kept for another mail: the next one needs a login. */
const withoutSession = () =>
  eventually('the end of every session', async () => {
    const log = await relay.logs();
    const count = (word: RegExp): number => log.match(word)?.length ?? 0;
    return count(/tlsproxy.*: CONNECT/g) === count(/tlsproxy.*: DISCONNECT/g);
  });

const bounces = async (): Promise<readonly string[]> =>
  (await relay.logs()).split('\n').filter((line) => line.includes('status=bounced'));

describe('a relay with OAuth 2', () => {
  it.each([
    ['the application', 'cron@home.example', APP, 'XOAUTH2'],
    ['a user', USER, USER, 'XOAUTH2'],
    ['a user, by the standard mechanism', BEARER, BEARER, 'OAUTHBEARER'],
  ])('logs in as %s', async (_, from, username, mechanism) => {
    const message = await peer.waitForMailTo(await hand(from));
    expect(message).toMatchObject({ username, mechanism, from });
  });

  it('tells the page when tokens end, which can read no token', async () => {
    const endings = await relay.run(['cat', '/etc/postfix/token_endings'], {
      user: 'hikyaku-page',
    });
    const names = JSON.parse(endings).map(({ name }: { readonly name: string }) => name);
    expect(names).toEqual(expect.arrayContaining([USER, BEARER, APP]));
  });

  it('has its tokens where root alone can read them, and in no environment', async () => {
    const modes = 'cd /etc/postfix && stat -c "%a %U %n" sasl_passwd sasl_passwd.lmdb oauth2*';
    const lines = (await relay.run(['sh', '-c', modes])).trim().split('\n');
    expect(lines.filter((line) => !line.startsWith('600 root '))).toEqual([]);
    const grants = await relay.run(['sh', '-c', 'stat -c "%a" /var/lib/hikyaku/oauth2/*']);
    expect(new Set(grants.trim().split('\n'))).toEqual(new Set(['600']));
    const [loop = ''] = (await processes('hikyaku-[t]okens outer')).split('\n');
    const environment = await relay.run(['sh', '-c', `tr '\\0' '\\n' < /proc/${loop}/environ`]);
    const names = environment.split('\n').flatMap((line) => line.split('=')[0] || []);
    // The last three are the shell's own.
    const known = ['PATH', 'LANG', 'SHLVL', 'PWD', 'OLDPWD', '_'];
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    expect(await relay.logs()).not.toContain('the-secret-of-the-application');
  });

  it('loses nothing in a burst across the ends of tokens and replaced refresh tokens', async () => {
    await oidc.beStrict(true);
    const before = (await oidc.requests()).length;
    const logged = (await relay.logs()).length;
    const recipients: string[] = [];
    const end = Date.now() + 2 * TOKEN_SECONDS * 1000;
    while (Date.now() < end) {
      recipients.push(await hand(USER), await hand('cron@home.example'));
    }
    const wanted = new Set(recipients);
    await eventually(
      'every mail of the burst',
      async () => (await peer.messages()).filter(({ to }) => wanted.has(to)).length === wanted.size,
    );
    const requests = (await oidc.requests()).slice(before);
    // Three grants, and at least two tokens of each have ended meanwhile.
    expect(requests.length).toBeGreaterThanOrEqual(6);
    expect(new Set(requests.map(({ outcome }) => outcome))).toEqual(new Set(['token']));
    expect(await bounces()).toEqual([]);
    expect((await relay.logs()).slice(logged)).not.toMatch(/status=deferred/);
    await oidc.beStrict(false);
  });

  it('goes on when its keeper of tokens is killed', async () => {
    await relay.run(['bash', '-c', KILLER]);
    for (const role of ['inner', 'outer']) {
      // Not found in the command line of the search itself.
      const shell = `hikyaku-[t]okens ${role}`;
      const [id = ''] = (await processes(shell)).split('\n');
      await relay.run(['sh', '-c', `kill -9 ${id}`]);
      await eventually('another shell in its place', async () => {
        const [another = ''] = (await processes(shell)).split('\n');
        return another !== '' && another !== id;
      });
    }
    // No grant was lost on the way.
    for (const [from, username] of [
      ['cron@home.example', APP],
      [USER, USER],
      [BEARER, BEARER],
    ] as const) {
      expect(await peer.waitForMailTo(await hand(from))).toMatchObject({ username });
    }
    const outcomes = new Set((await oidc.requests()).map(({ outcome }) => outcome));
    expect(outcomes).toEqual(new Set(['token']));
  });

  it('keeps mail while the endpoint is away, and sends it afterwards', async () => {
    await oidc.fail(503);
    await relay.waitForLog(/OAuth 2 token for app@isp\.example: busy/);
    // The token that is there still counts, to its end.
    await eventually('the end of the token', async () =>
      /\]:587\s+app@isp\.example:$/m.test(await relay.run(['cat', '/etc/postfix/sasl_passwd'])),
    );
    await withoutSession();
    const to = await hand('cron@home.example');
    expect(await relay.waitForDelay(to)).toMatch(/SASL authentication failed/);
    const doctor = await relay.exec(['hikyaku', 'doctor', '--json']);
    expect(doctor.exitCode).toBe(1);
    expect(JSON.parse(doctor.stdout).findings).toContainEqual(
      expect.objectContaining({
        trouble: expect.objectContaining({ kind: 'token', fault: 'busy' }),
      }),
    );
    await oidc.fail(0);
    expect(await peer.waitForMailTo(to)).toMatchObject({ username: APP });
    expect(await bounces()).toEqual([]);
  });

  it('keeps mail when a grant has ended, names it, and sends it with a new grant', async () => {
    await oidc.revoke();
    await relay.waitForLog(/OAuth 2 token for user@isp\.example: grant-ended: .*invalid_grant/);
    await eventually('the end of the token', async () =>
      /^user@isp\.example\s+user@isp\.example:$/m.test(
        await relay.run(['cat', '/etc/postfix/sasl_passwd']),
      ),
    );
    await withoutSession();
    const to = await hand(USER);
    await relay.waitForDelay(to);
    const { stdout } = await relay.exec(['hikyaku', 'status']);
    expect(stdout).toContain('invalid_grant');
    await relay.write(grantOf(USER), await oidc.grant(USER));
    await relay.write(grantOf(BEARER), await oidc.grant(BEARER));
    await relay.run(['hikyaku', 'reload']);
    expect(await peer.waitForMailTo(to)).toMatchObject({ username: USER });
    expect(await bounces()).toEqual([]);
  });

  it('ends as quickly as without a companion, and keeps its grants over a new start', async () => {
    expect(await relay.stop({ graceSeconds: 5 })).toBe(0);
    await relay.start();
    expect(await peer.waitForMailTo(await hand(USER))).toMatchObject({ username: USER });
  });
});
