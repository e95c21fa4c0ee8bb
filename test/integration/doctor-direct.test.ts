import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startContainer } from '../support/container.ts';
import { startDns } from '../support/dns.ts';
import { type Examination, examine } from '../support/examination.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { startAll } from '../support/start-all.ts';

// A relay without a provider, looked at as receivers look: everything is asked of the DNS of the test.

const OUTSIDE = '192.0.2.10';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const KEY = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
/** An Ed25519 key stands as its 32 bytes (RFC 8463 section 4). */
const PUBLIC = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');

/** Serves the policy of friend.example, with a certificate that it signs itself. */
const POLICY = `openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -days 2 \
    -subj /CN=mta-sts.friend.example -addext subjectAltName=DNS:mta-sts.friend.example \
    -keyout /tmp/key.pem -out /tmp/cert.pem 2>&- && exec node -e "
  const { readFileSync } = require('fs');
  require('https').createServer({ key: readFileSync('/tmp/key.pem'), cert: readFileSync('/tmp/cert.pem') },
    (request, response) => response.end(request.url.endsWith('/mta-sts.txt')
      ? 'version: STSv1\\\\nmode: enforce\\\\nmx: mx.friend.example\\\\nmax_age: 86400\\\\n' : ''))
    .listen(443, () => console.log('ready'));"`;

const stack = new AsyncDisposableStack();
let good: Relay;
let bad: Examination;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  const [friend, policy] = await startAll(
    stack,
    startProvider(network, { names: ['mx.friend.example'], aliases: ['friend'] }),
    startContainer({
      image: IMAGES.provider,
      network,
      aliases: ['policy'],
      command: ['sh', '-c', POLICY],
      healthEverySeconds: 'never',
    }),
  );
  await policy.waitForLog(/ready/);
  const mx = [{ host: 'mx.friend.example', preference: 10 }];
  const dns = stack.use(
    await startDns(network, {
      // The last two are whom the doctor tries when no mail waits.
      mx: { 'friend.example': mx, 'home.example': mx, 'gmail.com': mx, 'outlook.com': mx },
      a: {
        'mx.friend.example': friend.container.address,
        'mta-sts.friend.example': policy.address,
        'relay.home.example': OUTSIDE,
        '77.2.0.192.list.example': '127.0.0.2',
      },
      txt: {
        'home.example': `v=spf1 ip4:${OUTSIDE} -all`,
        '_dmarc.home.example': 'v=DMARC1; p=quarantine',
        '_mta-sts.friend.example': 'v=STSv1; id=1',
        'good._domainkey.home.example': `v=DKIM1; k=ed25519; p=${PUBLIC}`,
      },
      options: ['--ptr-record=10.2.0.192.in-addr.arpa,relay.home.example'],
    }),
  );
  const ca = friend.caPem + (await policy.run(['cat', '/tmp/cert.pem']));
  const start = (myhostname: string, outside: string, selector: string) =>
    startRelay(network, {
      dns: [dns.address],
      env: {
        RELAY_MYHOSTNAME: myhostname,
        RELAY_MYORIGIN: 'home.example',
        RELAY_PROXY_INTERFACES: outside,
        RELAY_BLOCK_LISTS: 'list.example',
        RELAY_CA_FILE: '/ca.pem',
        RELAY_DKIM_DOMAIN: 'home.example',
        RELAY_DKIM_SELECTOR: selector,
        RELAY_DKIM_KEY_FILE: '/dkim.pem',
      },
      files: { '/ca.pem': ca, '/dkim.pem': KEY },
      aliases: [myhostname.replaceAll('.', '-')],
    });
  const relays = await startAll(
    stack,
    start('relay.home.example', OUTSIDE, 'good'),
    start('nas.home.example', '192.0.2.77', 'unpublished'),
  );
  good = relays[0];
  bad = await examine(relays[1]);
});
afterAll(() => stack.disposeAsync());

it('a relay that receivers have nothing against is well', async () => {
  const { ok, findings } = await examine(good);
  expect(findings.filter(({ state }) => state === 'wrong')).toEqual([]);
  expect(ok).toBe(true);
  const kinds = findings.map(({ kind }) => kind);
  expect(kinds).toEqual(
    expect.arrayContaining([
      'ptr',
      'helo-name',
      'spf-pass',
      'dmarc-policy',
      'unlisted',
      'dkim-record',
    ]),
  );
});

it.each([
  [{ kind: 'no-ptr', address: '192.0.2.77' }, 'myhostname'],
  [{ kind: 'helo-elsewhere', name: 'nas.home.example' }, 'myhostname'],
  [{ kind: 'spf', domain: 'home.example', fault: 'fail' }, 'relay.host'],
  [{ kind: 'dmarc', fault: 'unvouched', policy: 'quarantine' }, 'dkim.domain'],
  [{ kind: 'dkim', name: 'unpublished._domainkey.home.example', fault: 'missing' }, undefined],
  [{ kind: 'listed', list: 'list.example' }, 'relay.host'],
])('what receivers have against another is named: %j', (trouble, setting) => {
  expect(bad.findings).toContainEqual(
    expect.objectContaining({
      state: 'wrong',
      trouble: expect.objectContaining(trouble),
      settings: setting === undefined ? [] : expect.arrayContaining([setting]),
    }),
  );
});

it('nothing else is wrong there', () => {
  expect(bad.findings.filter(({ state }) => state === 'wrong')).toHaveLength(6);
});

it('--to looks at the hosts of a recipient, and at what vouches for them', async () => {
  const { findings, exitCode } = await examine(good, '--to', 'friend@friend.example');
  expect(findings.map(({ state, kind }) => `${state} ${kind}`)).toEqual([
    'ok connected',
    'ok sts',
    'note no-dane',
    'ok certificate',
  ]);
  expect(exitCode).toBe(0);
  const { findings: nowhere } = await examine(good, '--to', 'friend@nowhere.example');
  expect(nowhere).toContainEqual(expect.objectContaining({ state: 'wrong', kind: 'name' }));
});
