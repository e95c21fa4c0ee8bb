import { expect, it } from 'vitest';
import { readLine } from '../../../../entrypoint/log/line.ts';
import { VisitReader } from '../../../../entrypoint/log/visit.ts';
import { problemLine } from '../../../../entrypoint/messages/problem.ts';
import { outcomeLines } from '../../../../entrypoint/pairing/pair-report.ts';
import { pairWords } from '../../../../entrypoint/pairing/pair-words.ts';
import { type Desk, type Happening, Pairing } from '../../../../entrypoint/pairing/pairing.ts';
import { withChanges } from '../../../../entrypoint/settings/changes.ts';
import { namesOf, sayIn } from '../../../../entrypoint/settings/naming/sentence.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { facts } from '../support/facts.ts';
import { givenBy } from '../support/judge.ts';

// What pairing says and proposes, from the log of a device's tries: a file for each.

const NOW = new Date(2026, 10, 24, 13);
const PRINTER = '192.168.1.40';

/** One connection of a client, as smtpd(8) logs it. */
const visit = (port: number, end: string, ...said: readonly string[]) =>
  visitOf(PRINTER, port, end, ...said);

let process = 100;
function visitOf(client: string, port: number, end: string, ...said: readonly string[]): string[] {
  process += 1;
  const name = `unknown[${client}]`;
  return [`connect from ${name}`, ...said, `disconnect from ${name} ${end}`].map(
    (text) =>
      `Nov 24 11:06:22 relay postfix/port-${port}/smtpd[${process}]: ${text.replaceAll('CLIENT', name)}`,
  );
}

const ID = '0B32D17A2B1';
const sent = (port: number, ...said: readonly string[]): string[] => [
  ...visit(port, 'ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5', ...said),
];
const taken = `${ID}: client=CLIENT`;
const attempt = (status: string, reply: string) =>
  `Nov 24 11:06:23 relay postfix/smtp[9]: ${ID}: to=<me@example.com>, relay=mail.isp.example[192.0.2.1]:587, delay=1, delays=0/0/1/0, dsn=2.0.0, status=${status} (${reply})`;
const delivered = attempt('sent', '250 2.0.0 Ok');
const tls = (version = 'TLSv1.3') =>
  `Anonymous TLS connection established from CLIENT: ${version} with cipher X`;
const denied = (helo = 'BRW001122334455') =>
  `NOQUEUE: reject: RCPT from CLIENT: 554 5.7.1 <CLIENT>: Client host rejected: this address may not send through this relay; if it should, add its network to RELAY_NETWORKS (networks); from=<scan@office.example> to=<me@example.com> proto=ESMTP helo=<${helo}>`;
const library = (reason: string) => [
  'SSL_accept error from CLIENT: -1',
  `warning: TLS library problem: error:0A000102:SSL routines::${reason}:../ssl/x.c:1:`,
];
const loginFailed = (reason: string) =>
  `warning: CLIENT: SASL PLAIN authentication failed: ${reason}, sasl_username=device`;

const ISP =
  'myhostname: relay.example.com\nrelay: {host: mail.isp.example, username: hoge@isp.example, password: piyo}\n';
const LOGIN = `${ISP}submission: {username: nas, password: geheim}\n`;

interface Case {
  readonly yaml: string;
  readonly lines: readonly string[];
  /** Answers in order; without them every question is answered with yes. */
  readonly answers?: readonly ('yes' | 'no' | 'nobody')[];
  readonly address?: string;
}

const LEFT = visit(25, 'ehlo=1 quit=1 commands=2');
const LEFT_AFTER_TLS = visit(25, 'ehlo=2 starttls=1 quit=1 commands=4', tls());
const AUTH_IN_CLEAR = visit(25, 'ehlo=1 auth=0/1 quit=1 commands=2/3');

const CASES: Readonly<Record<string, Case>> = {
  'a machine outside the networks': {
    yaml: `${ISP}networks: [10.0.0.0/24]\n`,
    lines: [
      ...visit(25, 'ehlo=1 mail=1 rcpt=0/1 commands=2/3', denied()),
      ...sent(25, taken),
      delivered,
    ],
  },
  'a login without TLS': {
    yaml: ISP,
    lines: [
      ...AUTH_IN_CLEAR,
      ...AUTH_IN_CLEAR,
      ...sent(25, `${taken}, sasl_method=PLAIN, sasl_username=device`),
      delivered,
    ],
  },
  'a login with STARTTLS': {
    yaml: ISP,
    lines: [
      ...LEFT,
      ...LEFT_AFTER_TLS,
      ...sent(587, tls(), `${taken}, sasl_method=LOGIN, sasl_username=device`),
      delivered,
    ],
  },
  'a device that takes no STARTTLS and wants a login': {
    yaml: ISP,
    lines: [
      ...LEFT,
      ...LEFT,
      ...sent(25, `${taken}, sasl_method=LOGIN, sasl_username=device`),
      delivered,
    ],
  },
  'a password in clear where a login is': {
    yaml: `${LOGIN.replace('geheim', 'geheim, clear_networks: [192.168.1.41]')}`,
    lines: [
      ...visit(
        25,
        'ehlo=1 auth=0/1 commands=1/2',
        loginFailed('a login needs TLS here (submission.clear_networks)'),
      ),
      ...visit(
        25,
        'ehlo=1 auth=0/1 commands=1/2',
        loginFailed('no login of that name with that password'),
      ),
      ...sent(25, `${taken}, sasl_method=PLAIN, sasl_username=nas`),
      delivered,
    ],
  },
  'TLS from the first byte': {
    yaml: ISP,
    lines: [
      ...visit(
        25,
        'unknown=0/1 commands=0/1',
        'warning: non-SMTP command from CLIENT: \\026\\003\\001\\000',
      ),
      ...sent(465, tls('TLSv1.2'), taken),
      delivered,
    ],
  },
  'TLS 1.0': {
    yaml: `${ISP}submission: {tls: offer}\n`,
    lines: [
      ...visit(587, 'ehlo=1 starttls=0/1 commands=1/2', ...library('unsupported protocol')),
      ...sent(2525, tls('TLSv1'), taken),
      delivered,
    ],
  },
  'a certificate that is not trusted': {
    yaml: LOGIN,
    lines: [
      ...visit(587, 'ehlo=1 starttls=0/1 commands=1/2', ...library('tlsv1 alert unknown ca')),
    ],
  },
  'lines that end with LF alone': {
    yaml: ISP,
    lines: [
      ...visit(
        25,
        'ehlo=1 mail=1 rcpt=1 data=0/1 commands=3/4',
        taken,
        `${ID}: lost connection after DATA (99 bytes) from CLIENT`,
      ),
      ...sent(25, taken),
      delivered,
    ],
  },
  'a sender that the provider refuses': {
    yaml: ISP,
    lines: [
      ...sent(25, taken),
      attempt(
        'bounced',
        'host mail.isp.example[192.0.2.1] said: 553 5.7.1 <a@b.example>: Sender address rejected: not owned by user hoge@isp.example (in reply to MAIL FROM command)',
      ),
      ...sent(25, taken.replace(ID, '1B32D17A2B1')),
      delivered.replace(ID, '1B32D17A2B1'),
    ],
  },
  'a machine behind a published port': {
    yaml: ISP,
    lines: [
      ...visitOf(
        '172.18.0.1',
        25,
        'ehlo=1 mail=1 rcpt=0/1 commands=2/3',
        denied('nas').replace('RELAY_NETWORKS', 'RELAY_TRUST_GATEWAY'),
      ),
      ...visitOf('172.18.0.1', 25, 'ehlo=1 auth=0/1 commands=1/2'),
    ],
  },
  'a stranger, and a name with escape sequences': {
    yaml: `${ISP}networks: [10.0.0.0/24]\n`,
    lines: [
      ...visitOf(
        '203.0.113.9',
        25,
        'ehlo=1 mail=1 rcpt=0/1 commands=2/3',
        denied('\u009b31mroot\u202e'),
      ),
      ...visitOf('203.0.113.9', 25, 'ehlo=1 mail=1 rcpt=0/1 commands=2/3', denied()),
      ...visit(25, 'ehlo=1 mail=1 rcpt=0/1 commands=2/3', denied()),
      ...visitOf('203.0.113.9', 25, 'ehlo=1 auth=0/1 commands=2/3'),
    ],
    answers: ['no', 'yes'],
  },
  'a device that is named; others are not heard': {
    yaml: `${ISP}networks: [10.0.0.0/24]\n`,
    lines: visitOf('203.0.113.9', 25, 'ehlo=1 mail=1 rcpt=0/1 commands=2/3', denied()),
    address: PRINTER,
  },
  'nobody to be asked': { yaml: ISP, lines: LEFT, answers: ['nobody'] },
  'a device that can send as it is': {
    yaml: ISP,
    lines: [...sent(25, taken), delivered],
    answers: ['yes'],
  },
};

it.each(Object.entries(CASES))('%s', async (name, { yaml, lines, answers, address }) => {
  const given = givenBy(yaml);
  const world = facts();
  const happenings: Happening[] = [];
  const reader = new VisitReader(
    {
      visited: (one) => happenings.push({ kind: 'visit', visit: one }),
      hear: (event) => {
        if (event.kind === 'attempt') happenings.push({ kind: 'attempt', attempt: event });
      },
    },
    () => NOW,
  );
  for (const line of lines) {
    expect(readLine(line, NOW)).toBeDefined();
    reader.push(line);
  }
  const told: string[] = [];
  const waiting = [...(answers ?? [])];
  const settingsOf = (changes: Parameters<Desk['apply']>[0]) => {
    const reading = readSettings(withChanges(given, changes), world);
    return reading.ok ? reading.settings : { problems: reading.problems.map(problemLine) };
  };
  const desk: Desk = {
    next: async () => happenings.shift() ?? { kind: 'end', why: 'time' },
    apply: async (changes) => settingsOf(changes),
    ask: async (question) => {
      const answer = answers === undefined ? 'yes' : (waiting.shift() ?? 'no');
      told.push(`${question} ${answer}`);
      return answer;
    },
    tell: (line) => told.push(line),
  };
  const settings = settingsOf([]);
  if ('problems' in settings) throw new Error(settings.problems.join('\n'));
  const words = pairWords(sayIn(namesOf(given)));
  const login = { username: 'device', password: 'abcdefghjkmnpqrs' };
  const outcome = await new Pairing(desk, words, settings, { address, login }).run();
  const text = [...told, ...outcomeLines(outcome, given)].join('\n');
  await expect(`${text}\n`).toMatchFileSnapshot(`cases/${name.replaceAll(/\W+/g, '-')}.txt`);
});
