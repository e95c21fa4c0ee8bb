import { expect, test } from 'vitest';
import { serviceName } from '../../../../entrypoint/render/accounts.ts';
import { settingsBy } from '../support/judge.ts';

const names = (...accounts: readonly string[]): readonly string[] =>
  settingsBy(`accounts: [${accounts.map((one) => `{${one}}`).join(', ')}]`).accounts.map(
    serviceName,
  );

const HERS = 'sender: her@work.example, host: smtp.work.example';
const CLUBS = 'sender: "@club.example", host: smtp.work.example';

test('the service of an account has the name of its sender, wherever the account stands', () => {
  const [her, club] = names(HERS, CLUBS);
  expect(her).toMatch(/^account-her-work-example-[0-9a-z]{7}$/);
  expect(club).toMatch(/^account-club-example-[0-9a-z]{7}$/);
  expect(names(CLUBS, HERS)).toEqual([club, her]);
});

test.each([
  ['username: her, password: x'],
  ['tls: encrypt'],
  ['connections: 2'],
  ['mechanisms: [plain]', 'username: her, password: x'],
])('with %s it is the same service', (...more) => {
  expect(names([HERS, ...more].join(', '))).toEqual(names(HERS));
});

test.each([['port: 465'], ['mx: yes'], ['port: 25']])('with %s it is another', (more) => {
  expect(names(`${HERS}, ${more}`)).not.toEqual(names(HERS));
});

test.each([
  ['a.b@example.com', 'a-b@example.com'],
  ['a@b.example', '"@a.b.example"'],
  [`${'x'.repeat(40)}1@example.com`, `${'x'.repeat(40)}2@example.com`],
])('%s and %s, whose words are alike, have two', (one, other) => {
  const both = names(`sender: ${one}, host: h.example`, `sender: ${other}, host: h.example`);
  expect(new Set(both).size).toBe(2);
  for (const name of both) expect(name).toMatch(/^account-[a-z0-9-]{1,38}$/);
});
