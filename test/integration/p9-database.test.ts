import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { type DatabaseHandle, type Driver, startDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { examine } from '../support/examination.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { type ProviderHandle, startProvider } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { sendMany } from '../support/sender.ts';
import { startAll } from '../support/start-all.ts';

// P9: accounts per sender in a database. Both providers take mail with or without a login, so that
// a login which should not be there would show.

const CA = '/certs/ca.pem';
const HER_PASSWORD = `Grüße: "her" $1 it's`;
const RELAY_YAML = `
myhostname: relay.home.example
relay:
  host: mail.isp.example
  username: family
  password: family secret
  ca_file: ${CA}
`;

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let isp: ProviderHandle;
let work: ProviderHandle;
/** Takes long to start, so that all tests have the same. */
let mariadb: DatabaseHandle;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  [client, isp, work] = await startAll(
    stack,
    startClient(network),
    startProvider(network, {
      names: ['mail.isp.example'],
      users: { family: 'family secret', his: 'his secret' },
      authRequired: false,
    }),
    startProvider(network, {
      names: ['smtp.work.example'],
      users: { her: HER_PASSWORD, his: 'his secret', club: 'club secret' },
      authRequired: false,
    }),
  );
});
beforeAll(async () => {
  mariadb = stack.use(await startDatabase(network, 'mysql'));
});
afterAll(() => stack.disposeAsync());

/** A relay with accounts in this database; `keys` are more lines of that section. */
function startWith(database: DatabaseHandle, keys = '', alias = 'relay'): Promise<Relay> {
  const yaml = `${RELAY_YAML}${database.yaml}  ca_file: ${CA}\n${keys}`;
  const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem, ...database.files };
  return startRelay(network, { files, volumes: database.volumes, aliases: [alias] });
}

let mails = 0;

/**
 * Hands a mail over and returns its recipient: another one each time, since Postfix's queue manager
 * remembers for half a minute where the last mail of a sender to a recipient went.
 */
async function hand(relay: Relay, from: string): Promise<string> {
  mails += 1;
  const to = `friend${mails}@example.com`;
  expect(await client.send(relay, { from, to })).toMatchObject({ accepted: true });
  return to;
}

/** By which provider, port and login a mail arrived. */
function arrival(to: string): Promise<string> {
  return eventually(`mail to ${to}`, async () => {
    for (const provider of [isp, work]) {
      const messages = await provider.messages();
      const message = messages.find(({ envelope }) => envelope.to.includes(to));
      if (message === undefined) continue;
      const { listener, auth } = message.session;
      return `${provider.host}:${listener} as ${auth?.username ?? 'nobody'}`;
    }
    return undefined;
  });
}

const way = async (relay: Relay, from: string) => arrival(await hand(relay, from));

/** The ways of several senders, all handed over before the first is looked for. */
async function waysOf(relay: Relay, senders: readonly string[]): Promise<Record<string, string>> {
  const recipients = await Promise.all(senders.map((from) => hand(relay, from)));
  const ways: Record<string, string> = {};
  for (const [index, from] of senders.entries())
    ways[from] = await arrival(recipients[index] ?? '');
  return ways;
}

const HER_ROW = `('her@work.example', 'smtp.work.example', 465, 'her', '${HER_PASSWORD.replace("'", "''")}')`;
const CLUB_ROW = "('@club.example', 'smtp.work.example', 587, 'club', 'club secret')";
const insert = (...rows: readonly string[]) => `INSERT INTO accounts VALUES ${rows.join(', ')};`;

describe.each<Driver>(['mysql', 'pgsql', 'sqlite'])('a database of kind %s', (driver) => {
  it('gives each sender server and login, and a changed row counts for the next mail', async () => {
    await using own = driver === 'mysql' ? undefined : await startDatabase(network, driver);
    const database = own ?? mariadb;
    await database.run('DELETE FROM accounts;');
    await database.run(
      insert(
        HER_ROW,
        CLUB_ROW,
        "('guest@club.example', 'mail.isp.example', 587, NULL, NULL)",
        "('Open@Home.example', 'mail.isp.example', 587, NULL, NULL)",
        "('wrong@club.example', 'smtp.work.example', 587, 'her', '')",
      ),
    );
    await using relay = await startWith(database);
    const ways = {
      'her@work.example': 'smtp.work.example:465 as her',
      'her+lists@work.example': 'smtp.work.example:465 as her',
      'Her@Work.Example': 'smtp.work.example:465 as her',
      'anybody@club.example': 'smtp.work.example:587 as club',
      'someone@home.example': 'mail.isp.example:587 as family',
      'his@private.example': 'mail.isp.example:587 as family',
      '': 'mail.isp.example:587 as family',
      // Rows without a login: neither the default's nor the domain's is used in its stead.
      'open@home.example': 'mail.isp.example:587 as nobody',
      'guest@club.example': 'mail.isp.example:587 as nobody',
    };
    expect(await waysOf(relay, Object.keys(ways))).toEqual(ways);

    await database.run(
      insert("('his@private.example', 'mail.isp.example', 587, 'his', 'his secret')"),
    );
    expect(await way(relay, 'his@private.example')).toBe('mail.isp.example:587 as his');
    await database.run("UPDATE accounts SET host = 'smtp.work.example' WHERE username = 'his'");
    expect(await way(relay, 'his@private.example')).toBe('smtp.work.example:587 as his');
    await database.run("DELETE FROM accounts WHERE username = 'his'");
    expect(await way(relay, 'his@private.example')).toBe('mail.isp.example:587 as family');

    // A row with a wrong password: nobody else's is tried, and the mail waits.
    const waiting = await hand(relay, 'wrong@club.example');
    expect(await relay.waitForDelay(waiting)).toMatch(/SASL authentication failed/);
  });
});

describe('a MariaDB server', () => {
  let database: DatabaseHandle;
  let relay: Relay;
  beforeAll(async () => {
    database = mariadb;
    await database.run('DELETE FROM accounts;');
    await database.run(insert(HER_ROW, CLUB_ROW));
    relay = stack.use(await startWith(database));
  });

  it('has its password in files that only root can read', async () => {
    const files = ['/etc/postfix/relay_query.cf', '/etc/postfix/credentials_query.cf'];
    const listed = await relay.run(['stat', '--format', '%U %a', ...files]);
    expect(listed).toBe('root 600\nroot 600\n');
  });

  it('is asked by the queries that the user wrote', async () => {
    await database.run(`
      CREATE TABLE senders (address VARCHAR(254), server VARCHAR(254), login VARCHAR(254));
      GRANT SELECT ON mail.senders TO hikyaku@'%';
      INSERT INTO senders VALUES
        ('his@private.example', '[smtp.work.example]:465', 'his:his secret'),
        ('club@private.example', '[smtp.work.example]:587', 'club:club secret'),
        ('lost@private.example', '', 'club:club secret');
    `);
    const keys = `
  relay_query: SELECT server FROM senders WHERE address = '%s';
  credentials_query: SELECT login FROM senders WHERE address = '%u@%d'
`;
    await using other = await startWith(database, keys, 'other');
    const { findings, text } = await examine(other, '--sender', 'his@private.example');
    expect(findings).toContainEqual(
      expect.objectContaining({
        state: 'ok',
        kind: 'logged-in',
        subject: 'account his@private.example of the database at [smtp.work.example]:465',
        words: expect.stringContaining(' as his by '),
      }),
    );
    expect(text).not.toContain('his secret');
    expect(await way(other, 'his@private.example')).toBe('smtp.work.example:465 as his');
    expect(await way(other, 'club@private.example')).toBe('smtp.work.example:587 as club');
    // A row without a server is no reason to go on to anybody else's.
    const to = 'lost-friend@example.com';
    await client.send(other, { from: 'lost@private.example', to });
    expect(await other.waitForDelay(to)).toMatch(/incomplete in the database/);
    expect(await way(other, 'her@work.example')).toBe('mail.isp.example:587 as family');
  });

  it('gives many mails at once to the right logins, and no session to two senders', async () => {
    const before = { isp: await isp.stats(), work: await work.stats() };
    const LOGINS: Readonly<Record<string, string>> = {
      'her@work.example': 'her',
      'one@club.example': 'club',
      'two@club.example': 'club',
      'someone@home.example': 'family',
    };
    const to = 'crowd@example.com';
    const batches = Object.keys(LOGINS).map((from) =>
      sendMany(network, relay, { from, to, count: 25, concurrency: 3 }),
    );
    const accepted = (await Promise.all(batches)).map((batch) => batch.accepted.length);
    expect(accepted).toEqual([25, 25, 25, 25]);
    const messages = [
      ...(await work.waitForMessages(before.work.messages + 75)),
      ...(await isp.waitForMessages(before.isp.messages + 25)),
    ].filter(({ envelope }) => envelope.to.includes(to));
    expect(messages).toHaveLength(100);
    const wrong = messages.filter(
      ({ envelope, session }) => session.auth?.username !== LOGINS[envelope.from],
    );
    expect(wrong).toEqual([]);
    const sessions = [...Map.groupBy(messages, ({ session }) => session.id).values()];
    const shared = sessions.filter(
      (session) => new Set(session.map(({ envelope }) => envelope.from)).size > 1,
    );
    expect(shared).toEqual([]);
  });

  it.each<[string, () => Promise<unknown>, () => Promise<unknown>]>([
    ['is stopped', () => database.container.stop(), () => database.container.start()],
    [
      'is not there when the relay starts',
      async () => {
        await database.container.stop();
        await relay.stop();
        await relay.start();
      },
      () => database.container.start(),
    ],
    ['hangs', () => database.container.pause(), () => database.container.unpause()],
  ])('that %s keeps no client from handing in mail, which waits', async (_how, fail, mend) => {
    const bounces = (await isp.messages()).filter(({ envelope }) => envelope.from === '').length;
    await fail();
    const waiting = [
      await hand(relay, 'her@work.example'),
      await hand(relay, 'someone@home.example'),
    ];
    const queued = (await relay.queue()).flatMap(({ recipients }) => recipients);
    expect(queued.map(({ address }) => address)).toEqual(expect.arrayContaining(waiting));
    await mend();
    await eventually(
      'an empty queue',
      async () => {
        await relay.flush();
        return (await relay.queue()).length === 0;
      },
      { everyMs: 500 },
    );
    expect(await Promise.all(waiting.map(arrival))).toEqual([
      'smtp.work.example:465 as her',
      'mail.isp.example:587 as family',
    ]);
    const after = (await isp.messages()).filter(({ envelope }) => envelope.from === '').length;
    expect(after).toBe(bounces);
  });
});
