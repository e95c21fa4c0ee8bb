import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { report } from '../../../entrypoint/cli/report-error.ts';
import type { Verb } from '../../../entrypoint/cli/verb.ts';
import { checkVerb, renderVerb } from '../../../src/verbs/settings.ts';
import { Folder } from '../entrypoint/support/folder.ts';

/** Runs a verb on a file, and tells what a user would see. */
async function run(
  verb: Verb,
  text: string,
  {
    environment = {},
    args,
  }: {
    readonly environment?: Readonly<Record<string, string>>;
    readonly args?: readonly string[];
  } = {},
) {
  using folder = new Folder();
  const file = folder.write('relay.yaml', text);
  const said: string[] = [];
  const warned: string[] = [];
  const world = {
    command: './hikyaku',
    environment,
    print: (line: string) => void said.push(line),
    warn: (line: string) => void warned.push(line),
  };
  const words = args ?? [file];
  const json = words.includes('--json');
  const status = await verb
    .run(json ? [file, '--json'] : words, world)
    .catch((fault: unknown) => report(fault, { ...world, json }));
  return { status, said, warned };
}

const LOGIN = `
myhostname: relay.home.example
relay:
  host: mail.isp.example
  username: hoge
  password_file: /run/secrets/nowhere
  ca_file: /certs/nowhere.pem
networks: [192.168.1.0/24]
`;

/** What is not known on this machine. */
const unknownIn = (said: readonly string[]) =>
  said.flatMap((line) => /^not known [^:]*: ([^:]*): /.exec(line)?.[1] ?? []);

describe('hikyaku check on the host', () => {
  test('shows the policy, and tells what only the container knows', async () => {
    const { status, said, warned } = await run(checkVerb, LOGIN);
    expect({ status, warned }).toEqual({ status: 0, warned: [] });
    expect(said).toContain(
      'mail goes to: [mail.isp.example]:587 as hoge (password ***), TLS: verify',
    );
    expect(unknownIn(said)).toEqual(['/run/secrets/nowhere', '/certs/nowhere.pem']);
  });

  test('does not take this machine for the container', async () => {
    const { said, warned } = await run(checkVerb, 'postfix: {no_such_parameter: 1}');
    expect(warned).toEqual([]);
    expect(said).toContain('may send: 127.0.0.0/8, ::1/128');
    expect(unknownIn(said)).toEqual(['networks', 'myhostname', 'postfix']);
  });

  test('ends with 78 and the problems as the container tells them', async () => {
    expect(await run(checkVerb, 'relay: {host: a, port: smpt}')).toEqual({
      status: 78,
      said: [],
      warned: [expect.stringMatching(/^error: relay\.yaml:1:18 relay\.port: "smpt"/)],
    });
    const { status, said } = await run(checkVerb, 'relya: {}', { args: ['--json'] });
    expect(status).toBe(78);
    expect(JSON.parse(said.join('\n'))).toMatchObject({
      ok: false,
      problems: [{ where: 'relay.yaml:1:1 relya' }],
    });
  });

  test('reads a secret that stands in the directory beside relay.yaml, as run does', async () => {
    using folder = new Folder();
    mkdirSync(join(folder.path, 'secrets'));
    folder.write('secrets/nowhere', 'piyo\npiyo');
    const file = folder.write('relay.yaml', LOGIN);
    const { status, warned } = await run(checkVerb, LOGIN, { args: [file] });
    expect(status).toBe(78);
    expect(warned.join()).toContain('relay.password');
    folder.write('secrets/nowhere', 'piyopiyo');
    const { said } = await run(checkVerb, LOGIN, { args: [file] });
    expect(said.join()).not.toContain('not known on this machine: /run/secrets/nowhere');
  });

  test('takes variables beside the file, and a file that is there', async () => {
    const { said } = await run(checkVerb, LOGIN, { environment: { RELAY_PORT: '465' } });
    expect(said.join('\n')).toContain('[mail.isp.example]:465');
  });

  test.each(['/nowhere/relay.yaml', '/tmp'])('names what is no file: %s', async (file) => {
    const { status, warned } = await run(checkVerb, '', { args: [file] });
    expect(status).toBe(71);
    expect(warned).toEqual([expect.stringContaining(`"${file}"`)]);
  });

  test('does not take a file beside RELAY_CONFIG', async () => {
    const { status, warned } = await run(checkVerb, LOGIN, {
      environment: { RELAY_CONFIG: LOGIN },
    });
    expect(status).toBe(78);
    expect(warned).toEqual([expect.stringMatching(/^error: RELAY_CONFIG: .*relay\.yaml/)]);
  });
});

test('hikyaku render on the host prints every file, without secrets', async () => {
  const { status, said } = await run(renderVerb, LOGIN);
  expect(status).toBe(0);
  expect(said).toContain('==> /etc/postfix/main.cf (mode 0644)');
  expect(said.join('\n')).toContain('[mail.isp.example]:587\thoge:***');
});
