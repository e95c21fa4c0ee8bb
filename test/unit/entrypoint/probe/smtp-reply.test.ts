import { describe, expect, it } from 'vitest';
import {
  ReplyParser,
  readAnnouncement,
  replyText,
} from '../../../../entrypoint/postfix/smtp-reply.ts';

function replies(...chunks: readonly string[]) {
  const parser = new ReplyParser();
  for (const chunk of chunks) parser.push(chunk);
  const first = parser.take();
  return [first, parser.take()];
}

describe('a reply', () => {
  it('is put together from what arrives in pieces', () => {
    expect(replies('250-first', ' line\r\n250 last\r', '\n220')).toEqual([
      { code: 250, lines: ['first line', 'last'] },
      undefined,
    ]);
  });

  it('may be a code alone, and several may come at once', () => {
    expect(replies('250\r\n354 go\r\n')).toEqual([
      { code: 250, lines: [''] },
      { code: 354, lines: ['go'] },
    ]);
  });

  it('is shown on one line', () => {
    expect(replyText({ code: 535, lines: ['5.7.8 no', '5.7.8 really'] })).toBe(
      '535 5.7.8 no 5.7.8 really',
    );
  });

  it('that is not SMTP is called that', () => {
    expect(() => replies('HTTP/1.1 400 Bad Request\r\n')).toThrow('HTTP/1.1');
  });
});

describe('the reply to EHLO', () => {
  it.each([
    [['AUTH PLAIN LOGIN'], { name: 'mail.example', mechanisms: ['PLAIN', 'LOGIN'] }],
    [['AUTH=PLAIN LOGIN'], { mechanisms: ['PLAIN', 'LOGIN'] }],
    [['auth plain', 'AUTH=PLAIN'], { mechanisms: ['PLAIN'] }],
    [['STARTTLS', 'SIZE 1000'], { starttls: true, size: 1000 }],
    [['SIZE 0'], { size: undefined }],
    [['SIZE'], { size: undefined }],
    [[], { starttls: false, mechanisms: [], size: undefined }],
  ])('%j announces %j', (lines, expected) => {
    expect(
      readAnnouncement({ code: 250, lines: ['Mail.example greets you', ...lines] }),
    ).toMatchObject(expected);
  });
});
