import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, runRelay, startRelay } from '../support/relay.ts';
import { startSender } from '../support/sender.ts';
import { startAll } from '../support/start-all.ts';

// P10: `docker exec relay hikyaku reload` applies a changed file or secret, all or nothing, without
// losing a connection or a message.

const YAML = '/etc/hikyaku/relay.yaml';
const CA = '/certs/ca.pem';
const SECRET = '/run/secrets/isp';

const HOST = `
relay:
  host: mail.isp.example
  username: hoge
  password_file: ${SECRET}
  ca_file: ${CA}
`;
const OTHER_HOST = `
relay:
  host: mail.other.example
  username: moge
  password: other secret
  ca_file: ${CA}
`;
const GENERIC = `${HOST}
generic:
  "@home.example": hoge@isp.example
`;
const ACCOUNT = `${HOST}
accounts:
  - sender: moge@other.example
    host: mail.other.example
    port: 465
    username: moge
    password: other secret
    ca_file: ${CA}
`;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let isp: ProviderHandle;
let other: ProviderHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, isp, other] = await startAll(
    stack,
    startClient(network),
    startProvider(network, { names: ['mail.isp.example'], users: { hoge: 'secret' } }),
    startProvider(network, { names: ['mail.other.example'], users: { moge: 'other secret' } }),
  );
});
afterAll(() => stack.disposeAsync());

let relays = 0;

function start(yaml = HOST): Promise<Relay> {
  relays += 1;
  const files = { [YAML]: yaml, [SECRET]: 'secret\n', [CA]: isp.caPem };
  return startRelay(network, { files, aliases: [`relay${relays}`] });
}

/** Changes a mounted file as a user would, and reloads. */
async function change(relay: Relay, content: string, file = YAML) {
  await relay.write(file, content);
  return await relay.exec(['hikyaku', 'reload']);
}

let mails = 0;

/** Sends a mail, and tells how it arrived. */
async function way(relay: Relay, from: string): Promise<string> {
  mails += 1;
  const to = `friend${mails}@example.com`;
  expect(await client.send(relay, { from, to })).toMatchObject({ accepted: true });
  return await arrival(to);
}

function arrival(to: string): Promise<string> {
  return eventually(`mail to ${to}`, async () => {
    for (const provider of [isp, other]) {
      const message = (await provider.messages()).find(({ envelope }) => envelope.to.includes(to));
      if (message === undefined) continue;
      const { envelope, session } = message;
      return `${envelope.from} at ${provider.host}:${session.listener} as ${session.auth?.username}`;
    }
    return undefined;
  });
}

describe('what has changed is in force for the next mail:', () => {
  let relay: Relay;
  beforeAll(async () => {
    relay = stack.use(await start());
  });

  const CHANGES: readonly [string, string, string, string][] = [
    [
      'another relay host',
      OTHER_HOST,
      'nas@home.example',
      'nas@home.example at mail.other.example:587 as moge',
    ],
    [
      'a table of addresses that is new',
      GENERIC,
      'nas@home.example',
      'hoge@isp.example at mail.isp.example:587 as hoge',
    ],
    [
      'an entry of that table',
      GENERIC.replace('hoge@isp.example', 'hoge+nas@isp.example'),
      'nas@home.example',
      'hoge+nas@isp.example at mail.isp.example:587 as hoge',
    ],
    [
      'a table that is gone',
      HOST,
      'nas@home.example',
      'nas@home.example at mail.isp.example:587 as hoge',
    ],
    [
      'an account that is new',
      ACCOUNT,
      'moge@other.example',
      'moge@other.example at mail.other.example:465 as moge',
    ],
    [
      'an account that is gone',
      HOST,
      'moge@other.example',
      'moge@other.example at mail.isp.example:587 as hoge',
    ],
  ];
  it.each(CHANGES)('%s', async (_what, yaml, from, expected) => {
    expect(await change(relay, yaml)).toMatchObject({ exitCode: 0 });
    expect(await way(relay, from)).toBe(expected);
  });

  it('a port to listen on', async () => {
    expect(await change(relay, `${HOST}\nlisten: [587, 2525]\n`)).toMatchObject({ exitCode: 0 });
    const mail = { from: 'nas@home.example', to: 'port@example.com' };
    expect(await client.send(relay, { ...mail, port: 2525 })).toMatchObject({ accepted: true });
    expect(await client.send(relay, mail)).toMatchObject({
      accepted: false,
      transcript: expect.stringMatching(/refused/i),
    });
    expect(await change(relay, HOST)).toMatchObject({ exitCode: 0 });
    expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
  });

  it('the form of the log, in which no line is missing', async () => {
    const logged = (what: RegExp) =>
      eventually(`${what} in the log`, async () => what.test(await relay.logs()));
    expect(await change(relay, `${HOST}\nlog:\n  format: json\n`)).toMatchObject({ exitCode: 0 });
    await way(relay, 'json@home.example');
    await logged(/^\{.*"event":"queued".*"from":"json@home\.example"/m);
    expect(await change(relay, HOST)).toMatchObject({ exitCode: 0 });
    await way(relay, 'postfix@home.example');
    await logged(/^(?!\{).*: from=<postfix@home\.example>/m);
  });

  it('who may send', async () => {
    const mail = { from: 'nas@home.example', to: 'network@example.com' };
    expect(await change(relay, `${HOST}\nnetworks: [host]\n`)).toMatchObject({ exitCode: 0 });
    const { accepted, reply } = await client.send(relay, mail);
    expect({ accepted, reply }).toEqual({ accepted: false, reply: expect.stringMatching(/^554 /) });
    expect(await change(relay, HOST)).toMatchObject({ exitCode: 0 });
    expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
  });
});

describe('a relay that runs', () => {
  let relay: Relay;
  beforeAll(async () => {
    relay = stack.use(await start());
  });
  beforeEach(async () => {
    await relay.write(SECRET, 'secret\n');
    expect(await change(relay, HOST)).toMatchObject({ exitCode: 0 });
  });

  it("has a changed secret for the mail that waited for it, which stays root's alone", async () => {
    await change(relay, 'outdated', SECRET);
    const to = 'waiting@example.com';
    await client.send(relay, { from: 'nas@home.example', to });
    expect(await relay.waitForDelay(to)).toMatch(/authentication failed/);

    const { exitCode, output } = await change(relay, 'secret\n', SECRET);
    expect({ exitCode, output }).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/changed: sasl_passwd/),
    });
    expect(output).not.toContain('secret');
    expect(await arrival(to)).toBe('nas@home.example at mail.isp.example:587 as hoge');

    const table = '/etc/postfix/sasl_passwd';
    const modes = await relay.run(['stat', '--format=%U %a', table, `${table}.lmdb`]);
    expect(modes).toBe('root 600\nroot 600\n');
  });

  it('asks for what waits once the queue manager with the old settings is gone', async () => {
    await change(relay, 'outdated', SECRET);
    const to = 'waiting-longer@example.com';
    await client.send(relay, { from: 'nas@home.example', to });
    await relay.waitForDelay(to);

    await relay.signalQueueManager('STOP');
    const reloaded = change(relay, 'secret\n', SECRET);
    await eventually('the new password', async () =>
      (await relay.run(['cat', '/etc/postfix/sasl_passwd'])).includes('hoge:secret'),
    );
    const programs = await relay.run(['sh', '-c', 'sleep 1; cat /proc/[0-9]*/comm']);
    expect(programs).toContain('qmgr');
    expect(programs).not.toContain('postqueue');
    await relay.signalQueueManager('CONT');
    expect(await reloaded).toMatchObject({ exitCode: 0 });
    expect(await arrival(to)).toBe('nas@home.example at mail.isp.example:587 as hoge');
  });

  it('forgets a login that is gone', async () => {
    expect(await change(relay, OTHER_HOST)).toMatchObject({ exitCode: 0 });
    const table = await relay.run(['postmap', '-s', 'lmdb:/etc/postfix/sasl_passwd']);
    expect(table).toBe('[mail.other.example]:587\tmoge:other secret\n');
  });

  it('has several reloads at once wait for each other', async () => {
    await relay.write(YAML, GENERIC);
    // From one shell, so that they really run at the same time.
    const together =
      'for i in 1 2 3 4 5 6; do hikyaku reload >/dev/null & pids="$pids $!"; done; ' +
      'for pid in $pids; do wait $pid; echo $?; done';
    expect(await relay.run(['sh', '-c', together])).toBe('0\n'.repeat(6));
    expect(await way(relay, 'nas@home.example')).toBe(
      'hoge@isp.example at mail.isp.example:587 as hoge',
    );
  });

  it('says so when nothing has changed', async () => {
    const { exitCode, output } = await relay.exec(['hikyaku', 'reload']);
    expect({ exitCode, output }).toEqual({
      exitCode: 0,
      output: expect.stringContaining('nothing had changed'),
    });
  });
});

describe('settings that are wrong are refused as a whole, and mail goes on the old way:', () => {
  let relay: Relay;
  beforeAll(async () => {
    relay = stack.use(await start(GENERIC));
  });

  // Each would change the route as well, and the table.
  const WRONG: readonly [string, string, string, RegExp][] = [
    ['a value', YAML, `${OTHER_HOST}\nmessage_size: huge\n`, /relay\.yaml:8:\d+ message_size/],
    ['a name', YAML, `${OTHER_HOST}\ngeneirc: {}\n`, /did you mean generic\?/],
    ['a rule', YAML, OTHER_HOST.replace('  password: other secret\n', ''), /no password/],
    ['no YAML', YAML, `${OTHER_HOST}\n "`, /relay\.yaml:8/],
    ['an empty secret', SECRET, '', /\/run\/secrets\/isp.*is empty/],
  ];
  it.each(WRONG)('%s', async (_what, file, content, problem) => {
    const { exitCode, stderr } = await change(relay, content, file);
    expect({ exitCode, stderr }).toEqual({ exitCode: 78, stderr: expect.stringMatching(problem) });
    expect(stderr).toContain('nothing was changed');
    expect(await way(relay, 'nas@home.example')).toBe(
      'hoge@isp.example at mail.isp.example:587 as hoge',
    );
    await relay.write(YAML, GENERIC);
    await relay.write(SECRET, 'secret\n');
  });
});

it('where Postfix does not run, there is nothing to reload', async () => {
  const { exitCode, stderr } = await runRelay(network, { command: ['reload'] });
  expect({ exitCode, stderr }).toEqual({
    exitCode: 69,
    stderr: expect.stringContaining('Postfix does not run here'),
  });
});

it('under load no connection breaks off, and every message arrives once', async () => {
  const COUNT = 400;
  const RELOADS = 4;
  await using relay = await start();
  const [before, beforeOther] = [await isp.testIds(), await other.testIds()];
  const batch = { from: 'nas@home.example', count: COUNT, concurrency: 5 };
  await using sender = await startSender(network, relay, batch);

  for (let reload = 1; reload <= RELOADS; reload += 1) {
    const due = ((reload - 0.5) * COUNT) / RELOADS;
    await eventually(
      `${due} messages accepted`,
      async () => (await sender.progress()).accepted.length >= due,
      { everyMs: 200 },
    );
    const host = reload % 2 === 0 ? ACCOUNT : OTHER_HOST;
    const yaml = `${host}\ngeneric:\n  "@home.example": number${reload}@isp.example\n`;
    expect(await change(relay, yaml)).toMatchObject({ exitCode: 0 });
  }
  const { accepted, refused, lost } = await sender.finished();
  expect({ refused, lost, accepted: accepted.length }).toEqual({
    refused: [],
    lost: [],
    accepted: COUNT,
  });
  expect(await sender.connections()).toBe(5);

  // Nothing has to wait for a later attempt either: that would be minutes away.
  const all = await eventually(
    'every message',
    async () => {
      const ids = [
        ...(await isp.testIds()).slice(before.length),
        ...(await other.testIds()).slice(beforeOther.length),
      ];
      return ids.length >= accepted.length && ids;
    },
    { everyMs: 200 },
  );
  expect(all.toSorted()).toEqual(accepted.toSorted());
  // The newest configuration is the one in force, in tables and their indexes.
  expect(await way(relay, 'nas@home.example')).toMatch(new RegExp(`^number${RELOADS}@`));
});

it('accounts that change places under load keep their own servers and logins', async () => {
  const COUNT = 150;
  const ACCOUNTS = [
    '{sender: hoge@isp.example, host: mail.isp.example, username: hoge, password: secret',
    '{sender: moge@other.example, host: mail.other.example, port: 465, username: moge, password: other secret',
  ].map((account) => `  - ${account}, ca_file: ${CA}}\n`);
  const order = (accounts: readonly string[]) => `accounts:\n${accounts.join('')}`;
  await using relay = await start(order(ACCOUNTS));
  await isp.clearMessages();
  await other.clearMessages();
  const batch = { count: COUNT, concurrency: 3 };
  await using his = await startSender(network, relay, { ...batch, from: 'hoge@isp.example' });
  await using hers = await startSender(network, relay, { ...batch, from: 'moge@other.example' });

  for (const reload of [1, 2, 3, 4]) {
    await eventually(
      `${reload * 25} messages accepted`,
      async () => (await his.progress()).accepted.length >= reload * 25,
      { everyMs: 200 },
    );
    const yaml = order(reload % 2 === 0 ? ACCOUNTS : ACCOUNTS.toReversed());
    expect(await change(relay, yaml)).toMatchObject({ exitCode: 0 });
  }
  for (const sender of [his, hers]) {
    const { refused, lost } = await sender.finished();
    expect({ refused, lost }).toEqual({ refused: [], lost: [] });
  }
  // Nothing has to wait for a later attempt: what was on its way found its own service again.
  await eventually('every message', async () => {
    const counts = [(await isp.testIds()).length, (await other.testIds()).length];
    return counts.every((count) => count >= COUNT);
  });
  for (const [provider, way] of [
    [isp, 'hoge@isp.example as hoge on 587'],
    [other, 'moge@other.example as moge on 465'],
  ] as const) {
    const ways = (await provider.messages()).map(
      ({ envelope, session }) =>
        `${envelope.from} as ${session.auth?.username} on ${session.listener}`,
    );
    expect(new Set(ways)).toEqual(new Set([way]));
    expect(ways).toHaveLength(COUNT);
  }
});
