import { describe, expect, test } from 'vitest';
import { describeMessage, headerOf, problemsOf } from '../../../scripts/demo/evidence.ts';
import type { ProviderMessage } from '../../support/provider/api.ts';

const expected = {
  username: 'hoge',
  madeUp: 'root@linux.myhome.net',
  real: 'hoge@foo.bar.example',
};

const session: ProviderMessage['session'] = {
  id: '1',
  listener: 587,
  tls: { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384', serverName: null },
  auth: { mechanism: 'PLAIN', username: 'hoge' },
  helo: 'linux.myhome.net',
  clientAddress: '172.18.0.3',
};

const raw =
  'Received: from x\r\nFrom: System\r\n report <hoge@foo.bar.example>\r\n\r\nFrom: body\r\n';

const good: ProviderMessage = {
  id: 1,
  session,
  envelope: { from: 'hoge@foo.bar.example', to: ['hoge@foo.bar.example'] },
  raw,
  size: raw.length,
  receivedAt: '2026-01-01T00:00:00.000Z',
  messageId: null,
  testId: null,
};

describe('the demo', () => {
  test('is content with a rewritten mail from a login over TLS', () => {
    expect(problemsOf(good, expected)).toEqual([]);
  });

  test.each<[string, ProviderMessage, string]>([
    ['no TLS', { ...good, session: { ...session, tls: null } }, 'did not use TLS'],
    ['no login', { ...good, session: { ...session, auth: null } }, 'did not log in as hoge'],
    [
      'a made-up envelope sender',
      { ...good, envelope: { ...good.envelope, from: expected.madeUp } },
      'the envelope sender is root@linux.myhome.net',
    ],
    [
      'a made-up From header',
      { ...good, raw: raw.replace(expected.real, expected.madeUp) },
      'still says root@linux.myhome.net',
    ],
  ])('fails with %s', (_, message, problem) => {
    expect(problemsOf(message, expected).join('\n')).toContain(problem);
  });

  test('shows who logged in, how, and the mail as received', () => {
    expect(describeMessage(good)).toBe(`  logged in as  hoge
  mechanism     PLAIN
  TLS           TLSv1.3, TLS_AES_256_GCM_SHA384
  port          587
  EHLO          linux.myhome.net
  MAIL FROM     <hoge@foo.bar.example>
  RCPT TO       <hoge@foo.bar.example>

  Received: from x
  From: System
   report <hoge@foo.bar.example>

  From: body`);
  });
});

test('a header is read unfolded, and only from the head', () => {
  expect(headerOf(raw, 'from')).toBe('System report <hoge@foo.bar.example>');
  expect(headerOf('Subject: a\n\nTo: b', 'To')).toBeUndefined();
});
