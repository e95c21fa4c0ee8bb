import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LogEvent } from '../../../../entrypoint/log/event.ts';
import { readLine } from '../../../../entrypoint/log/line.ts';
import { storiesInQueue } from '../../../../entrypoint/log/queue-stories.ts';
import { type Listener, LogReader } from '../../../../entrypoint/log/reader.ts';
import { Tracing } from '../../../../entrypoint/log/tracing.ts';
import { readQueueFiles } from '../../../../entrypoint/postfix/queue-file.ts';
import { serversOf } from '../../../../entrypoint/probe/servers.ts';
import { aboutService, serviceWords } from '../../../../entrypoint/reports/about.ts';
import { Counting, summarize } from '../../../../entrypoint/reports/status/log-summary.ts';
import type { Background } from '../../../../entrypoint/reports/trace/story-report.ts';
import { traceLines, traceReport } from '../../../../entrypoint/reports/trace/trace-report.ts';
import {
  said,
  sayIn,
  settingsIn,
  variableNames,
} from '../../../../entrypoint/settings/naming/sentence.ts';
import { settingsBy } from '../support/judge.ts';

// The log of a relay that took mail of every kind, its host and addresses renamed.
const NOW = new Date(2026, 10, 24, 13);
const TEXT = readFileSync(new URL('relay.log', import.meta.url), 'utf8');

const SERVERS = serversOf(
  settingsBy(
    'accounts: [{sender: shop@x.example, host: mail.isp.example, username: shop, password: x}]',
  ),
);

const BACKGROUND: Background = {
  servers: SERVERS,
  queueKnown: false,
  leavesAs: (address) => address.replace('@home.example', '@isp.example'),
  sentAs: () => undefined,
  now: NOW,
};

const say = sayIn(variableNames);

function read<L extends Listener>(text: string, newListener: () => L, hostname?: string) {
  const reader = new LogReader(newListener, () => NOW, hostname);
  for (const line of text.split('\n')) reader.push(line);
  return reader;
}

function traced(text: string, query: string | undefined, hostname?: string) {
  const log = read(text, () => Tracing.of(query), hostname);
  const stories = log.listeners.flatMap((one) => one.found([]));
  const refusals = log.listeners.flatMap((one) => one.refusals);
  return traceReport(query, stories, refusals, log.since, BACKGROUND);
}

const trace = (query?: string) => traced(TEXT, query);

const linesFor = (query: string) => traceLines(trace(query), say);

describe('an event', () => {
  const SMTPD = 'Nov 24 11:06:22 relay postfix/smtpd[3]: ';
  const SMTP = 'Nov 24 11:06:22 relay postfix/smtp[4]: ';
  const eventsIn = (...lines: readonly string[]) => {
    const events: LogEvent[] = [];
    read(lines.join('\n'), () => ({ hear: (event: LogEvent) => events.push(event) }));
    return events;
  };

  it('of a delivery has everything in it that the line says', () => {
    expect(
      eventsIn(
        `${SMTP}0B32D17A2B1: to=<you@example.com>, orig_to=<root>, relay=mail.isp.example[192.0.2.2]:587, conn_use=2, delay=1.5, delays=0.1/0.2/0.7/0.5, dsn=5.1.1, status=bounced (host mail.isp.example[192.0.2.2] said: 550 5.1.1 <you@example.com> no such user (in reply to RCPT TO command))`,
      ),
    ).toMatchObject([
      {
        kind: 'attempt',
        id: '0B32D17A2B1',
        to: 'you@example.com',
        origTo: 'root',
        relay: 'mail.isp.example[192.0.2.2]:587',
        delay: 1.5,
        delays: { beforeQueue: 0.1, inQueue: 0.2, connecting: 0.7, sending: 0.5 },
        dsn: '5.1.1',
        status: 'bounced',
        trouble: { kind: 'recipient', step: 'RCPT', reply: { code: 550, enhanced: '5.1.1' } },
      },
    ]);
  });

  it('of a client that logged in has its login', () => {
    const line = `${SMTPD}0B32D17A2B1: client=nas[192.0.2.4], sasl_method=PLAIN, sasl_username=printer`;
    expect(eventsIn(line)).toMatchObject([{ client: 'nas[192.0.2.4]', login: 'printer' }]);
  });
});

describe('a log of several containers', () => {
  const from = (source: string, host: string, id: string) =>
    [
      `${source} Nov 24 11:06:22 ${host} postfix/smtpd[3]: ${id}: client=nas[192.0.2.2]`,
      `${source} Nov 24 11:06:23 ${host} postfix/smtp[3]: ${id}: to=<you@example.com>, relay=none, delay=1, delays=0/0/1/0, dsn=5.0.0, status=bounced (Host not found)`,
    ].join('\n');
  const text = `${from('mail-1 |', 'mail', 'AAAAAAAA')}\n${from('relay-1 |', 'relay', 'BBBBBBBB')}`;
  const ids = (hostname?: string) =>
    traced(text, 'you@example.com', hostname).stories.map(({ id }) => id);

  it("tells of this relay's mail alone, whatever other Postfix is in it", () => {
    expect(ids('relay.home.example')).toEqual(['BBBBBBBB']);
  });

  it('tells of all when this relay is not in it by its name', () => {
    expect(ids('nas')).toEqual(['AAAAAAAA', 'BBBBBBBB']);
    expect(ids()).toEqual(['AAAAAAAA', 'BBBBBBBB']);
  });

  it('is counted together when it is all of this relay', () => {
    const summary = summarize(read(text, () => new Counting()));
    expect(summary?.bounced).toMatchObject([{ count: 2 }]);
  });
});

describe('a line of the log', () => {
  const LINE =
    'Nov 24 11:06:22 relay postfix/account-shop-x-example-1glkum4/smtp[35]: 0B32D17A2B1: removed';
  const read = {
    program: 'smtp',
    pid: '35',
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
    expect(said(trace(query).stories[0], say)).toMatchObject({
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
    expect(linesFor('root').slice(0, 6)).toEqual([
      '85EF417A303  from root@home.example to admin@example.com, me@example.org',
      expect.stringMatching(/^ {2}2026-11-24 11:06:23 {2}.* root: message-id </),
      expect.stringMatching(/ root -> root@home\.example /),
      expect.stringMatching(/ root -> admin@example\.com .*RELAY_VIRTUAL/),
      expect.stringMatching(/ root -> me@example\.org .*RELAY_VIRTUAL/),
      expect.stringMatching(/ root@home\.example -> root@isp\.example /),
    ]);
    expect(linesFor('shop@x.example')).toContainEqual(
      expect.stringMatching(
        /grey@example\.com: .* mail\.isp\.example\[192\.0\.2\.2\]:587 by accounts\[0\] as shop: ./,
      ),
    );
  });

  it('has every attempt in it, and the remedy once, with the settings of its own account', () => {
    const [story] = trace('shop@x.example').stories;
    expect(story).toMatchObject({ verdict: 'waiting' });
    const remedies = story?.steps.map(({ remedy }) => remedy && say(remedy));
    expect(remedies).toEqual([
      undefined,
      undefined,
      expect.stringContaining('accounts[0].password'),
    ]);
    expect(story?.steps.at(-1)?.trouble).toMatchObject({ kind: 'password', step: 'AUTH' });
  });

  it('of mail for two, one of whom does not exist, has the notice to the sender in it', () => {
    expect(said(trace('gone@example.com').stories, say)).toMatchObject([
      {
        id: 'D989F17A271',
        verdict: 'partly delivered',
        result: expect.stringMatching(/you@example\.com.*DF79317A032/),
        notices: [{ id: 'DF79317A032', from: '', to: ['a@x.example'], verdict: 'delivered' }],
      },
    ]);
    // Asked for by the ID of the notice, it is the same story.
    expect(trace('DF79317A032').stories.map(({ id }) => id)).toEqual(['D989F17A271']);
  });

  it('ends when the time is over', () => {
    expect(said(trace('far@example.com').stories, say)).toMatchObject([
      {
        verdict: 'expired',
        result: expect.stringContaining('A0A0A17A032'),
      },
    ]);
  });

  it('of mail that was too large says so', () => {
    const step = trace('EB10C17A302').stories[0]?.steps.at(-1);
    expect(step).toMatchObject({ kind: 'refused', trouble: { kind: 'message-too-large' } });
    expect(step?.remedy && settingsIn(step.remedy)).toEqual(['message_size']);
  });
});

/** Mail for two that is signed on its way; the first line about the second ID comes before its own. */
const SIGNED = `
postfix/smtpd[3]: AAAAAAAA1: client=unknown[192.0.2.7]
postfix/cleanup[4]: AAAAAAAA1: message-id=<one@nas>
postfix/qmgr[5]: AAAAAAAA1: from=<nas@home.example>, size=400, nrcpt=2 (queue active)
postfix/sign/smtp[6]: AAAAAAAA1: to=<me@isp.example>, orig_to=<root@home.example>, relay=127.0.0.1[127.0.0.1]:10026, delay=0.1, delays=0.1/0/0/0, dsn=4.7.1, status=deferred (host 127.0.0.1[127.0.0.1] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command))
postfix/signer/smtpd[7]: disconnect from unknown[127.0.0.1] ehlo=1 xforward=1 mail=0/1 quit=1 commands=3/4
postfix/signer/smtpd[7]: BBBBBBBB2: client=unknown[127.0.0.1], orig_queue_id=AAAAAAAA1, orig_client=unknown[192.0.2.7]
postfix/signer/cleanup[8]: BBBBBBBB2: message-id=<one@nas>
postfix/qmgr[5]: BBBBBBBB2: from=<nas@isp.example>, size=900, nrcpt=2 (queue active)
postfix/sign/smtp[6]: AAAAAAAA1: to=<me@isp.example>, orig_to=<root@home.example>, relay=127.0.0.1[127.0.0.1]:10026, delay=60, delays=60/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBBBBB2)
postfix/sign/smtp[6]: AAAAAAAA1: to=<no@friend.example>, relay=127.0.0.1[127.0.0.1]:10026, delay=60, delays=60/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBBBBB2)
postfix/qmgr[5]: AAAAAAAA1: removed
postfix/signed/smtp[9]: BBBBBBBB2: to=<me@isp.example>, relay=mx.isp.example[192.0.2.20]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as X)
`
  .trim()
  .split('\n')
  .map((line) => `Nov 24 12:00:00 relay ${line}`);

const SIGNED_END = [
  'postfix/signed/smtp[9]: BBBBBBBB2: to=<no@friend.example>, relay=mx.friend.example[192.0.2.21]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=bounced (host mx.friend.example[192.0.2.21] said: 550 5.1.1 no such user (in reply to RCPT TO command))',
  'postfix/bounce[10]: BBBBBBBB2: sender non-delivery notification: CCCCCCCC3',
  'postfix/qmgr[5]: BBBBBBBB2: removed',
].map((line) => `Nov 24 12:00:01 relay ${line}`);

describe('mail that is signed on its way', () => {
  const WHOLE = [...SIGNED, ...SIGNED_END].join('\n');

  it.each(['AAAAAAAA1', 'BBBBBBBB2', 'no@friend.example'])('is one story, by %s', (query) => {
    const { stories } = traced(WHOLE, query);
    expect(stories).toMatchObject([
      {
        id: 'AAAAAAAA1',
        from: 'nas@home.example',
        to: ['me@isp.example', 'no@friend.example'],
        verdict: 'partly delivered',
        notices: [{ id: 'CCCCCCCC3' }],
      },
    ]);
  });

  it('has each step once', () => {
    const [story] = traced(WHOLE, 'AAAAAAAA1').stories;
    const kinds = story?.steps.map(({ kind }) => kind).filter((kind) => kind !== 'rewritten');
    expect(kinds).toEqual(['origin', 'attempt', 'signed', 'attempt', 'attempt', 'notice']);
  });

  it('has not left while its second ID is in the queue', () => {
    const [story] = traced(SIGNED.join('\n'), 'AAAAAAAA1').stories;
    expect(story?.verdict).not.toBe('unknown');
    const open = read(SIGNED.join('\n'), () => Tracing.of(undefined)).listeners[0]?.open ?? [];
    const queued = storiesInQueue(
      open,
      [
        {
          queue: 'deferred',
          id: 'BBBBBBBB2',
          sender: 'nas@isp.example',
          arrival: 0,
          size: 900,
          recipients: [{ address: 'no@friend.example', reason: 'a reason' }],
        },
      ],
      [],
    );
    expect(queued).toMatchObject([{ id: 'AAAAAAAA1', queued: { id: 'BBBBBBBB2' } }]);
  });

  it('counts once: the hand-over is no delivery, and the relay itself is no refused client', () => {
    const log = read(WHOLE, () => new Counting());
    const summary = summarize(log);
    expect(summary?.lastDelivery).toMatchObject({ to: 'me@isp.example' });
    expect(summary?.bounced).toMatchObject([{ count: 1, recipients: ['no@friend.example'] }]);
    expect(summary?.refused).toEqual([]);
    const first = SIGNED.slice(0, -1).join('\n');
    expect(summarize(read(first, () => new Counting()))?.lastDelivery).toBeNull();
  });
});

describe('an attempt by a delivery service', () => {
  const words = (service: string | undefined) => [
    serviceWords(service, SERVERS),
    variableNames(aboutService(service, SERVERS).setting('password')),
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
        said: expect.stringMatching(/^554 5\.7\.1 .*\(allowed_recipients\)$/),
        trouble: { kind: 'by-setting', setting: 'RELAY_ALLOWED_RECIPIENTS' },
      },
    ]);
    expect(traceLines(trace('nobody@other.test'), say).join('\n')).toContain(
      '192.0.2.4, from b@x.example, to nobody@other.test: ',
    );
  });

  it('for what it holds is told too', () => {
    expect(trace('filter@example.com').stories[0]?.steps.at(-1)).toMatchObject({
      said: '5.7.1 no prizes here',
    });
  });
});

it('when nothing is found, it is said what was searched, and since when the log goes', () => {
  expect(linesFor('who@example.com')).toEqual([
    expect.stringMatching(/who@example\.com .*2026-11-24 11:06:20/),
  ]);
});

it('without a question the last messages are listed', () => {
  const lines = traceLines(trace(), say);
  expect(lines[0]).toMatch(
    /^2026-11-24 11:06:22 {2}8DB4C17A271 {2}fax@home\.example to you@example\.com: delivered$/,
  );
  expect(lines.at(-1)).toMatch(/hikyaku trace ID/);
});

describe('the summary of a log', () => {
  it('has the last delivery, what came back by reason, and what was not taken', () => {
    const summary = summarize(
      read(TEXT, () => new Counting()),
      SERVERS,
    );
    expect(summary).toMatchObject({
      since: new Date(2026, 10, 24, 11, 6, 20),
      lastDelivery: { to: 'grey@example.com', relay: 'mail.isp.example[192.0.2.2]:587' },
      bounced: [
        { count: 1, recipients: ['gone@example.com'], trouble: { kind: 'recipient' } },
        { count: 1, recipients: ['far@example.com'], isGivenUp: true },
      ],
      refused: [
        { count: 3, client: '192.0.2.4', trouble: { kind: 'client-rate' } },
        { count: 1, trouble: { kind: 'by-setting', setting: 'RELAY_ALLOWED_RECIPIENTS' } },
        { count: 1, client: '192.0.2.4', trouble: { kind: 'message-too-large' } },
        { count: 1, reply: '5.7.1 no prizes here' },
      ],
    });
  });

  const smtpd = (pid: number) => `Nov 24 11:06:22 relay postfix/smtpd[${pid}]: `;
  const refusedBy = (...lines: readonly string[]) =>
    summarize(read(lines.map((line) => smtpd(20) + line).join('\n'), () => new Counting()))
      ?.refused;
  const CLIENT = 'unknown[192.0.2.4]';

  it.each([
    [`disconnect from ${CLIENT} ehlo=1 auth=0/1 quit=1 commands=2/3`, 'login-not-offered'],
    [`disconnect from ${CLIENT} ehlo=1 starttls=0/1 quit=1`, 'starttls-not-offered'],
    [`disconnect from ${CLIENT} ehlo=1 quit=1 commands=2`, 'left-after-ehlo'],
    [`disconnect from ${CLIENT} ehlo=2 starttls=1 quit=1 commands=4`, 'left-after-ehlo'],
    [`disconnect from ${CLIENT} ehlo=1 mail=0/1 quit=1 commands=2/3`, 'command-refused'],
    [`disconnect from ${CLIENT} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4`, 'command-refused'],
    [
      `warning: Illegal address syntax from ${CLIENT} in MAIL command: "My NAS" <a@home.example>`,
      'bad-address',
    ],
    [
      `warning: ${CLIENT}: SASL LOGIN authentication failed: (reason unavailable), sasl_username=x`,
      'client-login-failed',
    ],
    [
      `warning: ${CLIENT}: SASL PLAIN authentication failed: a login needs TLS here (submission.clear_networks), sasl_username=x`,
      'client-login-clear',
    ],
    [
      `warning: ${CLIENT}: SASL PLAIN authentication failed: too many failed logins as this user: none is checked for 10 minutes, sasl_username=x`,
      'client-guessing',
    ],
    [`warning: non-SMTP command from ${CLIENT}: \\026\\003\\001\\000\\245`, 'client-tls-first'],
    // A newline in the first bytes of TLS: Postfix shows what is behind it.
    [`warning: non-SMTP command from ${CLIENT}: \\b\\v\\b\\004\\b\\005`, 'client-tls-first'],
    [`warning: non-SMTP command from ${CLIENT}: GET / HTTP/1.1`, 'client-not-smtp'],
    [
      `improper command pipelining after HELO from ${CLIENT}: MAIL FROM:<a@b.example>`,
      'client-hasty',
    ],
    [
      `improper command pipelining after CONNECT from ${CLIENT}: \\026\\003\\001\\000`,
      'client-tls-first',
    ],
    [`0B32D17A2B1: timeout after DATA (21 bytes) from ${CLIENT}`, 'client-gone'],
    [`0B32D17A2B1: lost connection after DATA (9 bytes) from ${CLIENT}`, 'client-gone'],
  ])('has the client that came to no message: %s', (line, kind) => {
    expect(refusedBy(line)).toMatchObject([{ client: '192.0.2.4', trouble: { kind } }]);
  });

  it.each([
    `disconnect from ${CLIENT} ehlo=1 auth=0/1 mail=1 rcpt=1 data=1 quit=1 commands=5/6`,
    `disconnect from ${CLIENT} ehlo=2 starttls=0/1 mail=1 rcpt=1 bdat=1 commands=5/6`,
    `disconnect from ${CLIENT} commands=0/0`,
  ])('has nothing about a client that went on without, or never spoke: %s', (line) => {
    expect(refusedBy(line)).toEqual([]);
  });

  it.each([
    ['unsupported protocol:../ssl/statem/statem_srvr.c:1780:', 'client-tls-old'],
    ['no shared cipher:../ssl/statem/statem_srvr.c:2220:', 'client-tls-old'],
    [
      'tlsv1 alert unknown ca:../ssl/record/rec_layer_s3.c:918:SSL alert number 48:',
      'client-distrusts',
    ],
    ['wrong version number:../ssl/record/methods/tlsany_meth.c:77:', 'client-no-tls'],
    ['unexpected eof while reading:../ssl/record/rec_layer_s3.c:696:', 'client-tls-failed'],
    [undefined, 'client-tls-failed'],
  ])('has a handshake that failed, with the reason that OpenSSL gives: %s', (reason, kind) => {
    const detail = `warning: TLS library problem: error:0A000102:SSL routines::${reason}`;
    const lines = [
      `SSL_accept error from ${CLIENT}: ${reason === undefined ? 'lost connection' : '-1'}`,
      ...(reason === undefined ? [] : [detail]),
      `NOQUEUE: lost connection after STARTTLS from ${CLIENT}`,
      `disconnect from ${CLIENT} ehlo=1 starttls=0/1 commands=1/2`,
    ];
    expect(refusedBy(...lines)).toMatchObject([{ count: 1, trouble: { kind } }]);
  });

  it('has a client once that was told why, by the process that it talked to', () => {
    const disconnect = `disconnect from ${CLIENT} ehlo=1 mail=1 rcpt=0/1 quit=1 commands=3/4`;
    const reject = `NOQUEUE: reject: RCPT from ${CLIENT}: 554 5.7.1 <a@b.example>: Relay access denied; from=<x@y.example> to=<a@b.example> proto=ESMTP helo=<nas>`;
    expect(refusedBy(reject, disconnect)).toMatchObject([
      { count: 1, trouble: { kind: 'client-not-allowed' }, senders: ['x@y.example'] },
    ]);
    // The next client of the same process is another story.
    expect(refusedBy(reject, disconnect, disconnect)).toHaveLength(2);
  });

  it('names every sender of several refusals, and has the last of them', () => {
    const reject = (sender: string, seconds: number) =>
      `Nov 24 11:06:${seconds} relay postfix/smtpd[7]: NOQUEUE: reject: MAIL from ${CLIENT}: 501 5.1.7 Bad sender address syntax; from=<${sender}> proto=ESMTP helo=<nas>`;
    const text = [reject('a@one', 10), reject('b@two', 20), reject('c@three', 30)].join('\n');
    const refused = summarize(read(text, () => new Counting()))?.refused;
    expect(refused).toMatchObject([
      { count: 3, senders: ['a@one', 'b@two', 'c@three'], last: new Date(2026, 10, 24, 11, 6, 30) },
    ]);
  });

  it('has no notice of Postfix as the last delivery', () => {
    const at = (seconds: number, text: string) => `Nov 24 11:06:${seconds} relay postfix/${text}`;
    const sent = 'delay=1, delays=0/0/1/0, dsn=2.0.0, status=sent (250 ok)';
    const text = [
      at(10, 'qmgr[5]: AAAAAAAA: from=<a@b.example>, size=1, nrcpt=1 (queue active)'),
      at(11, `smtp[4]: AAAAAAAA: to=<you@example.com>, relay=none, ${sent}`),
      at(12, 'qmgr[5]: BBBBBBBB: from=<>, size=1, nrcpt=1 (queue active)'),
      at(13, `smtp[4]: BBBBBBBB: to=<a@b.example>, relay=none, ${sent}`),
    ].join('\n');
    expect(summarize(read(text, () => new Counting()))?.lastDelivery).toMatchObject({
      to: 'you@example.com',
    });
  });

  it('of no line of Postfix there is none', () => {
    expect(summarize(read('hello\n', () => new Counting()))).toBeUndefined();
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
  const queued = storiesInQueue(
    [],
    [message],
    readQueueFiles(CAT, () => NOW.getTime() + 240_000),
  );

  it.each(['C0C0C17A271', 'one@nas', 'fax', 'fax@home.example', 'fax-machine@example.com'])(
    'tells its part without a log, asked for %s',
    (query) => {
      const report = traceReport(query, Tracing.of(query).found(queued), [], undefined, {
        ...BACKGROUND,
        queueKnown: true,
      });
      const text = traceLines(report, say).join('\n');
      expect(text).toContain('handed in by 192.0.2.9: message-id <one@nas>, 400 bytes');
      expect(text).toContain('nothing listens on that port');
      expect(text).toContain('result: still waiting, next try in 4 min');
      expect(text).toContain('docker logs CONTAINER 2>&1 | docker exec -i CONTAINER hikyaku');
      expect(text).toContain(`trace '${query}' (CONTAINER: its name in "docker ps")`);
    },
  );
});
