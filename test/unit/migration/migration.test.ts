import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readRelayFile } from '../../../entrypoint/inputs/relay-file.ts';
import { isError, problemLine } from '../../../entrypoint/messages/problem.ts';
import { migrate } from '../../../entrypoint/migration/migrate.ts';
import { migrationText, relayYaml } from '../../../entrypoint/migration/relay-yaml.ts';
import { readSources } from '../../../entrypoint/migration/source.ts';
import { readSettings } from '../../../entrypoint/settings/read-settings.ts';
import { facts } from '../entrypoint/support/facts.ts';

// A case is a folder: a file of another image's user (see INPUTS), perhaps with files beside it, and
// what is to be printed. Everything that holds s3cret is a secret.

const CASES = new URL('cases/', import.meta.url);

const INPUTS = ['compose.yaml', 'env', 'run.sh', 'manifest.yaml', 'values.yaml'];

const read = (name: string, file: string): string | undefined => {
  // git passes over files that are called .env.
  const path = new URL(`${name}/${file.replace(/^\.env$/, 'dot.env')}`, CASES);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
};

function outcomeOf(name: string) {
  const [text = ''] = INPUTS.flatMap((file) => read(name, file) ?? []);
  const sources = readSources(text, (file) => read(name, file));
  return sources.map((source) => {
    const draft = migrate(source);
    return { text: migrationText(source.peer.name, draft), yaml: relayYaml(draft) };
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

test('each service is found by its image', () => {
  const text = `services:
  a: {image: "boky/postfix:v5@sha256:0", environment: {}}
  b: {build: ., environment: [SMTP_SERVER=mail.isp.example]}
  c: {image: "docker.io/mwader/postfix-relay"}
`;
  expect(found(text)).toEqual([
    ['a', 'bokysan/docker-postfix'],
    ['c', 'wader/postfix-relay'],
  ]);
});

test('or, where none is known, by its variables', () => {
  const text = `services:
  b: {build: ., environment: [SMTP_SERVER=mail.isp.example]}
  c: {image: nginx, environment: [RELAY_HOST=x]}
  d: {image: other, environment: {RELAY_LOGIN: a, RELAY_MYDOMAIN: b}}
`;
  expect(found(text)).toEqual([
    ['b', 'juanluisbaptiste/docker-postfix'],
    ['c', 'cplieger/docker-smtp-relay'],
    ['d', 'Turgon37/docker-smtp-relay'],
  ]);
});

test('each command that starts a known image is found', () => {
  const text = `# two of them
docker run -d --name out -e SMTP_SERVER=mail.isp.example juanluisbaptiste/postfix
docker run -d nginx && podman container run --name=in -e RELAYHOST=x docker.io/boky/postfix:v5
`;
  expect(found(text)).toEqual([
    ['out', 'juanluisbaptiste/docker-postfix'],
    ['in', 'bokysan/docker-postfix'],
  ]);
});

const found = (text: string) =>
  readSources(text, none).map(({ service, peer }) => [service, peer.name]);

const none = (): undefined => undefined;
