import { describe, expect, test } from 'vitest';
import { databaseHost, domain, server } from '../../../../entrypoint/settings/validators/host.ts';
import { reading } from '../support/validate.ts';

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

  const PLAIN = 'is not a host name; give a name such as mail.example.com';
  test.each([
    ['-a.example', `"-a.example" ${PLAIN}`],
    ['a-.example', `"a-.example" ${PLAIN}`],
    ['a..example', `"a..example" ${PLAIN}`],
    ['.example.com', `".example.com" ${PLAIN}`],
    ['a b.example', `"a b.example" ${PLAIN}`],
    ['mail example', `"mail example" ${PLAIN}`],
    ['192.168.1.1', `"192.168.1.1" ${PLAIN}`],
    ['1.2.3', `"1.2.3" ${PLAIN}`],
    ['mail.example.com:587', `"mail.example.com:587" ${PLAIN}`],
    ['*.example.com', `"*.example.com" ${PLAIN}`],
    ['$myhostname', `"$myhostname" ${PLAIN}`],
    [`${LONG_LABEL}a.example`, `"${LONG_LABEL}a.example" ${PLAIN}`],
    [`${`${LONG_LABEL}.`.repeat(4)}example`, `"${LONG_LABEL}.aaaaaaaaaaaaa..." ${PLAIN}`],
    [
      'example.com.',
      '"example.com." is not a host name as mail uses it; leave out the dot at its end',
    ],
    [
      'smtp://mail.example.com',
      '"smtp://mail.example.com" is not a host name; leave out the part up to "://" and give the name alone',
    ],
    [
      'user@example.com',
      '"user@example.com" is not a host name; give the part behind the "@" alone',
    ],
    [
      'my_nas.example',
      '"my_nas.example" is not a host name; use letters, digits, dots and hyphens, no underscore',
    ],
    ['日本.example', '"日本.example" is not a host name in ASCII; write it in its "xn--" form'],
  ])('%j is refused', (text, refused) => {
    expect(reading(domain(), text)).toEqual({ refused });
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
    [
      'mail.isp.example:587',
      '"mail.isp.example:587" is not a host name; give mail.isp.example as the host and 587 as the port',
    ],
    [
      '[mail.isp.example]:submission',
      '"[mail.isp.example]:submission" is not a host name; give mail.isp.example as the host and submission as the port',
    ],
    [
      '[mail.isp.example]',
      '"[mail.isp.example]" has brackets; give mail.isp.example alone: its MX records are not looked up unless mx is "yes"',
    ],
    [
      'smtp://mail.isp.example:587',
      '"smtp://mail.isp.example:587" is not a host name; leave out the part up to "://" and give the name alone',
    ],
    ['192.0.2.256', '"192.0.2.256" is not a host name; give a name such as mail.example.com'],
    ['2001:db8::1::2', '"2001:db8::1::2" is not a host name; give a name such as mail.example.com'],
    [
      'piyopiyo+3',
      'is not a host name (not shown: it may hold a password); give a name such as mail.example.com',
    ],
    [
      'mail1.isp.example,mail2.isp.example',
      '"mail1.isp.example,mail2.isp.example" is not a host name; give a name such as mail.example.com',
    ],
  ])('%j is refused', (text, refused) => {
    expect(reading(server(), text)).toEqual({ refused });
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
      expect(reading(databaseHost(), text)).toEqual({
        refused: `"${text}" is not a database server; give its name, or name and port such as db:3306`,
      });
    },
  );

  test.each(['user:secret', 'user:sec/ret', 'user:secret@db'])('%j is not shown', (text) => {
    expect(reading(databaseHost(), text)).toEqual({
      refused:
        'is not a database server (not shown: it may hold a password); give its name, or name and port such as db:3306',
    });
  });
});

describe('a host name with something around it or in it', () => {
  const right = 'write mail.isp.example in plain letters, nothing before or behind it';
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
    expect(reading(server(), text)).toEqual({
      refused: `${JSON.stringify(text)} is not a host name; ${right}`,
    });
  });

  test.each([`$\{MAIL_HOST}`, '$MAIL_HOST', '{{ mail_host }}', '<mail host>'])(
    '%s is something that nobody has filled in',
    (text) => {
      expect(reading(server(), text)).toEqual({
        refused: `"${text}" is not a host name; give the value itself: placeholders are not replaced here`,
      });
    },
  );
});
