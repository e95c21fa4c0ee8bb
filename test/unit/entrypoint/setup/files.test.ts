import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRelayFile } from '../../../../entrypoint/inputs/relay-file.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import type { Answers } from '../../../../entrypoint/setup/answers.ts';
import { accountYaml, filesOf } from '../../../../entrypoint/setup/files.ts';
import { existingFiles, place } from '../../../../entrypoint/setup/place.ts';
import { Folder } from '../support/folder.ts';

const BASE: Answers = {
  address: 'me@isp.example',
  server: { host: 'mail.isp.example', port: 587 },
  username: 'hoge',
  login: { kind: 'password', password: '# "piyo": {piyo}' },
  ca: undefined,
  senders: ['containers'],
  lan: '192.168.1.0/24',
  devicePassword: 'geheim',
  image: 'hikyaku:dev',
  network: undefined,
};

const CASES: Readonly<Record<string, Answers>> = {
  containers: BASE,
  everybody: {
    ...BASE,
    server: { host: 'smtp.gmail.com', port: 465, provider: 'gmail' },
    senders: ['containers', 'lan', 'devices'],
    ca: 'the certificates\n',
    network: 'mail',
  },
  'oauth2-devices': {
    ...BASE,
    server: { host: 'smtp.gmail.com', port: 465, provider: 'gmail' },
    senders: ['devices'],
    login: { kind: 'oauth2', provider: 'google', clientId: '1b2c', clientSecret: 'secret' },
  },
};

describe.each(Object.entries(CASES))('a set-up for %s', (name, answers) => {
  const files = filesOf(answers);

  it('has these files', async () => {
    const shown = files.map(
      ({ path, mode, content }) => `==> ${path} ${mode.toString(8)}\n${content}`,
    );
    await expect(shown.join('\n')).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('has no secret outside the files for secrets', () => {
    const open = files.filter(({ path }) => !path.startsWith('secrets/'));
    for (const { content } of open) expect(content).not.toMatch(/piyo|geheim|: secret$/m);
    for (const { path, mode } of files) {
      expect(mode).toBe(path.startsWith('secrets/') ? 0o600 : 0o644);
    }
  });

  it('has settings that the relay takes', () => {
    const text = files.find(({ path }) => path === 'relay.yaml')?.content ?? '';
    const given = readRelayFile('relay.yaml', text);
    const values = new Map(given.values);
    for (const [path, { where }] of given.secretFiles) {
      values.set(path, { shape: 'one', where, text: 'secret' });
    }
    const facts = {
      hostname: 'relay',
      interfaces: [],
      gateways: [],
      parameterNames: undefined,
      tableTypes: undefined,
      caFiles: new Map([['/etc/hikyaku/ca.pem', { pem: '' }]]),
    };
    const reading = readSettings({ ...given, values }, facts);
    expect(reading).toMatchObject({ ok: true, warnings: [] });
  });
});

it('the login is tried with the password as it is, whatever YAML makes of its letters', () => {
  const { values } = readRelayFile('relay.yaml', accountYaml(BASE));
  expect(values.get('relay.password')).toMatchObject({ text: '# "piyo": {piyo}' });
});

describe('placing the files', () => {
  it('gives each its mode, and replaces what was there', () => {
    using folder = new Folder();
    folder.write('relay.yaml', 'old');
    place(folder.path, filesOf(BASE));
    expect(readFileSync(`${folder.path}/relay.yaml`, 'utf8')).not.toContain('old');
    expect(statSync(`${folder.path}/secrets`).mode & 0o777).toBe(0o700);
    expect(statSync(`${folder.path}/secrets/relay_password`).mode & 0o777).toBe(0o600);
    expect(existingFiles(folder.path)).toEqual([
      'relay.yaml',
      'compose.yaml',
      'secrets/relay_password',
    ]);
  });

  it('leaves nothing of itself where one of them cannot be written', () => {
    using folder = new Folder();
    // A directory in the place of the file that is written last.
    mkdirSync(`${folder.path}/.compose.yaml.new`);
    chmodSync(`${folder.path}/.compose.yaml.new`, 0o700);
    expect(() => place(folder.path, filesOf(BASE))).toThrow(folder.path);
    expect(readdirSync(folder.path)).toEqual(['.compose.yaml.new']);
  });
});
