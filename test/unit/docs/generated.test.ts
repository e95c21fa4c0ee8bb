import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXIT } from '../../../entrypoint/cli/errors.ts';
import { readRelayFile } from '../../../entrypoint/inputs/relay-file.ts';
import { problemLine } from '../../../entrypoint/messages/problem.ts';
import { pathOfValue } from '../../../entrypoint/settings/naming/names.ts';
import { references } from '../../../entrypoint/settings/naming/reference.ts';
import { tlsLevel } from '../../../entrypoint/settings/table.ts';
import { fileExample } from '../../../scripts/docs/example.ts';
import { generatedFiles } from '../../../scripts/docs/generated.ts';
import { anchor } from '../../../scripts/docs/markdown.ts';
import { withSettingsTable } from '../../../scripts/docs/readme-table.ts';
import { SIGNAL_CODES } from '../../../src/broken-off.ts';

const onDisk = (path: string): string =>
  readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

const files = [...generatedFiles(onDisk)];

describe('what is written from the table of settings', () => {
  test.each(files)('%s is up to date ("npm run docs" writes it anew)', (path, content) => {
    expect(onDisk(path)).toBe(content);
  });

  test('links only to headings that are there', () => {
    for (const path of ['README.md', 'docs/settings.md']) {
      const anchors = [...onDisk(path).matchAll(/\]\((?:docs\/settings\.md)?#([^)]+)\)/g)];
      const headings = [...onDisk('docs/settings.md').matchAll(/^#+ (.+)$/gm)];
      const known = new Set(headings.map(([, heading = '']) => anchor(heading)));
      expect(anchors.length).toBeGreaterThanOrEqual(10);
      expect(anchors.map(([, name]) => name).filter((name) => !known.has(name ?? ''))).toEqual([]);
    }
  });

  test.each(references().map((one) => [one.path, one] as const))(
    'gives an example of %s that the file takes',
    (_, reference) => {
      const { problems, values, secretFiles } = readRelayFile('relay.yaml', fileExample(reference));
      expect(problems.map(problemLine)).toEqual([]);
      expect([...values.keys(), ...secretFiles.keys()]).toEqual([
        pathOfValue(reference).replace('[]', '.0'),
      ]);
    },
  );
});

describe('the table of exit codes', () => {
  test('has every code, and none that is not explained', () => {
    const page = onDisk('docs/operation.md');
    const rows = [...page.matchAll(/^\| ([\d, ]+) \| ([^|]+) \|/gm)];
    const codes = rows.flatMap(([, numbers = '']) => numbers.split(', ').map(Number));
    expect(codes).toEqual([...Object.values(EXIT), ...Object.values(SIGNAL_CODES)]);
    for (const [, , means = ''] of rows) expect(means.trim()).not.toBe('');
  });
});

describe('the README', () => {
  test('keeps everything but what stands between the marks', () => {
    const readme = 'a\n<!-- settings:start -->\nthe former table\n<!-- settings:end -->\nb\n';
    const written = withSettingsTable(readme);
    expect(written).toMatch(/^a\n<!-- settings:start -->\n\n\| Variable /);
    expect(written).toMatch(/\|\n\n<!-- settings:end -->\nb\n$/);
    expect(written).not.toContain('the former table');
    expect(withSettingsTable(written)).toBe(written);
  });

  test('without the marks stays as it is', () => {
    expect(withSettingsTable('a\n<!-- settings:start -->\n')).toBe('a\n<!-- settings:start -->\n');
  });
});

describe('the schema', () => {
  const tls = JSON.parse(onDisk('schema.json')).properties.relay.properties.tls;
  const other = new RegExp(tls.anyOf[1].pattern);

  test('offers the words of a choice, and takes them in every spelling that the relay takes', () => {
    expect(tls.anyOf[0].enum).toEqual([...(tlsLevel().choices ?? []), null]);
    for (const word of ['verify', 'Verify', 'DANE']) expect(word).toMatch(other);
    for (const word of ['verified', 'yes', '']) expect(word).not.toMatch(other);
  });

  test('takes several recipients where the relay does', () => {
    const { virtual, generic } = JSON.parse(onDisk('schema.json')).properties;
    expect(virtual.additionalProperties.type).toContain('array');
    expect(generic.additionalProperties.type).not.toContain('array');
  });
});
