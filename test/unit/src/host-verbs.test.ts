import { describe, expect, test } from 'vitest';
import { report } from '../../../entrypoint/cli/report-error.ts';
import { check, type HostCall, migrate, printFiles } from '../../../src/host-verbs.ts';
import { Folder } from '../entrypoint/support/folder.ts';

/** Runs a verb on a file, and tells what a user would see. */
async function run(
  verb: (call: HostCall) => Promise<number>,
  text: string,
  more: Partial<HostCall> = {},
) {
  using folder = new Folder();
  const file = folder.write('relay.yaml', text);
  const said: string[] = [];
  const warned: string[] = [];
  const call: HostCall = {
    environment: {},
    words: [file],
    json: false,
    print: (line) => said.push(line),
    warn: (line) => warned.push(line),
    ...more,
  };
  const status = await verb(call).catch((fault: unknown) => report(fault, call));
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

describe('hikyaku check on the host', () => {
  test('shows the policy, and tells what only the container knows', async () => {
    const { status, said, warned } = await run(check, LOGIN);
    expect({ status, warned }).toEqual({ status: 0, warned: [] });
    expect(said).toContain(
      'mail goes to: [mail.isp.example]:587 as hoge (password ***), TLS: verify',
    );
    expect(said.filter((line) => line.startsWith('not known'))).toEqual([
      'not known on this machine: /run/secrets/nowhere: not on this machine, so not looked into',
      'not known on this machine: /certs/nowhere.pem: not on this machine, so not looked into',
    ]);
  });

  test('does not take this machine for the container', async () => {
    const { said, warned } = await run(check, 'postfix: {no_such_parameter: 1}');
    expect(warned).toEqual([]);
    expect(said).toContain('may send: 127.0.0.0/8, ::1/128');
    expect(said.filter((line) => line.startsWith('not known'))).toEqual([
      'not known on this machine: networks: the container\'s own networks and gateways ("attached") are left out below',
      'not known on this machine: myhostname: the container\'s host name; "container.example" stands for it',
      "not known on this machine: postfix: whether the image's Postfix has these parameters, and takes these values",
    ]);
  });

  test('ends with 78 and the problems as the container tells them', async () => {
    expect(await run(check, 'relay: {host: a, port: smpt}')).toEqual({
      status: 78,
      said: [],
      warned: [
        'error: relay.yaml:1:18 relay.port: "smpt" is not a port; use a number from 1 to 65535, or submission (587), submissions (465) or smtp (25)',
      ],
    });
    const { status, said } = await run(check, 'relya: {}', { json: true });
    expect(status).toBe(78);
    expect(JSON.parse(said.join('\n'))).toMatchObject({
      ok: false,
      problems: [{ right: 'did you mean relay?' }],
    });
  });

  test('takes variables beside the file, and a file that is there', async () => {
    const { said } = await run(check, LOGIN, { environment: { RELAY_PORT: '465' } });
    expect(said.join('\n')).toContain('[mail.isp.example]:465');
  });

  test('says so when the file is not there', async () => {
    expect(await run(check, '', { words: ['/nowhere/relay.yaml'] })).toEqual({
      status: 71,
      said: [],
      warned: [
        '"/nowhere/relay.yaml" does not exist: give the path of a file on this machine that you may read',
      ],
    });
  });

  test('names the directory that was given in place of a file', async () => {
    const { status, warned } = await run(check, '', { words: ['/tmp'] });
    expect({ status, warned }).toEqual({
      status: 71,
      warned: ['"/tmp" is a directory: give the path of a file on this machine that you may read'],
    });
  });

  test('does not take a file beside RELAY_CONFIG', async () => {
    const { status, warned } = await run(check, LOGIN, { environment: { RELAY_CONFIG: LOGIN } });
    expect(status).toBe(78);
    expect(warned).toEqual([
      expect.stringMatching(
        /^error: RELAY_CONFIG: gives the settings, and so does "\/.*relay\.yaml"/,
      ),
    ]);
  });

  test('says once that a file with a secret in it cannot be baked', async () => {
    const secret = LOGIN.replace('password_file: /run/secrets/nowhere', 'password: piyopiyo');
    const { said } = await run(check, secret);
    expect(said.filter((line) => line.startsWith('note: '))).toEqual([
      'note: a secret stands in the file (relay.yaml:6:3 relay.password): it can be mounted as it is, but "npx hikyaku bake" refuses it; password_file would do for both',
    ]);
    const json = await run(check, secret, { json: true });
    expect(JSON.parse(json.said.join('\n')).notes).toHaveLength(1);
    expect((await run(check, LOGIN)).said.join('\n')).not.toContain('note: ');
  });
});

test('hikyaku render on the host prints every file, without secrets', async () => {
  const { status, said } = await run(printFiles, LOGIN);
  expect(status).toBe(0);
  expect(said).toContain('==> /etc/postfix/main.cf (mode 0644)');
  expect(said.join('\n')).toContain('[mail.isp.example]:587\thoge:***');
});

test('hikyaku migrate on the host reads a file', async () => {
  const { status, said } = await run(migrate, 'SMTP_SERVER=mail.isp.example\n');
  expect(status).toBe(0);
  expect(said.join('\n')).toContain('host: mail.isp.example');
});

test('hikyaku migrate on the host says when it knows nothing of the file', async () => {
  const { status, warned } = await run(migrate, 'FOO=bar\n');
  expect(status).toBe(64);
  expect(warned.join('\n')).toContain('no settings were found');
});

test('hikyaku migrate on the host says where a Compose file stops being YAML, without its values', async () => {
  const text =
    'services:\n  smtp:\n    image: boky/postfix\n    environment:\n      RELAYHOST: [mail.isp.example]:587\n      RELAYHOST_PASSWORD: s3cret\n';
  const { status, warned } = await run(migrate, text);
  expect(status).toBe(64);
  expect(warned.join('\n')).toContain('line 5, column 36: something stands here');
  expect(warned.join('\n')).not.toContain('s3cret');
});

test('hikyaku migrate on the host says which services there are', async () => {
  const text = 'services: {a: {image: boky/postfix}, b: {image: boky/postfix}}\n';
  const { status, warned } = await run(migrate, text);
  expect(status).toBe(64);
  expect(warned.join('\n')).toContain('there are several such services: add one of a, b');
});
