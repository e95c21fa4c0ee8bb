import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startContainer, type TestContainer } from '../support/container.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// The page tells whether mail gets out, and Prometheus can read the metrics. It runs as an account
// that can read no secret, and may have root do a few things and no others. (How it looks and is used:
// page-browser.test.ts.)

const HOSTILE = '<script>alert("you")</script>';
const LATER = 'later@friend.example';
const FILE = '/etc/hikyaku/relay.yaml';
const OPEN = 'page: {listen: 8080}\nhistory: 30d\n';
const CLOSED = 'page: {listen: 8080, password: open sesame}\nhistory: 30d\n';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let relay: Relay;
/** Prometheus' machine, with curl for a browser. */
let watcher: TestContainer;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  const prometheus = { image: IMAGES.prometheus, network, aliases: ['prometheus'] as const };
  [client, provider, watcher] = await Promise.all([
    startClient(network).then((one) => stack.use(one)),
    startIsp(network).then((one) => stack.use(one)),
    startContainer(prometheus).then((one) => stack.use(one)),
  ]);
  const volumes = { '/var/lib/hikyaku': stack.use(await createVolume()) };
  const env = { RELAY_MYHOSTNAME: 'relay.example' };
  const settings = customerOf(provider, { env, volumes, files: { [FILE]: OPEN } });
  relay = stack.use(await startRelay(network, settings));
  await provider.setFaults({
    at: 'rcpt',
    reply: `450 4.2.1 ${HOSTILE} try later`,
    match: { to: LATER },
  });
});
afterAll(() => stack.disposeAsync());

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Asks for a path, as curl does. */
async function get(path: string, ...options: readonly string[]): Promise<Answer> {
  const url = `http://relay:8080${path}`;
  const { stdout } = await watcher.exec(['curl', '--silent', '--include', ...options, url]);
  const [head = '', ...rest] = stdout.split('\r\n\r\n');
  const status = Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]);
  return { status, head: head.toLowerCase(), body: rest.join('\r\n\r\n') };
}

/** The page, once it says what is wanted. */
const pageWith = (path: string, text: string): Promise<string> =>
  eventually(`"${text}" at ${path}`, async () => {
    const { body } = await get(path);
    return body.includes(text) && body;
  });

/** A sample of /metrics; undefined while there is none. */
async function sample(name: string): Promise<number | undefined> {
  const { body } = await get('/metrics');
  const line = body.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

const SENT = 'hikyaku_deliveries_total{account="default",status="sent"}';

const sentAtLeast = (count: number): Promise<number> =>
  eventually(`${count} deliveries in the metrics`, async () => {
    const sent = await sample(SENT);
    return sent !== undefined && sent >= count && sent;
  });

it('says that mail gets out, and tells the story of one', async () => {
  await client.send(relay, {
    from: 'nas@example.com',
    to: 'you@friend.example',
    headers: { 'Message-ID': `<"${HOSTILE}"@example.com>` },
  });
  await pageWith('/', '>sent<');
  const page = await pageWith('/', 'Mail gets out');
  const [, link = ''] = /href="(\/mail\?number=\d+)"/.exec(page) ?? [];
  const story = await pageWith(link, 'delivered');
  expect(story).toContain('mail.isp.example');
  expect(story).not.toContain('<script');
});

it('says what waits, and why, and escapes what a server said', async () => {
  await client.send(relay, { from: 'nas@example.com', to: LATER });
  const page = await pageWith('/', 'Mail is stuck');
  expect(page).toContain('&lt;script&gt;alert(&quot;you&quot;)&lt;/script&gt; try later');
  expect(page).not.toContain('<script');
  expect(page).toContain('What to do');
  expect(await pageWith(`/history?q=${LATER}&lang=ja`, '再試行待ち')).not.toContain('you@friend');
});

it('sends what keeps scripts, frames and other sites away', async () => {
  const { head } = await get('/');
  expect(head).toContain("content-security-policy: default-src 'none'; style-src 'self'");
  expect(head).toContain("frame-ancestors 'none'");
  expect((await get('/', '--header', 'Host: evil.com')).status).toBe(421);
  expect((await get('/', '--request', 'POST')).status).toBe(405);
  expect((await get('/nowhere')).status).toBe(404);
});

it('gives metrics that promtool has nothing against', async () => {
  await sentAtLeast(1);
  const check = 'curl --silent http://relay:8080/metrics | promtool check metrics';
  expect(await watcher.exec(['sh', '-c', check])).toMatchObject({ exitCode: 0, output: '' });
  expect(await sample('hikyaku_queue_messages{queue="deferred"}')).toBe(1);
  const encrypted = 'hikyaku_tls_connections_total{direction="out",protocol="TLSv1.3"}';
  expect(await sample(encrypted)).toBeGreaterThan(0);
});

it('counts on after the page and the recorder were killed', async () => {
  const before = await sentAtLeast(1);
  const kill = 'cd /proc; for p in [0-9]*; do grep -qs "^node" $p/comm && kill -9 $p; done; true';
  await relay.run(['sh', '-c', kill], { user: 'hikyaku-page' });
  await relay.run(['sh', '-c', kill]);
  await client.send(relay, { from: 'nas@example.com', to: 'you@friend.example' });
  expect(await sentAtLeast(before + 1)).toBe(before + 1);
});

it('runs as an account that can read no secret', async () => {
  const users =
    'cd /proc; for p in [0-9]*; do grep -qs page.js $p/cmdline && stat -c %U $p; done; true';
  expect((await relay.run(['sh', '-c', users])).split('\n')).toContain('hikyaku-page');
  for (const secret of ['/etc/postfix/sasl_passwd', '/etc/postfix/page', '/proc/1/environ']) {
    const { exitCode } = await relay.exec(['cat', secret], { user: 'hikyaku-page' });
    expect(exitCode).toBe(1);
  }
  for (const path of ['/', '/metrics'])
    expect((await get(path)).body).not.toContain(LOGIN.password);
});

it('has root carry out nothing but its few orders', async () => {
  const [{ queue_id: id = '' } = {}] = await relay.queue();
  const orders = [
    ...['delete ALL', 'delete -d', `delete ${id} ALL`, `delete ${id};id`, `show ${id}`, ''],
    ...['retry all ALL', `delete ../${id}`, `delete ${'A'.repeat(40)} ${id}`],
  ];
  const given = ['sh', '-c', 'printf "%s\n" "$@" | /usr/share/hikyaku/attend.sh', 'sh'];
  const answers = (await relay.run([...given, ...orders])).trim().split('\n');
  expect(new Set(answers)).toEqual(new Set(['failed']));
  expect((await relay.queue()).map((one) => one.queue_id)).toEqual([id]);
  expect(await relay.run([...given, `hold ${id}`, `release ${id}`])).toBe('done\ndone\n');
});

it('asks for the password once there is one, and Prometheus scrapes with it', async () => {
  await relay.write(FILE, CLOSED);
  await relay.run(['hikyaku', 'reload']);
  await eventually('the question for a password', async () => (await get('/')).status === 401);
  expect((await get('/metrics')).status).toBe(401);
  const login = ['--user', 'admin:open sesame'];
  // A page that has a password answers under any name: it may stand behind a proxy.
  expect((await get('/', ...login, '--header', 'Host: mail.example.com')).status).toBe(200);
  // A form without its token does nothing, wherever it says that it comes from.
  const form = [...login, '--header', 'Origin: http://relay:8080', '--data', 'action=retry-all'];
  expect((await get('/queue', ...form)).status).toBe(403);
  await eventually('a pause after wrong passwords', async () => {
    return (await get('/', '--user', 'admin:guess')).status === 429;
  });
  await watcher.copyIn('/tmp/prometheus.yml', SCRAPING);
  const start = 'cd /tmp && prometheus --config.file=prometheus.yml >/tmp/log 2>&1 & true';
  await watcher.run(['sh', '-c', start]);
  const query = 'http://localhost:9090/api/v1/query';
  await eventually('the deliveries in Prometheus', async () => {
    const asked = ['curl', '--silent', '--get', '--data-urlencode', `query=${SENT}`, query];
    const [result] = JSON.parse(await watcher.run(asked)).data.result;
    return Number(result?.value[1]) >= 2;
  });
});

const SCRAPING = `
global: {scrape_interval: 1s}
scrape_configs:
  - job_name: relay
    basic_auth: {username: admin, password: open sesame}
    static_configs: [{targets: ['relay:8080']}]
`;
