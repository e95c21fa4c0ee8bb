import { describe, expect, test } from 'vitest';
import { mechanism, password, username } from '../../../../entrypoint/settings/validators/login.ts';
import { reading } from '../support/validate.ts';

describe('the login at a provider', () => {
  test.each([
    'hoge',
    'hoge@foo.bar.example',
    'DOMAIN\\user',
    'first last',
    '#1',
    '$user',
    'ユーザー',
  ])('%j is taken as it is', (text) => {
    expect(reading(username(), text)).toBe(text);
  });

  test.each([' hoge', 'hoge '])('%j is refused for the blank at its end', (text) => {
    expect(reading(username(), text)).toEqual({
      refused: 'begins or ends with a blank; remove the blank',
    });
  });

  test('with a ":" is refused without being shown, for it may hold the password', () => {
    expect(reading(username(), 'hoge:piyopiyo')).toEqual({
      refused:
        'has a ":" in it, which ends a login for Postfix (not shown: it may hold the password); give the login alone, and the password in its own setting',
    });
  });
});

describe('what stands in place of a login', () => {
  test.each([
    ['"hoge"', 'stands in quotes, which would be part of it; remove the quotes'],
    [
      '/run/secrets/user',
      'is the path of a file, not a login; give the login itself; it is not a secret',
    ],
    ['Hoge <hoge@isp.example>', 'is a name with an address behind it; give the login alone'],
    ['hoge # mine', 'has a comment behind it; put the comment on a line of its own'],
    ['RELAY_USERNAME=hoge', 'begins with the name of a variable; give what stands behind the "="'],
    ['None', 'is a word for nothing; leave the login and its password out'],
    ['{{ user }}', 'is a placeholder; give the value itself: placeholders are not replaced here'],
    ['hoge\u200b', 'contains an invisible character (U+200B); type it anew'],
    ['hoge＠isp.example', 'has full-width characters in it; write it in plain letters'],
  ])('%j is told, and not shown', (text, refused) => {
    expect(reading(username(), text)).toEqual({ refused });
  });
});

describe('what stands in place of a password', () => {
  test.each([
    [
      '/run/secrets/isp',
      'is the path of a file, not the password; give the path as password_file in YAML, or in the variable that ends in _FILE',
    ],
    [
      '[mail.isp.example]:587 hoge:piyopiyo',
      "is a line of Postfix's sasl_passwd, with server and login; give the password alone",
    ],
    [
      'RELAY_PASSWORD=piyopiyo',
      'begins with a name, as a line in a file of settings; give the password alone',
    ],
  ])('%j is told, and not shown', (text, refused) => {
    expect(reading(password(), text)).toEqual({ refused });
  });
});

describe('a password', () => {
  test.each([
    'piyopiyo',
    ' leading blank',
    'blank inside',
    '#comment?',
    '$HOME $$ $(x)',
    '"quoted"',
    "'quoted'",
    'back\\slash\\n',
    'a:b:c',
    'a,b;c',
    '{braces} [brackets] <angles>',
    '%s %u %d',
    '007',
    'null',
    'пароль',
    '密碼🔑',
    'ends in a no-break space\u00a0',
  ])('%j is taken as it is', (text) => {
    expect(reading(password(), text)).toBe(text);
  });

  test.each(['piyopiyo ', ' ', 'two  '])('%j is refused, for a table drops its end', (text) => {
    expect(reading(password(), text)).toEqual({
      refused:
        'ends in a blank, which a Postfix table cannot hold; remove the blank, or change the password at the provider',
    });
  });
});

describe('a mechanism', () => {
  test.each([
    ['PLAIN', 'plain'],
    ['login', 'login'],
    ['Cram-MD5', 'cram-md5'],
    ['SCRAM-SHA-256', 'scram-sha-256'],
  ])('%j is %j', (text, value) => {
    expect(reading(mechanism(), text)).toBe(value);
  });

  test('"anonymous" is refused, for it logs nobody in', () => {
    expect(reading(mechanism(), 'anonymous')).toEqual({
      refused: '"anonymous" is not a mechanism that logs in; use plain, login or cram-md5',
    });
  });

  test.each(['plain;login', '!plain', 'a b', 'gssapi'])('%j is refused', (text) => {
    expect(reading(mechanism(), text)).toEqual({
      refused: `"${text}" is not a SASL mechanism that this image has; use plain, login or cram-md5`,
    });
  });

  test('that looks like none may be a password, and is not repeated', () => {
    expect(reading(mechanism(), 'piyopiyo-3')).toEqual({
      refused:
        'is not a SASL mechanism that this image has (not shown: it may hold a password); use plain, login or cram-md5',
    });
  });
});
