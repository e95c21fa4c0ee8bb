import { describe, expect, test } from 'vitest';
import { databaseHost, domain, server } from '../../../../entrypoint/settings/validators/host.ts';
import { HIDDEN, REFUSED, reading } from '../support/validate.ts';

const LONG_LABEL = 'a'.repeat(63);

describe('a host name', () => {
  test.each([
    ['mail.example.com', 'mail.example.com'],
    ['Mail.Example.COM', 'mail.example.com'],
    ['localhost', 'localhost'],
    ['linux.myhome.net', 'linux.myhome.net'],
    ['3com.example', '3com.example'],
    ['xn--wgv71a119e.example', 'xn--wgv71a119e.example'],
    ['a-b.c--d.example', 'a-b.c--d.example'],
    [`${LONG_LABEL}.example`, `${LONG_LABEL}.example`],
  ])('%j is %j', (text, value) => {
    expect(reading(domain(), text)).toBe(value);
  });

  test.each([
    '-a.example',
    'a-.example',
    'a..example',
    '.example.com',
    'a b.example',
    'mail example',
    '192.168.1.1',
    '1.2.3',
    'mail.example.com:587',
    '*.example.com',
    '$myhostname',
    `${LONG_LABEL}a.example`,
    `${`${LONG_LABEL}.`.repeat(4)}example`,
    'example.com.',
    'smtp://mail.example.com',
    'user@example.com',
    'my_nas.example',
    '日本.example',
  ])('%j is refused', (text) => {
    expect(reading(domain(), text)).toEqual(REFUSED);
  });
});

describe('the server of a relay host', () => {
  test.each([
    ['mail.isp.example', 'mail.isp.example'],
    ['SMTP.isp.example', 'smtp.isp.example'],
    ['mailserver', 'mailserver'],
    ['192.0.2.25', '192.0.2.25'],
    ['[192.0.2.25]', '192.0.2.25'],
    ['2001:db8::25', '2001:db8::25'],
    ['[2001:db8::25]', '2001:db8::25'],
    ['[IPv6:2001:db8::25]', '2001:db8::25'],
  ])('%j is %j', (text, value) => {
    expect(reading(server(), text)).toBe(value);
  });

  test.each([
    'mail.isp.example:587',
    '[mail.isp.example]:submission',
    '[mail.isp.example]',
    'smtp://mail.isp.example:587',
    '192.0.2.256',
    '2001:db8::1::2',
    'piyopiyo+3',
    'mail1.isp.example,mail2.isp.example',
  ])('%j is refused', (text) => {
    expect(reading(server(), text)).toEqual(REFUSED);
  });

  test.each([
    'smtp://hoge:piyopiyo@mail.isp.example:587',
    'hoge:piyopiyo@mail.isp.example',
    'smtps://hoge:piyo/piyo@mail.isp.example',
  ])('%j is refused without being shown, for it holds a password', (text) => {
    expect(JSON.stringify(reading(server(), text))).toContain('refused');
    expect(JSON.stringify(reading(server(), text))).not.toMatch(/piyo/);
  });
});

describe('a database server', () => {
  test.each(['db', 'db:3306', 'db.example.com:5432', '192.0.2.1:3306', '[2001:db8::1]:3306'])(
    '%j is taken',
    (text) => {
      expect(reading(databaseHost(), text)).toBe(text);
    },
  );

  test.each(['db:', 'db:0', 'db:65536', 'mysql://db', 'a b', 'db/mail'])(
    '%j is refused',
    (text) => {
      expect(reading(databaseHost(), text)).toEqual(REFUSED);
    },
  );

  test.each(['user:secret', 'user:sec/ret', 'user:secret@db'])('%j is not shown', (text) => {
    expect(reading(databaseHost(), text)).toEqual(HIDDEN);
  });
});

describe('a host name with something around it or in it', () => {
  test.each([
    '"mail.isp.example"',
    '\u201cmail.isp.example\u201d',
    'mail.isp.example\u00a0',
    '\ufeffmail.isp.example',
    'mail.isp\u200b.example',
    'mail.isp.example;',
    'ｍａｉｌ．ｉｓｐ．ｅｘａｍｐｌｅ',
    'Mail.ISP.example,',
  ])('%j is told without it', (text) => {
    expect(reading(server(), text)).toEqual(REFUSED);
  });

  test.each([`$\{MAIL_HOST}`, '$MAIL_HOST', '{{ mail_host }}', '<mail host>'])(
    '%s is something that nobody has filled in',
    (text) => {
      expect(reading(server(), text)).toEqual(REFUSED);
    },
  );
});
