import { chmod, mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { run } from '../../scripts/command.ts';
import { startClient } from '../support/client.ts';
import { startDns } from '../support/dns.ts';
import { eventually } from '../support/eventually.ts';
import { type Example, type ExampleSettings, PASSWORD, startExample } from '../support/example.ts';
import { freePort } from '../support/free-port.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';

// Every folder of examples/ with a compose file, started as it stands (nas-on-the-lan in a file of
// its own); a mail arrives at the provider that its settings name. Only the network, the provider's
// authority and the published ports are the test's: see test/support/example.ts.

interface Stack extends AsyncDisposable {
  readonly network: TestNetwork;
  readonly provider: ProviderHandle;
  readonly example: Example;
}

/** A network, the provider with this account, and the example. */
async function startStack(
  name: string,
  [host, username]: readonly [host: string, username: string],
  settings: Omit<ExampleSettings, 'provider'>,
): Promise<Stack> {
  await using stack = new AsyncDisposableStack();
  const network = stack.use(await startNetwork());
  const provider = stack.use(await startAccount(network, host, username));
  const example = stack.use(await startExample(network, name, { ...settings, provider }));
  const kept = stack.move();
  return { network, provider, example, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const startAccount = (
  network: TestNetwork,
  host: string,
  username: string,
): Promise<ProviderHandle> =>
  startProvider(network, { names: [host], users: { [username]: PASSWORD } });

const [LOGIN, PORT_AND_LOGIN] = [
  (username: string) => ({ auth: { username } }),
  (listener: number, username: string) => ({ listener, auth: { username } }),
];

describe.concurrent('with one provider', () => {
  test.for([
    {
      name: 'made-up-name',
      account: ['mail.hisisp.example', 'hisaccount'],
      from: 'her@localdomain.local',
      arrives: { from: 'heraccount@herisp.example', session: LOGIN('hisaccount') },
    },
    {
      name: 'made-up-name-at-home',
      account: ['mail.your-isp.example', 'your-account'],
      from: 'your-login-name@localdomain.local',
      arrives: { from: 'your-account@your-isp.example', session: LOGIN('your-account') },
    },
    {
      name: 'provider-login',
      account: ['mail.isp.example', 'hoge'],
      from: 'me@isp.example',
      arrives: { from: 'me@isp.example', session: PORT_AND_LOGIN(465, 'hoge') },
    },
    {
      name: 'home-server',
      account: ['foo.bar.example', 'hoge'],
      from: 'root@linux.myhome.net',
      arrives: { from: 'hoge@foo.bar.example', session: PORT_AND_LOGIN(587, 'hoge') },
    },
  ] as const)(
    '$name brings the mail of a client there',
    async ({ name, account, from, arrives }, { signal }) => {
      await using stack = await startStack(name, account, { signal });
      await using client = await startClient(stack.network);
      const to = 'friend@example.com';
      expect(await client.send('relay', { from, to })).toMatchObject({ accepted: true });
      const message = await stack.provider.waitForMessage();
      expect(message).toMatchObject({
        session: arrives.session,
        envelope: { from: arrives.from, to: [to] },
      });
      expect(headerField(message.raw, 'from')).toBe(arrives.from);
    },
  );

  test('logwatch brings the daily report and what cron jobs say to the administrator', async ({
    signal,
  }) => {
    await using logs = await mkdtempDisposable(path.join(tmpdir(), 'hikyaku-logs-'));
    await chmod(logs.path, 0o755);
    await writeFile(path.join(logs.path, 'auth.log'), failedLogins(new Date()));
    const account = ['foo.bar.example', 'hoge'] as const;
    await using stack = await startStack('logwatch', account, {
      variables: { LOGS: logs.path },
      signal,
    });
    const { example, provider } = stack;
    // As `crontab -e` would put it; cron runs it at the next full minute.
    const crontab = 'MAILTO=root\n* * * * * echo the backup is done\n';
    await example.exec('machine', 'sh', '-c', `printf %s '${crontab}' | crontab -`);
    // The line of /etc/crontab that is due at 6:25.
    await example.exec('machine', 'run-parts', '--report', '/etc/cron.daily');

    const report = await provider.waitForMessage(({ raw }) => raw.includes('Logwatch'));
    expect(report).toMatchObject({
      session: LOGIN('hoge'),
      envelope: { from: 'hoge@foo.bar.example', to: ['administrator@example.com'] },
    });
    expect(report.raw).toMatch(/^From: .*hoge@foo\.bar\.example/m);
    expect(report.raw).toMatch(/^Subject: Logwatch for linux\.myhome\.net \(Linux\)/m);
    expect(report.raw).toMatch(/# Logwatch [\d.]+ .*#/);
    expect(report.raw).toMatch(/Logfiles for Host: linux\.myhome\.net/);
    expect(report.raw).toMatch(/SSHD Begin[\s\S]+Failed logins from:\s+192\.0\.2\.77: 1 Time/);

    const said = await provider.waitForMessage(({ raw }) => raw.includes('the backup is done'), {
      timeoutMs: 300_000,
    });
    expect(said.envelope).toEqual(report.envelope);
    expect(said.raw).toMatch(/^Subject: Cron <root@linux> echo the backup is done/m);
    expect(said.raw).toMatch(/^From: .*hoge@foo\.bar\.example/m);
  });

  test('web-application mails an order, and the shop is the only sender', async ({ signal }) => {
    const account = ['mail.isp.example', 'shop'] as const;
    const port = await freePort();
    await using stack = await startStack('web-application', account, {
      ports: { web: `127.0.0.1:${port}:8080` },
      signal,
    });
    const shop = `http://127.0.0.1:${port}/`;
    const page = await eventually('the shop', async () => (await fetch(shop)).text());
    expect(page).toContain('<form method="post">');
    const order = (address: string): Promise<Response> =>
      fetch(shop, {
        method: 'POST',
        body: new URLSearchParams({ address, order: 'Two pots of tea, 5 €' }),
      });
    expect((await order('x@example.org\nBcc: everybody@example.org')).status).toBe(400);
    const answer = await order('customer@example.org');
    expect(await answer.text()).toBe('Thank you for your order.');
    const message = await stack.provider.waitForMessage();
    expect(message).toMatchObject({
      session: PORT_AND_LOGIN(587, 'shop'),
      envelope: { from: 'shop@example.com', to: ['orders@example.com'] },
    });
    expect(headerField(message.raw, 'reply-to')).toBe('customer@example.org');
    expect((await stack.provider.stats()).messages).toBe(1);

    await using client = await startClient(stack.network);
    const forged = await client.send('relay', { from: 'boss@example.com', to: 'you@example.org' });
    expect(forged.reply).toMatch(/^5\d\d .*RELAY_ALLOWED_SENDERS/);
  });

  test('host-itself takes what sendmail on the host is given', async ({ signal }) => {
    const account = ['foo.bar.example', 'hoge'] as const;
    const port = await freePort();
    await using stack = await startStack('host-itself', account, {
      ports: { relay: `127.0.0.1:${port}:25` },
      signal,
    });
    // Debian's msmtp-mta on the host's own loopback, with the host's /etc/msmtprc.
    const msmtprc = `${import.meta.dirname}/../../examples/host-itself/msmtprc`;
    const sendmail = `echo It works. | sendmail --port=${port} root@linux.myhome.net`;
    await run('docker', [
      ...['run', '--rm', '--network', 'host', '--volume', `${msmtprc}:/etc/msmtprc:ro`],
      ...[IMAGES.sender, 'sh', '-c', sendmail],
    ]);
    const message = await stack.provider.waitForMessage();
    expect(message).toMatchObject({
      session: LOGIN('hoge'),
      envelope: { from: 'hoge@foo.bar.example', to: ['administrator@example.com'] },
    });
    expect(message.raw).toContain('It works.');
  });
});

describe.concurrent('with several accounts', () => {
  test('accounts-per-sender gives two people two providers, and everybody else a third', async ({
    signal,
  }) => {
    await using network = await startNetwork();
    await using isp = await startAccount(network, 'mail.isp.example', 'username');
    await using his = await startAccount(network, 'mail.example.com', 'username1');
    await using hers = await startAccount(network, 'mail.example.org', 'username2');
    await using client = await startClient(network);
    const settings = { provider: isp, signal };
    await using _example = await startExample(network, 'accounts-per-sender', settings);
    const ways = [
      ['user1@example.com', his, PORT_AND_LOGIN(587, 'username1')],
      ['her@example.org', hers, PORT_AND_LOGIN(465, 'username2')],
      ['guest@example.net', isp, PORT_AND_LOGIN(587, 'username')],
    ] as const;
    for (const [from, provider, session] of ways) {
      await client.send('relay', { from, to: 'friend@example.com' });
      expect(await provider.waitForMessage()).toMatchObject({ session, envelope: { from } });
    }
    const counts = await Promise.all([isp, his, hers].map((provider) => provider.stats()));
    expect(counts.map(({ messages }) => messages)).toEqual([1, 1, 1]);
  });

  test('accounts-in-a-database gives the sender of a row its own provider', async ({ signal }) => {
    await using network = await startNetwork();
    await using isp = await startAccount(network, 'mail.isp.example', 'username');
    await using his = await startAccount(network, 'mail.example.com', 'username1');
    await using client = await startClient(network);
    await using example = await startExample(network, 'accounts-in-a-database', {
      provider: isp,
      variables: { MARIADB_IMAGE: IMAGES.mariadb },
      // The test's image is Debian's MariaDB, without the script of the usual one.
      services: {
        database: { healthcheck: { test: ['CMD', 'mariadb', '-e', 'SELECT 1'], interval: '1s' } },
      },
      signal,
    });
    // What the usual image does at its first start, with the same variables and the same files.
    const sql = [
      `CREATE USER hikyaku@'%' IDENTIFIED BY '$(cat "$MARIADB_PASSWORD_FILE")'`,
      `GRANT ALL ON $MARIADB_DATABASE.* TO hikyaku@'%'`,
    ].join('; ');
    const start = `mariadb -e "${sql}" && mariadb "$MARIADB_DATABASE" < /docker-entrypoint-initdb.d/accounts.sql`;
    await example.exec('database', 'sh', '-ec', start);

    const row = `('user1@example.com', 'mail.example.com', 587, 'username1', '${PASSWORD}')`;
    await example.exec('database', 'mariadb', 'mail', '-e', `INSERT INTO accounts VALUES ${row}`);
    const ways = [
      ['user1@example.com', his, LOGIN('username1')],
      ['guest@example.net', isp, LOGIN('username')],
    ] as const;
    for (const [from, provider, session] of ways) {
      await client.send('relay', { from, to: 'friend@example.com' });
      expect(await provider.waitForMessage()).toMatchObject({ session, envelope: { from } });
    }
    expect((await his.stats()).messages).toBe(1);
  });
});

test.concurrent('stand-alone-host delivers to the recipient’s own mail server, for nobody else', async ({
  signal,
}) => {
  await using network = await startNetwork();
  const names = ['mx.customer.example'] as const;
  // Known by DNS alone.
  await using provider = await startProvider(network, { names: [...names], aliases: ['second'] });
  await using dns = await startDns(network, {
    mx: { 'customer.example': [{ host: names[0], preference: 10 }] },
    a: { [names[0]]: provider.container.address },
  });
  await using client = await startClient(network);
  await using example = await startExample(network, 'stand-alone-host', {
    provider,
    ports: { relay: `127.0.0.1:${await freePort()}:25` },
    services: { relay: { dns: [dns.address] } },
    signal,
  });
  const mail = 'printf "Subject: Hello\\n\\nHello.\\n" | sendmail someone@customer.example';
  await example.exec('relay', 'sh', '-c', mail);
  expect(await provider.waitForMessage()).toMatchObject({
    session: { listener: 25, helo: 'mail.example.com' },
    envelope: { from: 'root@example.com', to: ['someone@customer.example'] },
  });
  const stranger = { from: 'root@example.com', to: 'someone@customer.example' };
  expect((await client.send('relay', stranger)).reply).toMatch(/^554 5\.7\.1 .*RELAY_NETWORKS/);
});

/** A log of sshd as rsyslog writes it: yesterday's, and today's for a test that sees midnight. */
function failedLogins(now: Date): string {
  return [-1, 0]
    .map((days) => new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10))
    .map(
      (day) =>
        `${day}T00:00:01.123456+00:00 linux sshd[124]: ` +
        'Failed password for root from 192.0.2.77 port 4242 ssh2\n',
    )
    .join('');
}
