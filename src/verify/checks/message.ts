/** What is handed in arrives whole. */
import { randomUUID } from 'node:crypto';
import { MADE_UP, TIME_ZONE } from '../home.ts';
import type { Message } from '../mock-provider.ts';
import { type Finding, finding } from '../report.ts';

/** A message of which every byte is known. */
export interface Whole {
  /** All but From, which the relay rewrites. */
  readonly fields: readonly string[];
  readonly body: string;
  readonly text: string;
}

/** What relays and filters like to change: dots, blanks at an end, letters beyond ASCII, length. */
const BODY = [
  '.',
  '..two dots, and blanks at the end   ',
  'Grüße, 日本語',
  '',
  'From here on it is long.',
  'x'.repeat(900),
  ...Array.from({ length: 100 }, (_none, at) => `line ${at} ${'of many '.repeat(8)}`),
  '',
];

export function composeWhole(to: string): Whole {
  const mark = randomUUID();
  const fields = [
    `To: ${to}`,
    `Subject: all is well ${mark}`,
    'Date: Thu, 01 Jan 2026 09:08:07 +0900',
    `Message-ID: <${mark}@linux.home.example>`,
    'Reply-To: somebody@elsewhere.example',
    `X-Verify: ${mark}`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
  ];
  const body = `${BODY.join('\r\n')}\r\n`;
  return { fields, body, text: [`From: ${MADE_UP}`, ...fields, '', body].join('\r\n') };
}

/** What a relay adds, or rewrites. */
const ADDED = ['received', 'from'];

const nameOf = (field: string): string => field.split(':')[0]?.toLowerCase() ?? '';

/** Lines that continue a field begin with a blank. */
const namesIn = (head: string): readonly string[] =>
  head
    .split('\r\n')
    .filter((line) => /^\S/.test(line))
    .map(nameOf);

/** What is written into a mail and into the log is in the time of the place (TZ). */
export function checkTimeZone(message: Message | undefined): Finding {
  const { TZ, offset } = TIME_ZONE;
  const received =
    /^Received:.*(?:\r\n\s.*)*/m.exec(message?.raw ?? '')?.[0] ?? 'no Received field';
  const ok = received.includes(` ${offset}`);
  return finding('time zone', `that of the variable TZ, ${TZ}: ${offset}`, ok, ok ? '' : received);
}

export function checkWhole({ fields, body }: Whole, message: Message | undefined): Finding {
  const expected = 'the fields that were handed in, and the body byte for byte';
  if (message === undefined) return finding('message', expected, false, 'no mail at the provider');
  const [head = '', ...parts] = message.raw.split('\r\n\r\n');
  const there = new Set(head.split('\r\n'));
  const arrived = parts.join('\r\n\r\n');
  const expectedNames = new Set([...ADDED, ...fields.map(nameOf)]);
  const added = namesIn(head).filter((name) => !expectedNames.has(name));
  const faults = [
    ...fields.filter((field) => !there.has(field)).map((field) => `without "${field}"`),
    ...added.map((name) => `with a field "${name}"`),
    ...(arrived === body ? [] : [`another body: ${arrived.length} characters of ${body.length}`]),
  ];
  return finding('message', expected, faults.length === 0, faults.join(', '));
}
