import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readLine } from '../../../entrypoint/log/line.ts';
import { readLog } from '../../../entrypoint/log/log.ts';
import { withQueue } from '../../../entrypoint/log/queue-stories.ts';
import { search } from '../../../entrypoint/log/search.ts';
import { tell } from '../../../entrypoint/log/story.ts';
import { readQueueFiles } from '../../../entrypoint/postfix/queue-file.ts';
import { serversOf } from '../../../entrypoint/probe/servers.ts';
import { serviceWords, settingsOfService } from '../../../entrypoint/reports/service.ts';
import type { Background } from '../../../entrypoint/reports/story-report.ts';
import { summarize } from '../../../entrypoint/reports/summary.ts';
import { traceLines, traceReport } from '../../../entrypoint/reports/trace-report.ts';
import { settingsBy } from '../entrypoint/support/judge.ts';

// The log of a relay that took mail of every kind, its host and addresses renamed.
const NOW = new Date(2026, 10, 24, 13);
const TEXT = readFileSync(new URL('log/relay.log', import.meta.url), 'utf8');
const LOG = readLog(TEXT, NOW);

const SERVERS = serversOf(
  settingsBy(
    'accounts: [{sender: shop@x.example, host: mail.isp.example, username: shop, password: x}]',
  ),
);

const BACKGROUND: Background = {
  servers: SERVERS,
  queueKnown: false,
  leavesAs: (address) => address.replace('@home.example', '@isp.example'),
  now: NOW,
};

const trace = (query: string) =>
  traceReport(query, search(tell(LOG.events), query), LOG.since, BACKGROUND);

describe('a log of several containers', () => {
  const from = (source: string, host: string, id: string) =>
    [
      `${source} Nov 24 11:06:22 ${host} postfix/smtpd[3]: ${id}: client=nas[192.0.2.2]`,
      `${source} Nov 24 11:06:23 ${host} postfix/smtp[3]: ${id}: to=<you@example.com>, relay=none, delay=1, delays=0/0/1/0, dsn=5.0.0, status=bounced (Host not found)`,
    ].join('\n');
  const text = `${from('mail-1 |', 'mail', 'AAAAAAAA')}\n${from('relay-1 |', 'relay', 'BBBBBBBB')}`;
  const ids = (hostname?: string) =>
    tell(readLog(text, NOW, hostname).events).stories.map(({ id }) => id);

  it("tells of this relay's mail alone, whatever other Postfix is in it", () => {
    expect(ids('relay.home.example')).toEqual(['BBBBBBBB']);
  });

  it('tells of all when this relay is not in it by its name', () => {
    expect(ids('nas')).toEqual(['AAAAAAAA', 'BBBBBBBB']);
    expect(ids()).toEqual(['AAAAAAAA', 'BBBBBBBB']);
  });
});

describe('a line of the log', () => {
  const LINE =
    'Nov 24 11:06:22 relay postfix/account-shop-x-example-1glkum4/smtp[35]: 0B32D17A2B1: removed';
  const read = {
    program: 'smtp',
    service: 'account-shop-x-example-1glkum4',
    text: '0B32D17A2B1: removed',
    host: 'relay',
  };

  const local = new Date(2026, 10, 24, 11, 6, 22);
  const exact = new Date('2026-11-24T11:06:22.123Z');
  const stamp = '2026-11-24T11:06:22.123456789Z';

  it.each([
    ['as Postfix writes it', LINE, local, ''],
    ["with the engine's time", `${stamp} ${LINE}`, exact, ''],
    ["with Compose's name in front", `relay-1  | ${LINE}\r`, local, 'relay-1  |'],
    ["with Compose's name in colour", `\x1b[36mrelay-1  | \x1b[0m${LINE}`, local, 'relay-1  |'],
    ['with both', `relay-1  | ${stamp} ${LINE}`, exact, 'relay-1  |'],
    ['of a swarm', `mail_relay.1.x7@nas    | ${LINE}`, local, 'mail_relay.1.x7@nas    |'],
    ['of Kubernetes', `[pod/relay-0/relay] ${stamp} ${LINE}`, exact, '[pod/relay-0/relay]'],
    ['in the journal', `Nov 24 11:06:23 nas 0123456789ab[812]: ${LINE}`, local, '0123456789ab'],
    [
      'in the journal, with whole times',
      `2026-11-24T11:06:22+0000 nas relay[812]: ${LINE}`,
      new Date('2026-11-24T11:06:22Z'),
      'relay',
    ],
  ])('%s', (_, line, time, source) => {
    expect(readLine(line, NOW)).toEqual({ ...read, time, source });
  });

  it.each([
    `web-1  | "GET /?q=${LINE}"`,
    `{"log": "${LINE}"}`,
    `Nov 24 11:06:23 nas cron[8]: it was said: ${LINE}`,
  ])('that another program quotes is none: %s', (line) => {
    expect(readLine(line, NOW)).toBeUndefined();
  });

  it('of a day that is still to come is of last year', () => {
    const line = 'Dec  3 01:02:03 relay postfix/qmgr[23]: 0B32D17A2B1: removed';
    expect(readLine(line, NOW)?.time).toEqual(new Date(2025, 11, 3, 1, 2, 3));
  });

  it.each(['', 'hikyaku: listens on: 25, 587', 'Nov 24 11:06:22 host sshd[1]: hello'])(
    'that is not of Postfix is passed over: %j',
    (line) => {
      expect(readLine(line, NOW)).toBeUndefined();
    },
  );
});

describe('the story of a message', () => {
  it.each([
    ['its sender', 'fax@home.example'],
    ['its ID', '8DB4C17A271'],
    ['its message-id', '20261124110622.000085@nas'],
    ['its message-id in brackets', '<20261124110622.000085@nas>'],
    ['an address in capitals', 'fax@HOME.example'],
  ])('is found by %s', (_, query) => {
    expect(trace(query).stories[0]).toMatchObject({
      id: '8DB4C17A271',
      from: 'fax@home.example',
      to: ['you@example.com'],
      verdict: 'delivered',
      result: 'delivered (250 2.6.0 queued as 1)',
    });
  });

  it('is another when its ID is used again', () => {
    expect(trace('8DB4C17A271').stories.map(({ from }) => from)).toEqual([
      'fax@home.example',
      'late@x.example',
    ]);
  });

  it.each(['ou@example.com', 'you@example.co', 'example.com', '8DB4C17A27'])(
    'is not found by a part: %s',
    (query) => {
      expect(trace(query).stories).toEqual([]);
    },
  );

  it('tells who handed it in, what was rewritten, and by which server and account it went', () => {
    expect(traceLines(trace('root')).slice(0, 6)).toEqual([
      '85EF417A303  from root@home.example to admin@example.com, me@example.org',
      expect.stringMatching(
        /^ {2}2026-11-24 11:06:23 {2}handed in by sendmail in the container, by root: message-id </,
      ),
      expect.stringMatching(/ rewritten: root -> root@home\.example \(on coming in\)$/),
      expect.stringMatching(/ rewritten: root -> admin@example\.com \(recipient, RELAY_VIRTUAL/),
      expect.stringMatching(/ rewritten: root -> me@example\.org \(recipient, RELAY_VIRTUAL/),
      expect.stringMatching(/ rewritten: root@home\.example -> root@isp\.example \(on leaving/),
    ]);
    expect(traceLines(trace('shop@x.example'))).toContainEqual(
      expect.stringMatching(
        /grey@example\.com: not delivered this time through mail\.isp\.example\[192\.0\.2\.2\]:587 by accounts\[0\] as shop: the provider refuses this user name and password$/,
      ),
    );
  });

  it('has every attempt in it, and the remedy once, with the settings of its own account', () => {
    const [story] = trace('shop@x.example').stories;
    expect(story).toMatchObject({ verdict: 'waiting' });
    const remedies = story?.steps.map(({ remedy }) => remedy);
    expect(remedies).toEqual([
      undefined,
      undefined,
      expect.stringContaining('accounts[0].password'),
    ]);
  });

  it('of mail for two, one of whom does not exist, has the notice to the sender in it', () => {
    expect(trace('gone@example.com').stories).toMatchObject([
      {
        id: 'D989F17A271',
        verdict: 'partly delivered',
        result:
          'delivered to you@example.com; for the others it went back to its sender as DF79317A032',
        notices: [{ id: 'DF79317A032', from: '', to: ['a@x.example'], verdict: 'delivered' }],
      },
    ]);
    // Asked for by the ID of the notice, it is the same story.
    expect(trace('DF79317A032').stories.map(({ id }) => id)).toEqual(['D989F17A271']);
  });

  it('ends when the time is over', () => {
    expect(trace('far@example.com').stories).toMatchObject([
      {
        verdict: 'expired',
        result: expect.stringContaining('went back to its sender as A0A0A17A032'),
      },
    ]);
  });

  it('of mail that was too large says so', () => {
    expect(traceLines(trace('EB10C17A302')).join('\n')).toMatch(
      /larger than this relay takes\n +-> RELAY_MESSAGE_SIZE/,
    );
  });
});

describe('an attempt by a delivery service', () => {
  const words = (service: string | undefined) => [
    serviceWords(service, SERVERS),
    settingsOfService(service, SERVERS)('password'),
  ];

  it.each([
    [undefined, '', 'RELAY_PASSWORD'],
    ['account-shop-x-example-1glkum4', ' by accounts[0] as shop', 'accounts[0].password'],
    [
      'account-shop-x-example-0000000',
      ' by account-shop-x-example-0000000',
      '"password" of the account that was account-shop-x-example-0000000',
    ],
    ['accounts-tls', ' by an account of the database (accounts-tls)', 'RELAY_PASSWORD'],
  ])('%s has its account named', (service, place, setting) => {
    expect(words(service)).toEqual([place, setting]);
  });
});

describe('mail that was not taken', () => {
  it('is told with the reply, and the setting that would change it', () => {
    const { stories, refused } = trace('nobody@other.test');
    expect(stories).toEqual([]);
    expect(refused).toMatchObject([
      {
        words: 'refused by this relay: 192.0.2.4, from b@x.example, to nobody@other.test',
        said: expect.stringMatching(/^554 5\.7\.1 .*\(allowed_recipients\)$/),
        remedy: expect.stringContaining('change RELAY_ALLOWED_RECIPIENTS'),
      },
    ]);
  });

  it('for what it holds is told too', () => {
    expect(trace('filter@example.com').stories[0]?.steps.at(-1)).toMatchObject({
      said: '5.7.1 no prizes here',
    });
  });
});

it('when nothing is found, it is said what was searched, and since when the log goes', () => {
  expect(traceLines(trace('who@example.com'))).toEqual([
    'nothing about who@example.com in the log since 2026-11-24 11:06:20: searched were queue IDs, ' +
      'message-ids, and whole addresses of senders and recipients',
  ]);
});

describe('the summary of a log', () => {
  it('has the last delivery, what came back by reason, and what was not taken', () => {
    expect(summarize(LOG, SERVERS)).toMatchObject({
      since: new Date(2026, 10, 24, 11, 6, 20),
      lastDelivery: { to: 'grey@example.com', relay: 'mail.isp.example[192.0.2.2]:587' },
      bounced: [
        { count: 1, recipients: ['gone@example.com'], cause: 'there is no such recipient' },
        { count: 1, recipients: ['far@example.com'], cause: expect.stringMatching(/^given up/) },
      ],
      refused: [
        { count: 3, client: '192.0.2.4', remedy: expect.stringContaining('RELAY_RATE_CLIENT') },
        { count: 1, remedy: expect.stringContaining('RELAY_ALLOWED_RECIPIENTS') },
        { count: 1, reply: '552 5.3.4 Error: message file too big', client: '192.0.2.4' },
        { count: 1, reply: '5.7.1 no prizes here' },
      ],
    });
  });

  const SMTPD = 'Nov 24 11:06:22 relay postfix/smtpd[20]: ';
  const refusedBy = (...lines: readonly string[]) =>
    summarize(readLog(lines.map((line) => SMTPD + line).join('\n'), NOW), SERVERS)?.refused;

  it.each([
    ['disconnect from unknown[192.0.2.4] ehlo=1 auth=0/1 quit=1 commands=2/3', /503/, /login off/],
    ['disconnect from unknown[192.0.2.4] ehlo=1 starttls=0/1 quit=1', /502/, /encryption off/],
    [
      'warning: non-SMTP command from unknown[192.0.2.4]: \\026\\003\\001\\000\\245\\001',
      /begins with TLS/,
      /no encryption/,
    ],
    [
      'warning: non-SMTP command from unknown[192.0.2.4]: GET / HTTP/1.1',
      /does not speak SMTP/,
      /^nothing, unless/,
    ],
    [
      'improper command pipelining after HELO from unknown[192.0.2.4]: MAIL FROM:<a@b.example>',
      /synchronization/,
      /EHLO/,
    ],
    [
      'improper command pipelining after CONNECT from unknown[192.0.2.4]: \\026\\003\\001\\000',
      /begins with TLS/,
      /no encryption/,
    ],
    ['0B32D17A2B1: timeout after DATA (21 bytes) from unknown[192.0.2.4]', /went away/, /CRLF/],
    ['0B32D17A2B1: lost connection after DATA (9 bytes) from unknown[192.0.2.4]', /went/, /CRLF/],
  ])('has the client that came to no message: %s', (line, reply, remedy) => {
    expect(refusedBy(line)).toEqual([
      expect.objectContaining({
        client: '192.0.2.4',
        reply: expect.stringMatching(reply),
        remedy: expect.stringMatching(remedy),
      }),
    ]);
  });

  it.each([
    'disconnect from unknown[192.0.2.4] ehlo=1 auth=0/1 mail=1 rcpt=1 data=1 quit=1 commands=5/6',
    'disconnect from unknown[192.0.2.4] ehlo=2 starttls=0/1 mail=1 rcpt=1 bdat=1 commands=5/6',
    'disconnect from unknown[192.0.2.4] ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4',
  ])('has nothing about a client that went on without, or was told: %s', (line) => {
    expect(refusedBy(line)).toEqual([]);
  });

  it('of no line of Postfix there is none', () => {
    expect(summarize(readLog('hello\n', NOW), SERVERS)).toBeUndefined();
  });
});

describe('the queue', () => {
  const CAT = `*** ENVELOPE RECORDS deferred/C/C0C0C17A271 ***
sender: me@x.example
named_attribute: log_client_address=192.0.2.9
named_attribute: dsn_orig_rcpt=rfc822;fax
original_recipient: fax@home.example
recipient: fax-machine@example.com
*** MESSAGE CONTENTS deferred/C/C0C0C17A271 ***
Message-Id: <one@nas>
*** MESSAGE FILE END deferred/C/C0C0C17A271 ***
`;
  const message = {
    id: 'C0C0C17A271',
    queue: 'deferred',
    arrival: NOW.getTime() / 1000 - 60,
    size: 400,
    sender: 'me@x.example',
    recipients: [
      {
        address: 'fax-machine@example.com',
        reason: 'connect to x[192.0.2.2]:587: Connection refused',
      },
    ],
  };
  const told = withQueue(
    { stories: [], refusals: [] },
    [message],
    readQueueFiles(CAT, () => NOW.getTime() + 240_000),
  );

  it.each(['C0C0C17A271', 'one@nas', 'fax', 'fax@home.example', 'fax-machine@example.com'])(
    'tells its part without a log, asked for %s',
    (query) => {
      const report = traceReport(query, search(told, query), undefined, {
        ...BACKGROUND,
        queueKnown: true,
      });
      const text = traceLines(report).join('\n');
      expect(text).toContain('handed in by 192.0.2.9: message-id <one@nas>, 400 bytes');
      expect(text).toContain('nothing listens on that port');
      expect(text).toContain('result: still waiting, next try in 4 min');
      expect(text).toContain('docker logs CONTAINER 2>&1 | docker exec -i CONTAINER hikyaku');
      expect(text).toContain(`trace '${query}' (CONTAINER: its name in "docker ps")`);
    },
  );
});
