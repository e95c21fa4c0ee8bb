import { describe, expect, it, test } from 'vitest';
import { merge } from '../../../../entrypoint/inputs/merge.ts';
import { readRelayFile } from '../../../../entrypoint/inputs/relay-file.ts';
import {
  namesOf,
  type Sentence,
  said,
  sayIn,
  setting,
  settingOfName,
  variableNames,
  words,
} from '../../../../entrypoint/settings/naming/sentence.ts';

const FILE = `
relay:
  host: mail.isp.example
  password_file: /run/secrets/isp
generic: {}
`;

const saying = (environment: Record<string, string>, file: string) =>
  sayIn(namesOf(merge(environment, readRelayFile('relay.yaml', file))));

describe('a sentence names settings as their user knows them', () => {
  test.each<[Sentence, string, string]>([
    [words`check ${setting('relay.host')}`, 'check RELAY_HOST', 'check relay.host'],
    [
      words`set ${setting('relay.tls', 'encrypt')}; or not`,
      'set RELAY_TLS=encrypt; or not',
      'set relay.tls: encrypt; or not',
    ],
    [
      words`${setting('generic', ['@made-up.name', 'me@isp.example'])}`,
      'RELAY_GENERIC=@made-up.name=me@isp.example',
      'generic: {"@made-up.name": me@isp.example}',
    ],
    [words`${setting('accounts.0.port')}`, 'accounts[0].port', 'accounts[0].port'],
    [
      words`${setting('postfix.inet_protocols', 'ipv4')}`,
      'POSTFIX_inet_protocols=ipv4',
      'postfix.inet_protocols: ipv4',
    ],
    [
      words`${{ column: 'password', row: 'a@x.example' }}`,
      expect.stringMatching(/"password".*a@x\.example/),
      expect.stringMatching(/"password".*a@x\.example/),
    ],
  ])('%j', (sentence, variable, key) => {
    expect(saying({ RELAY_HOST: 'mail.isp.example' }, '')(sentence)).toEqual(variable);
    expect(saying({}, FILE)(sentence)).toEqual(key);
  });

  it('by its key where it stands in the file, and by its variable where that counts', () => {
    const say = saying({ RELAY_HOST: 'other.isp.example', RELAY_MYHOSTNAME: 'a.example' }, FILE);
    const sentence = words`${setting('relay.host')}, ${setting('relay.password')}, ${setting('myhostname')}`;
    expect(say(sentence)).toBe('RELAY_HOST, relay.password, RELAY_MYHOSTNAME');
  });

  it.each([
    ['RELAY_MESSAGE_SIZE', 'message_size'],
    ['POSTFIX_smtpd_milters', 'postfix.smtpd_milters'],
  ])('that somebody else named by the variable %s', (name, path) => {
    expect(settingOfName(name)).toEqual({ path });
    expect(variableNames(settingOfName(name))).toBe(name);
  });
});

it('a report is printed with its sentences said, and all else as it is', () => {
  const time = new Date(0);
  const report = {
    time,
    reason: 'set RELAY_HOST',
    steps: [{ words: words`look at ${setting('relay.host')}`, said: 'RELAY_HOST' }],
    server: undefined,
    log: null,
  };
  expect(said(report, saying({}, FILE))).toEqual({
    ...report,
    steps: [{ words: 'look at relay.host', said: 'RELAY_HOST' }],
  });
});
