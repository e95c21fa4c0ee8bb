import { expect, it } from 'vitest';
import type { Mechanism } from '../../../../entrypoint/postfix/mechanisms.ts';
import { EXCHANGES } from '../../../../entrypoint/probe/sasl.ts';

/** What a client says to these challenges, first of all its initial response. */
function said(
  mechanism: Mechanism,
  [username, password]: readonly [string, string],
  challenges: readonly string[],
  peer = { host: 'mail.example', nonce: '' },
) {
  const exchange = EXCHANGES[mechanism]?.({ username, password }, peer);
  return ['', ...challenges].map((challenge) => exchange?.next(challenge).value);
}

it('PLAIN is said at once (the example of RFC 4616)', () => {
  expect(said('PLAIN', ['tim', 'tanstaaftanstaaf'], [''])).toEqual([
    '\0tim\0tanstaaftanstaaf',
    undefined,
  ]);
});

it('LOGIN answers two questions', () => {
  expect(said('LOGIN', ['ä', 'b'], ['Username:', 'Password:'])).toEqual([undefined, 'ä', 'b']);
});

it('CRAM-MD5 proves the password (the example of RFC 2195)', () => {
  const challenge = '<1896.697170952@postoffice.reston.mci.net>';
  expect(said('CRAM-MD5', ['tim', 'tanstaaftanstaaf'], [challenge])).toEqual([
    undefined,
    'tim b913a602c7eda7a495b4e6e7334d3890',
  ]);
});

it('SCRAM-SHA-1 proves it with the salt of the server (the example of RFC 5802)', () => {
  const peer = { host: 'mail.example', nonce: 'fyko+d2lbbFgONRv9qkxdawL' };
  const first = 'r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096';
  expect(
    said('SCRAM-SHA-1', ['user', 'pencil'], [first, 'v=rmF9pqV8S7suAoZWja4dJRkFsKQ='], peer),
  ).toEqual([
    'n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL',
    'c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=',
    '',
  ]);
});

it('SCRAM-SHA-256 likewise (the example of RFC 7677)', () => {
  const peer = { host: 'mail.example', nonce: 'rOprNGfwEbeRWgbNEkqO' };
  const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
  expect(
    said(
      'SCRAM-SHA-256',
      ['user', 'pencil'],
      [`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`],
      peer,
    ),
  ).toEqual([
    'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
    `c=biws,r=${nonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=`,
  ]);
});

it('SCRAM goes no further with a server that does not repeat the random text', () => {
  const peer = { host: 'mail.example', nonce: 'mine' };
  expect(
    said('SCRAM-SHA-256', ['user', 'pencil'], ['r=yours,s=QSXCR+Q6sek8bf92,i=4096'], peer),
  ).toEqual(['n,,n=user,r=mine', undefined]);
});

it('DIGEST-MD5 proves it for a realm (calculated after RFC 2831)', () => {
  const peer = { host: 'elwood.innosoft.com', nonce: 'OA6MHXh6VqTrRk' };
  const challenge =
    'realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",qop="auth",algorithm=md5-sess,charset=utf-8';
  const [, answer] = said('DIGEST-MD5', ['chris', 'secret'], [challenge], peer);
  expect(answer).toContain('nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk"');
  expect(answer).toContain('digest-uri="smtp/elwood.innosoft.com"');
  expect(answer).toMatch(/response=[0-9a-f]{32},qop=auth$/);
});
