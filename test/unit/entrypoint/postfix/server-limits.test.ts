import { describe, expect, test } from 'vitest';
import { type Limit, limitIn, limitRows } from '../../../../entrypoint/postfix/server-limits.ts';
import { PROVIDER_TEXTS } from '../advice/provider-texts.ts';

/** What Postfix says of a delivery that was answered with this. */
const said = (answer: string, command = 'RCPT TO'): string => {
  const status = /^\d{3}[ -](5\.\d+\.\d+)/.exec(answer)?.[1] ?? '5.0.0';
  return `${status} host mail.isp.example[192.0.2.1] said: ${answer} (in reply to ${command} command)`;
};

/** What the filter makes of it: as smtp(8) does, the first row that matches counts. */
const filtered = (text: string): string => {
  for (const [pattern, result] of limitRows()) {
    const found = new RegExp(pattern, 'i').exec(text);
    if (found !== null) return result.replace('$1', found[1] ?? '');
  }
  return text;
};

const LIMITS: readonly (readonly [answer: string, limit: Limit, command: string])[] = [
  ['552 5.5.3 Maximum limit of 10 recipients reached', 'recipients', 'RCPT TO'],
  ['552 Too many recipients', 'recipients', 'RCPT TO'],
  ['550 5.5.3 Too many recipients', 'recipients', 'RCPT TO'],
  ['554 5.7.1 Error: too many recipients', 'recipients', 'RCPT TO'],
  ['550 recipient limit exceeded', 'recipients', 'RCPT TO'],
  ['550 5.7.1 You may not have more than 20 recipients in one message', 'recipients', 'RCPT TO'],
  ['554 5.7.0 Too many messages in this session', 'session', 'MAIL FROM'],
  ['550 Maximum number of mails per connection reached', 'session', 'MAIL FROM'],
  ['503 5.5.1 Too many transactions', 'session', 'MAIL FROM'],
  ['550 5.4.5 Daily user sending limit exceeded', 'quota', 'end of DATA'],
  [
    '550-5.4.5 Daily user sending limit exceeded. For more information on Gmail 550-5.4.5 sending limits go to 550 5.4.5 https://support.google.com/a/answer/166852 x-y - gsmtp',
    'quota',
    'end of DATA',
  ],
];

describe('an answer about a limit', () => {
  test.each(LIMITS)('%s is about %s', (answer, limit, command) => {
    expect(limitIn(said(answer, command))).toBe(limit);
    expect(filtered(said(answer, command))).toBe(said(answer, command).replace(/^5/, '4'));
    // As status sees it, when the mail waits.
    expect(limitIn(filtered(said(answer, command)))).toBe(limit);
  });

  test.each((PROVIDER_TEXTS.rate?.ofHost ?? []).filter((text) => text.startsWith('5')))(
    'is a temporary one: %s',
    (text) => {
      expect(filtered(said(text))).toMatch(/^4/);
    },
  );
});

describe('an answer about the mail or its recipient stays final', () => {
  const others = Object.entries(PROVIDER_TEXTS)
    .filter(([trouble]) => trouble !== 'rate')
    .flatMap(([, texts]) => texts.ofHost ?? [])
    .filter((text) => text.startsWith('5'));
  test.each(others)('%s', (text) => {
    expect(filtered(said(text))).toMatch(/^5/);
  });

  test('a limit on recipients that is told at the end of the message: the next attempt would meet it', () => {
    expect(filtered(said('554 5.5.3 Too many recipients', 'end of DATA'))).toMatch(/^5/);
  });
});
