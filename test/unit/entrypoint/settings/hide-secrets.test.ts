import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collect } from '../../../../entrypoint/inputs/collect.ts';
import { problemLine } from '../../../../entrypoint/messages/problem.ts';
import { policy } from '../../../../entrypoint/render/policy.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { facts } from '../support/facts.ts';
import { Folder } from '../support/folder.ts';
import { linesOf, problemsOf, settingsBy } from '../support/judge.ts';

const SECRET = 'Zeheim-3';
const LOGIN = {
  RELAY_HOST: 'mail.isp.example',
  RELAY_USERNAME: 'hoge',
  RELAY_PASSWORD: SECRET,
};

describe('a secret where something else belongs', () => {
  test.each([
    ['RELAY_PORT', SECRET, 'not shown'],
    ['RELAY_LISTEN', `25/${SECRET}`, 'not shown'],
    ['RELAY_HOST', `${SECRET}_`, '"***_"'],
    ['RELAY_NETWORKS', `attached, ${SECRET}`, 'not shown'],
    ['RELAY_NETWORKS', `${SECRET}.lan`, '"***.lan"'],
    ['RELAY_NETWORKS', `${SECRET}.lan`.toUpperCase(), '"***.LAN"'],
    ['RELAY_TLS', SECRET, 'not shown'],
    ['RELAY_USERNAME', `${SECRET} `, ''],
    ['RELAY_DATABASE_HOSTS', `u:${SECRET}@db`, 'not shown'],
    ['RELAY_DATABASE_HOSTS', `u:${SECRET}`, 'not shown'],
    ['RELAY_NETWORKS', `x.${'x'.repeat(71)}${SECRET}`, `"x.${'x'.repeat(71)}***"`],
    ['POSTFIX_smtpd_client_restrictions', `${SECRET}`, ''],
  ])('%s=%s is not shown', (name, text, shown) => {
    const lines = linesOf({ ...LOGIN, [name]: text });
    const problems = lines.filter((line) => line.startsWith(`error: ${name}: `));
    expect(problems[0]).toContain(shown);
    expect(lines.join('\n').toLowerCase()).not.toContain(SECRET.toLowerCase());
  });

  test.each([
    ['as a key', `relay: {password: ${SECRET}, ${SECRET}: x}`],
    ['of an account', `accounts: [{sender: ${SECRET}, password: ${SECRET}}]`],
    ['with blanks, in a list', `networks: my ${SECRET}\nrelay: {password: my ${SECRET}}`],
  ])('%s in the file is not shown', (_, text) => {
    const problems = linesOf(text).join('\n');
    expect(problems).toContain('error: ');
    expect(problems).not.toContain(SECRET);
  });

  test('of the file is not shown either when a variable counts', () => {
    const source = {
      ...LOGIN,
      RELAY_PASSWORD: 'another',
      RELAY_HOST: `${SECRET}_`,
      RELAY_CONFIG: `relay: {password: ${SECRET}}`,
    };
    expect(linesOf(source).join('\n')).toContain('RELAY_HOST: "***_"');
  });

  test('that is a word of the message itself leaves no gap there', () => {
    expect(problemsOf({ ...LOGIN, RELAY_PASSWORD: 'submit', RELAY_PORT: 'smtp' })).toEqual([]);
    const [line, ...others] = linesOf({ ...LOGIN, RELAY_PASSWORD: 'smtp', RELAY_PORT: 'ssmtp' });
    expect(line).toMatch(/^error: RELAY_PORT: "s\*\*\*" .*\bsmtp\b/);
    expect(others).toEqual([]);
  });

  test('that is short is hidden where it stands alone', () => {
    const [line] = linesOf({
      ...LOGIN,
      RELAY_PASSWORD: 'ab',
      RELAY_PORT: 'ab',
      RELAY_MX: 'abc',
    });
    expect(line).toMatch(/^error: RELAY_PORT: "\*\*\*" /);
  });
});

test('no secret of letters, digits and signs comes out of any setting', () => {
  const secrets = fc.stringMatching(/^[a-zA-Z]{2}[!-~]{6,70}$/);
  const names = ['PORT', 'HOST', 'MX', 'TLS', 'NETWORKS', 'GENERIC', 'QUEUE_LIFETIME', 'MYORIGIN'];
  fc.assert(
    fc.property(secrets, fc.constantFrom(...names), (secret, name) => {
      const environment = { ...LOGIN, RELAY_PASSWORD: secret, [`RELAY_${name}`]: secret };
      const reading = readSettings(collect(environment, '/nowhere'), facts());
      const problems = reading.ok ? reading.warnings : reading.problems;
      expect(problems.map(problemLine).join('\n')).not.toContain(secret);
    }),
  );
});

describe('the name of a file of a secret', () => {
  const lineOf = (file: string) =>
    linesOf({ ...LOGIN, RELAY_PASSWORD: '', RELAY_PASSWORD_FILE: file })[0];

  test.each(['/Zeheim-3', '/Zeh/eim-3', '/Zeh/eim/3=='])('%s may be the secret', (file) => {
    expect(lineOf(file)).toMatch(/^error: RELAY_PASSWORD_FILE: /);
    expect(lineOf(file)).not.toContain(file);
  });

  test('is shown where its folder is there', () => {
    const file = '/tmp/hikyaku/none';
    expect(lineOf(file)).toContain(`"${file}"`);
  });
});

test('a login whose name is its password is not shown in the policy', () => {
  const settings = settingsBy({ ...LOGIN, RELAY_USERNAME: SECRET });
  expect(policy(settings).join('\n')).toContain('as *** (password ***)');
  expect(policy(settings).join('\n')).not.toContain(SECRET);
});

describe('a file that is no password', () => {
  const BUNDLE = `-----BEGIN CERTIFICATE-----\n${'MII(['.repeat(40_000)}\n`;

  test.each([
    ['a certificate or a key', BUNDLE],
    ['a whole file of settings', `relay:\n${'  # [(\n'.repeat(2000)}`],
    ['another file', '*'.repeat(9000)],
  ])('is told to be %s, and not shown', (what, text) => {
    using folder = new Folder();
    const file = folder.write('password', text);
    const problems = linesOf({ ...LOGIN, RELAY_PASSWORD: '', RELAY_PASSWORD_FILE: file });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^error: RELAY_PASSWORD_FILE: /);
    expect(problems[0]).toContain(`${text.length - (text.endsWith('\n') ? 1 : 0)}`);
    expect(problems[0]).toContain(what);
  });
});
