import { expect, test } from 'vitest';
import { policy } from '../../../../entrypoint/render/policy.ts';
import { render } from '../../../../entrypoint/render/render.ts';
import { maskSecrets } from '../../../../entrypoint/settings/hiding/mask.ts';
import { settingsBy } from '../support/judge.ts';

const ACCOUNTS = `
relay:
  host: mail.isp.example
  username: hoge
  password: SECRET-1
  backups:
    - {host: mail2.isp.example, username: hoge, password: SECRET-2}
accounts:
  - {sender: a@b.example, host: mail.b.example, username: a, password: SECRET-3}
  - {sender: c@d.example, host: mail.d.example}
`;
const DATABASE =
  'database: {driver: mysql, hosts: [db], user: hikyaku, password: SECRET-4, name: m}';

const rendered = (text: string): string => JSON.stringify(render(maskSecrets(settingsBy(text))));

test('no file rendered from masked settings holds a secret', () => {
  expect(rendered(ACCOUNTS)).not.toContain('SECRET');
  expect(rendered(ACCOUNTS)).toContain('hoge:***');
  expect(rendered(ACCOUNTS)).toContain('a:***');
  expect(rendered(DATABASE)).not.toContain('SECRET');
  expect(rendered(DATABASE)).toContain('password = ***');
});

test('nor does a parameter of Postfix that somebody gave a password too', () => {
  const text = `${ACCOUNTS}postfix: {smtp_helo_name: x.SECRET-3, mail_name: SECRET-1}\n`;
  expect(rendered(text)).not.toContain('SECRET');
  expect(rendered(text)).toContain('mail_name = ***');
});

test('without the mask they are there, so the test above looks in the right place', () => {
  const text = JSON.stringify([render(settingsBy(ACCOUNTS)), render(settingsBy(DATABASE))]);
  for (const number of [1, 2, 3, 4]) expect(text).toContain(`SECRET-${number}`);
});

test('the policy holds no secret even without the mask', () => {
  expect(policy(settingsBy(ACCOUNTS)).join()).not.toContain('SECRET');
  expect(policy(settingsBy(DATABASE)).join()).not.toContain('SECRET');
});

test('every file that holds a secret is for root alone', () => {
  for (const text of [ACCOUNTS, DATABASE]) {
    for (const { content, mode } of render(settingsBy(text))) {
      if (content.includes('SECRET')) expect(mode).toBe(0o600);
    }
  }
});
