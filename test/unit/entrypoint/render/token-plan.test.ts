import { expect, test } from 'vitest';
import { render } from '../../../../entrypoint/render/render.ts';
import { tokenLogins, withTokens } from '../../../../entrypoint/render/token-plan.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { facts } from '../support/facts.ts';
import { givenBy } from '../support/judge.ts';

const yaml = (username: string) => `
relay: {username: ${username}, oauth2: {provider: microsoft, client_id: id, refresh_token: abcd}}
accounts:
- {sender: x@y.example, host: mail.y.example, username: x, password: piyopiyo}
- {sender: z@y.example, username: ${username}, oauth2: {provider: microsoft, client_id: id, refresh_token: abcd}}`;

function settingsOf(text: string) {
  const reading = readSettings(givenBy(text), facts());
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.settings;
}

const tableOf = (settings: ReturnType<typeof settingsOf>): string =>
  render(settings).find(({ path }) => path.endsWith('/sasl_passwd'))?.content ?? '';

test('one grant for two entries is asked for once', () => {
  const logins = tokenLogins(settingsOf(yaml('a@b.example')));
  expect(logins.map(({ entries }) => entries.map(({ key }) => key))).toEqual([
    ['[smtp.office365.com]:587', 'z@y.example'],
  ]);
});

test('a table that is written anew keeps the tokens, and passwords come from the settings', () => {
  const inForce =
    '# head\n[smtp.office365.com]:587\ta@b.example:to:ken\nx@y.example\tx:old\nz@y.example\ta@b.example:two\n';
  const table = tableOf(withTokens(settingsOf(yaml('a@b.example')), () => inForce));
  expect(table.split('\n').slice(1, 4)).toEqual([
    '[smtp.office365.com]:587\ta@b.example:to:ken',
    'x@y.example\tx:piyopiyo',
    'z@y.example\ta@b.example:two',
  ]);
});

test("another login does not get the former one's token", () => {
  const inForce = '[smtp.office365.com]:587\ta@b.example:token\n';
  const table = tableOf(withTokens(settingsOf(yaml('other@b.example')), () => inForce));
  expect(table).toContain('[smtp.office365.com]:587\tother@b.example:\n');
});
