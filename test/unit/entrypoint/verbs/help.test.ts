import { describe, expect, test } from 'vitest';
import { UserError } from '../../../../entrypoint/cli/errors.ts';
import type { Verbs } from '../../../../entrypoint/cli/program.ts';
import type { World } from '../../../../entrypoint/cli/verb.ts';
import { references } from '../../../../entrypoint/settings/naming/reference.ts';
import { presetNames } from '../../../../entrypoint/settings/providers.ts';
import { checkVerb } from '../../../../entrypoint/verbs/check.ts';
import { helpVerb } from '../../../../entrypoint/verbs/help.ts';

const verbs: Verbs<World> = {
  check: async () => checkVerb,
  help: async () => helpVerb(verbs),
};

async function help(words: readonly string[], json = false): Promise<readonly string[]> {
  const lines: string[] = [];
  const print = (line: string): void => void lines.push(line);
  const world = { command: 'hikyaku', environment: {}, print, warn: print };
  await helpVerb(verbs).run(json ? [...words, '--json'] : words, world);
  return lines;
}

describe('help', () => {
  test('lists every verb, a line each', async () => {
    expect(await help([])).toContainEqual(expect.stringMatching(/^ {2}check \[FILE\] +\S/));
  });

  test('lists every setting, a line each', async () => {
    const lines = await help(['settings']);
    for (const { variable, path } of references()) {
      const name = variable ?? path;
      expect(lines.filter((line) => line.trimStart().split(/\s/)[0] === name)).toHaveLength(1);
    }
  });

  test('explains a verb', async () => {
    expect(await help(['check'])).toMatchInlineSnapshot(`
      [
        "Usage: hikyaku check [FILE] [options]",
        "",
        "Check the settings and show the policy; start nothing.",
        "FILE is read in place of /etc/hikyaku/relay.yaml.",
        "",
        "  --json  print JSON, for programs",
      ]
    `);
  });

  test.each(['RELAY_PASSWORD', 'relay.password'])(
    'explains a setting by the name %s',
    async (name) => {
      expect(await help([name])).toEqual([
        'relay.password (RELAY_PASSWORD)',
        expect.any(String),
        '  default: none',
        '  example: RELAY_PASSWORD=piyopiyo',
        '  in Postfix: smtp_sasl_auth_enable, smtp_sasl_password_maps',
      ]);
    },
  );

  test.each(['RELAY_PASSWORD_FILE', 'relay.password_file'])(
    'explains the file %s',
    async (name) => {
      expect(await help([name])).toContain('relay.password_file (RELAY_PASSWORD_FILE)');
    },
  );

  test('has every name of a provider', async () => {
    const known = `  known are: ${presetNames.join(', ')}`;
    expect(presetNames.length).toBeGreaterThan(20);
    expect(await help(['RELAY_PROVIDER'])).toContain(known);
    expect(await help(['provider'])).toContain(known);
    const [json = ''] = await help(['RELAY_PROVIDER'], true);
    expect(JSON.parse(json)).toMatchObject([{ key: 'relay.provider', known: presetNames }]);
  });

  const settings = async (asked: string): Promise<readonly string[]> =>
    (await help([asked])).filter((line) => /^[a-z]/.test(line));

  test.each([
    ['relay_listen', ['listen (RELAY_LISTEN)']],
    ['listen', ['listen (RELAY_LISTEN)']],
    ['accounts[3].sender', ['accounts[].sender (in YAML only)']],
    ['sender', ['accounts[].sender (in YAML only)', 'expect[].sender (in YAML only)']],
    ['local', ['local.domains (RELAY_LOCAL_DOMAINS)', 'local.mailboxes (RELAY_LOCAL_MAILBOXES)']],
    ['postfix', ['postfix (POSTFIX_parameter)']],
    ['message_size_limit', ['message_size (RELAY_MESSAGE_SIZE)']],
  ])('for %s explains %j', async (asked, found) => {
    expect(await settings(asked)).toEqual(found);
  });

  test('for a key that several sections have explains each', async () => {
    expect(await settings('port')).toEqual([
      'relay.port (RELAY_PORT)',
      'relay.backups[].port (in YAML only)',
      'accounts[].port (in YAML only)',
    ]);
  });

  test.each([
    ['RELAY_PROT', 'did you mean RELAY_PORT?'],
    ['chekc', 'did you mean check?'],
    ['message_sise', 'did you mean message_size?'],
    ['something', 'take it away, or look for the right name in "hikyaku help settings"'],
  ])('for %s says that there is none of that name', async (asked, right) => {
    await expect(help([asked])).rejects.toThrow(UserError);
    await expect(help([asked])).rejects.toThrow(right);
  });

  test('speaks to machines', async () => {
    const [all] = await help([], true);
    expect(JSON.parse(all ?? '')).toMatchObject({ verbs: [{ name: 'check' }, { name: 'help' }] });
    const [one] = await help(['RELAY_QUEUE_LIFETIME'], true);
    expect(JSON.parse(one ?? '')).toEqual([
      {
        key: 'queue_lifetime',
        variable: 'RELAY_QUEUE_LIFETIME',
        secret: false,
        shape: 'one',
        describe: expect.any(String),
        default: '5d',
        example: '5d',
        postfix: ['maximal_queue_lifetime', 'bounce_queue_lifetime'],
      },
    ]);
  });
});
