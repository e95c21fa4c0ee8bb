import { describe, expect, test } from 'vitest';
import { merge } from '../../../../entrypoint/inputs/merge.ts';
import { readRelayFile } from '../../../../entrypoint/inputs/relay-file.ts';
import { inUserNames, reportInUserNames } from '../../../../entrypoint/settings/user-names.ts';

const FILE = `
relay:
  host: mail.isp.example
  password_file: /run/secrets/isp
generic: {}
`;

const saying = (environment: Record<string, string>, file: string) =>
  inUserNames(merge(environment, readRelayFile('relay.yaml', file)));

describe('a sentence about settings names those of a file', () => {
  test.each([
    ['check the spelling of RELAY_HOST', 'check the spelling of relay.host'],
    ['a CA of its own: RELAY_CA_FILE', 'a CA of its own: relay.ca_file'],
    ['give RELAY_PASSWORD_FILE', 'give relay.password_file'],
    ['set RELAY_TLS=encrypt; or not', 'set relay.tls: encrypt; or not'],
    ['(RELAY_NETWORKS, RELAY_TRUST_GATEWAY)', '(networks, trust_gateway)'],
    ['add it to RELAY_LOCAL_MAILBOXES (local.mailboxes)', 'add it to local.mailboxes'],
    ['give RELAY_HOST (of the provider)', 'give relay.host (of the provider)'],
    [
      'rewrite it (RELAY_GENERIC=@made-up.name=me@provider.example), or not',
      'rewrite it (generic: {"@made-up.name": me@provider.example}), or not',
    ],
    ['RELAY_CONFIG and accounts[0].host stay', 'RELAY_CONFIG and accounts[0].host stay'],
  ])('%s', (sentence, said) => {
    expect(saying({}, FILE)(sentence)).toBe(said);
    expect(saying({ RELAY_HOST: 'mail.isp.example' }, '')(sentence)).toBe(sentence);
  });

  test('where they stand there, and variables where the variable counts', () => {
    const say = saying({ RELAY_HOST: 'other.isp.example', RELAY_MYHOSTNAME: 'a.example' }, FILE);
    expect(say('RELAY_HOST, RELAY_PASSWORD, RELAY_MYHOSTNAME')).toBe(
      'RELAY_HOST, relay.password, RELAY_MYHOSTNAME',
    );
  });
});

test('what somebody else said is left as it is', () => {
  const time = new Date(0);
  const report = {
    time,
    reason: 'set RELAY_HOST',
    steps: [{ words: 'look at RELAY_HOST', said: 'RELAY_HOST', remedy: 'change RELAY_PORT' }],
    count: 1,
    server: undefined,
    log: null,
  };
  expect(reportInUserNames(report, saying({}, FILE))).toEqual({
    ...report,
    steps: [{ words: 'look at relay.host', said: 'RELAY_HOST', remedy: 'change relay.port' }],
  });
});
