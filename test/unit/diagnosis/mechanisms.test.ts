import { describe, expect, it } from 'vitest';
import { mechanismFinding } from '../../../entrypoint/probe/mechanisms.ts';
import { settingName } from '../../../entrypoint/probe/servers.ts';

const finding = (offered: readonly string[], allowed: readonly string[] = []) =>
  mechanismFinding('mechanisms', offered, allowed, settingName('relay'));

describe('the mechanisms of a server', () => {
  it('are good when one of them is allowed', () => {
    expect(finding(['XOAUTH2', 'PLAIN'], ['plain', 'login'])).toEqual({
      state: 'ok',
      topic: 'mechanisms',
      words: 'the server offers XOAUTH2, PLAIN; this relay allows plain, login (RELAY_MECHANISMS)',
    });
  });

  it.each([
    [
      'what is offered is not allowed',
      ['CRAM-MD5', 'GSSAPI'],
      ['plain', 'login'],
      'the server offers CRAM-MD5, GSSAPI; this relay allows plain, login (RELAY_MECHANISMS); ' +
        'no mechanism can be used',
      'set RELAY_MECHANISMS to cram-md5, or leave RELAY_MECHANISMS out',
    ],
    [
      'only tokens are taken',
      ['XOAUTH2', 'OAUTHBEARER'],
      [],
      'the server offers XOAUTH2, OAUTHBEARER; this relay allows every one that it knows ' +
        '(RELAY_MECHANISMS is not set); no mechanism can be used',
      'the provider takes OAuth 2 tokens only, which this relay cannot get: ask it for an app ' +
        'password or for a server that takes one, and give it as RELAY_HOST and RELAY_PASSWORD',
    ],
    [
      'nothing is for passwords',
      ['GSSAPI'],
      [],
      'the server offers GSSAPI; this relay allows every one that it knows (RELAY_MECHANISMS is ' +
        'not set); no mechanism can be used',
      'none of them takes a user name and a password: ask the provider for a submission server ' +
        'that offers PLAIN or LOGIN over TLS, and give it as RELAY_HOST and RELAY_PORT',
    ],
    [
      'there is no login at all',
      [],
      ['plain'],
      'the server offers no way to log in here; this relay allows plain (RELAY_MECHANISMS)',
      "use the provider's submission port, 587 or 465 (RELAY_PORT), or, if no login is wanted " +
        'there, take RELAY_USERNAME and RELAY_PASSWORD away',
    ],
  ])('are wrong when %s', (_, offered, allowed, words, remedy) => {
    expect(finding(offered, allowed)).toEqual({
      state: 'wrong',
      topic: 'mechanisms',
      words,
      remedy,
    });
  });
});
