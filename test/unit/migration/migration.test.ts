import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRelayFile } from '../../../entrypoint/inputs/relay-file.ts';
import { migrate } from '../../../entrypoint/migration/migrate.ts';
import { migrationText, relayYaml } from '../../../entrypoint/migration/relay-yaml.ts';
import { readSources } from '../../../entrypoint/migration/source.ts';
import { isError, problemLine } from '../../../entrypoint/settings/problem.ts';
import { readSettings } from '../../../entrypoint/settings/read-settings.ts';
import { facts } from '../entrypoint/support/facts.ts';

// A case is a folder: a file of another image's user (compose.yaml or env), perhaps with files
// beside it, and what is to be printed. Everything that holds s3cret is a secret.

const CASES = new URL('cases/', import.meta.url);

const read = (name: string, file: string): string | undefined => {
  // git passes over files that are called .env.
  const path = new URL(`${name}/${file.replace(/^\.env$/, 'dot.env')}`, CASES);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

function outcomeOf(name: string) {
  const text = read(name, 'compose.yaml') ?? read(name, 'env') ?? '';
  const sources = readSources(text, (file) => read(name, file));
  return sources.map(({ peer, variables, open }) => {
    const draft = migrate(peer, variables, open);
    return { text: migrationText(peer.name, draft), yaml: relayYaml(draft) };
  });
}

describe.each(readdirSync(CASES))('%s', (name) => {
  const outcome = outcomeOf(name);

  test('becomes what is expected', () => {
    expect(outcome.map(({ text }) => `${text}\n`)).toEqual([read(name, 'expected.yaml')]);
  });

  test('becomes settings that are good, once their secrets are there', () => {
    const [{ yaml } = { yaml: '' }] = outcome;
    const reading = readSettings(readRelayFile('relay.yaml', yaml), facts());
    expect(reading.ok ? [] : reading.problems.filter(isError).map(problemLine)).toEqual([]);
  });

  test('gives no secret away', () => {
    expect(JSON.stringify(outcome)).not.toContain('s3cret');
  });
});

test('a file of no image that is known gives nothing', () => {
  expect(readSources('services: {web: {image: nginx, environment: {FOO: bar}}}', none)).toEqual([]);
  expect(readSources('FOO=bar\n', none)).toEqual([]);
  expect(readSources('', none)).toEqual([]);
});

test('each service is found by its image or by its variables', () => {
  const text = `services:
  a: {image: "boky/postfix:v5@sha256:0", environment: {}}
  b: {build: ., environment: [SMTP_SERVER=mail.isp.example]}
  c: {image: nginx, environment: [RELAY_HOST=x]}
  d: {image: other, environment: {RELAY_LOGIN: a, RELAY_MYDOMAIN: b}}
`;
  expect(readSources(text, none).map(({ service, peer }) => [service, peer.name])).toEqual([
    ['a', 'bokysan/docker-postfix'],
    ['b', 'juanluisbaptiste/docker-postfix'],
    ['c', 'cplieger/docker-smtp-relay'],
    ['d', 'Turgon37/docker-smtp-relay'],
  ]);
});

const none = (): undefined => undefined;
