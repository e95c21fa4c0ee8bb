import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startContainer, type TestContainer } from '../support/container.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually, Hopeless } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// A Prometheus that scraped a relay through which all kinds of mail went: every rule of
// deploy/prometheus can be evaluated, and every query of deploy/grafana has something to show.

const RULES = 'deploy/prometheus/hikyaku.rules.yml';
const RULE_TESTS = 'test/prometheus/hikyaku.rules.test.yml';
const DASHBOARD = 'deploy/grafana/hikyaku.json';

const SCRAPING = `
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [hikyaku.rules.yml]
scrape_configs:
  - job_name: relay
    static_configs: [{targets: ['relay:8080']}]
`;

const SENDER = 'nas@example.com';
const LOGIN = { username: 'printer', password: 'open sesame', mechanism: 'PLAIN' };

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let relay: Relay;
let prometheus: TestContainer;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, provider, prometheus] = await Promise.all([
    startClient(network).then((one) => stack.use(one)),
    startIsp(network).then((one) => stack.use(one)),
    startContainer({ image: IMAGES.prometheus, network, aliases: ['prometheus'] }).then((one) =>
      stack.use(one),
    ),
  ]);
  relay = stack.use(
    await startRelay(
      network,
      customerOf(provider, {
        env: {
          RELAY_HISTORY: '30d',
          RELAY_PAGE_LISTEN: '8080',
          RELAY_ALLOWED_SENDERS: '@example.com',
          RELAY_SUBMISSION_USERNAME: LOGIN.username,
          RELAY_SUBMISSION_PASSWORD: LOGIN.password,
        },
        volumes: { '/var/lib/hikyaku': stack.use(await createVolume()) },
      }),
    ),
  );
  await prometheus.copyIn('/tmp/hikyaku.rules.yml', readFileSync(RULES, 'utf8'));
  await prometheus.copyIn('/tmp/hikyaku.rules.test.yml', readFileSync(RULE_TESTS, 'utf8'));
  await prometheus.copyIn('/tmp/prometheus.yml', SCRAPING);
  const start = 'cd /tmp && prometheus --config.file=prometheus.yml >/tmp/log 2>&1 & true';
  await prometheus.run(['sh', '-c', start]);
  // What is not seen to begin cannot be seen to grow.
  await eventually('the first scrape', async () => {
    const { data } = await ask('query', 'hikyaku_deliveries_total{status="bounced"}');
    return data.result.length > 0;
  });
});
afterAll(() => stack.disposeAsync());

/** What Prometheus answers; empty until it is up. */
async function ask(path: string, query?: string) {
  const url = `http://localhost:9090/api/v1/${path}`;
  const more = query === undefined ? [] : ['--get', '--data-urlencode', `query=${query}`];
  const { stdout } = await prometheus.exec(['curl', '--silent', ...more, url]);
  return stdout === '' ? {} : JSON.parse(stdout);
}

interface Panel {
  readonly title: string;
  readonly targets: readonly { readonly expr: string }[];
}

/** The queries as Grafana sends them. */
function queries(): readonly (readonly [title: string, query: string])[] {
  const { panels }: { panels: readonly Panel[] } = JSON.parse(readFileSync(DASHBOARD, 'utf8'));
  const filled = (expr: string): string =>
    expr
      .replaceAll('$instance', '.*')
      .replaceAll('$__rate_interval', '4s')
      .replaceAll('$__range', '1h');
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => [title, filled(expr)] as const),
  );
}

it('has rules that fire when they should', async () => {
  const test =
    'cd /tmp && promtool check rules hikyaku.rules.yml && promtool test rules *.test.yml';
  const { output, exitCode } = await prometheus.exec(['sh', '-c', test]);
  expect(output).not.toContain('FAILED');
  expect(exitCode).toBe(0);
  // Each is expected by a test of it.
  const rules = [...readFileSync(RULES, 'utf8').matchAll(/alert: (\w+)/g)].map(([, name]) => name);
  const tested = readFileSync(RULE_TESTS, 'utf8').matchAll(/alertname: (\w+)\n +exp_alerts:\n/g);
  expect([...tested].map(([, name]) => name).sort()).toEqual(rules.sort());
});

/** The panels that show nothing now. */
async function emptyPanels(): Promise<readonly string[]> {
  const answers = await Promise.all(
    queries().map(async ([title, query]) => {
      const { status, error, data } = await ask('query', query);
      if (status === 'error') throw new Hopeless(`${title}: ${error}`);
      return data?.result.length > 0 ? [] : [title];
    }),
  );
  return answers.flat();
}

it('fills every panel of the dashboard when mail of all kinds went through', async () => {
  const fault = (to: string, reply: string) => ({ at: 'rcpt', reply, match: { to } }) as const;
  await provider.setFaults(
    fault('later@friend.example', '450 4.2.1 try later'),
    fault('nobody@friend.example', '550 5.1.1 no such user'),
  );
  const mail = { from: SENDER, to: 'you@friend.example' };
  await client.send(relay, { ...mail, to: 'later@friend.example' });
  await client.send(relay, { ...mail, to: 'nobody@friend.example' });
  await client.send(relay, { ...mail, tls: 'starttls', login: LOGIN });
  await client.send(relay, { ...mail, from: 'me@elsewhere.example' });
  let empty = await emptyPanels();
  const wait = eventually('something in every panel', async () => {
    empty = await emptyPanels();
    return empty.length === 0;
  });
  await wait.catch(() => undefined);
  expect(empty).toEqual([]);
});

it('tells of mail that came back by the rules', async () => {
  await eventually('the alert', async () => {
    const { data } = await ask('alerts');
    return data.alerts.some(({ labels }: { labels: { alertname: string } }) => {
      return labels.alertname === 'HikyakuMailCameBack';
    });
  });
  const { data } = await ask('rules');
  const rules: readonly { name: string; health: string }[] = data.groups[0].rules;
  expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
});
