import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingsBy } from '../entrypoint/support/judge.ts';

const DOCS = new URL('../../../docs/', import.meta.url);

/** The settings on the pages about OAuth 2, as somebody would copy them. */
const settings = readdirSync(DOCS)
  .filter((page) => page.startsWith('oauth2'))
  .flatMap((page) =>
    [...readFileSync(new URL(page, DOCS), 'utf8').matchAll(/```yaml\n(relay:\n[^`]+)```/g)].map(
      ([, yaml = '']) => ({
        page,
        // The secrets are not here; what they would be is no matter.
        yaml: yaml.replace(/client_secret_file: .*/, 'client_secret: abcd~efgh'),
      }),
    ),
  );

const KINDS: Readonly<Record<string, string>> = {
  'oauth2.md': 'user',
  'oauth2-microsoft-user.md': 'user',
  'oauth2-microsoft-app.md': 'application',
  'oauth2-google-user.md': 'user',
  'oauth2-google-service-account.md': 'service account',
};

const FILE = JSON.stringify({ client_email: 'sa@project.example', private_key: 'key' });

test.each(settings)('the settings in docs/$page are accepted, and mean its way', (one) => {
  const oauth2Files = new Map([['/run/secrets/service-account.json', { text: FILE }]]);
  const { route } = settingsBy(one.yaml, { oauth2Files });
  const kind = route.kind === 'relay' ? route.login?.oauth2?.grant.kind : undefined;
  expect({ [one.page]: kind }).toEqual({ [one.page]: KINDS[one.page] });
});

test('each page has some', () => {
  expect(settings.map(({ page }) => page).sort()).toEqual(Object.keys(KINDS).sort());
});
