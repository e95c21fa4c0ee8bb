import { describe, expect, test } from 'vitest';
import { mechanism, password, username } from '../../../../entrypoint/settings/validators/login.ts';
import { HIDDEN, REFUSED, reading } from '../support/validate.ts';

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
    expect(reading(username(), text)).toEqual(REFUSED);
  });

  test('with a ":" is refused without being shown, for it may hold the password', () => {
    expect(reading(username(), 'hoge:piyopiyo')).toEqual(HIDDEN);
  });
});

describe('what stands in place of a login', () => {
  test.each([
    '"hoge"',
    '/run/secrets/user',
    'Hoge <hoge@isp.example>',
    'hoge # mine',
    'RELAY_USERNAME=hoge',
    'None',
    '{{ user }}',
    'hoge\u200b',
    'hoge＠isp.example',
  ])('%j is told, and not shown', (text) => {
    expect(reading(username(), text)).toEqual(HIDDEN);
  });
});

describe('what stands in place of a password', () => {
  test.each([
    '/run/secrets/isp',
    '[mail.isp.example]:587 hoge:piyopiyo',
    'RELAY_PASSWORD=piyopiyo',
  ])('%j is told, and not shown', (text) => {
    expect(reading(password(), text)).toEqual(HIDDEN);
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
    expect(reading(password(), text)).toEqual(REFUSED);
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
    expect(reading(mechanism(), 'anonymous')).toEqual(REFUSED);
  });

  test.each(['plain;login', '!plain', 'a b', 'gssapi'])('%j is refused', (text) => {
    expect(reading(mechanism(), text)).toEqual(REFUSED);
  });

  test('that looks like none may be a password, and is not repeated', () => {
    expect(reading(mechanism(), 'piyopiyo-3')).toEqual(HIDDEN);
  });
});
