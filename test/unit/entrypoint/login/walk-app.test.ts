import { expect, test } from 'vitest';
import { type AppWalk, walkApp } from '../../../../entrypoint/login/walk-app.ts';
import { sayIn, variableNames } from '../../../../entrypoint/settings/naming/sentence.ts';
import { settingsBy } from '../support/judge.ts';

const USER = 'relay: {username: a@b.example, oauth2: {provider: microsoft, client_id: id}}';

function walkOf(yaml: string, account?: string) {
  const shown: string[] = [];
  const walk: AppWalk = {
    load: async () => ({ settings: settingsBy(yaml), say: sayIn(variableNames) }),
    account,
    terminal: {
      print: (line) => void shown.push(line),
      isThere: false,
      ask: () => Promise.reject(new Error('nobody is there')),
      [Symbol.dispose]: () => undefined,
    },
    tryAt: () => Promise.reject(new Error('there is no token')),
  };
  return { walk, shown };
}

test.each(['relay: {}', USER])(
  'without an application the first step is shown: %s',
  async (yaml) => {
    const { walk, shown } = walkOf(yaml);
    expect(await walkApp(walk)).toBe(false);
    const text = shown.join('\n');
    for (const name of ['CLIENT_SECRET', 'TENANT', 'SERVICE_ACCOUNT_FILE']) {
      expect(text).toContain(`RELAY_OAUTH2_${name}`);
    }
  },
);

test('an account that is no application is refused', async () => {
  await expect(walkApp(walkOf(USER, 'a@b.example').walk)).rejects.toThrow("a user's login");
});
