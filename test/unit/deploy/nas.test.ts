import { readFileSync } from 'node:fs';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';

// The templates for NAS. No package has a schema of Unraid, Portainer or CasaOS: these tests look at
// what their pages ask for. test/integration/deploy.test.ts has Compose read the compose file.

const file = (name: string): string => readFileSync(name, 'utf8');
const SETTINGS = file('docs/settings.md');
const COMPOSE = parse(file('deploy/nas/compose.yaml'));
const PORTAINER = JSON.parse(file('deploy/nas/portainer.json'));
const XML = file('deploy/unraid/hikyaku.xml');

interface Config {
  readonly '@Name': string;
  readonly '@Target': string;
  readonly '@Default': string;
  readonly '@Type': string;
  readonly '@Mask': string;
  readonly '@Required': string;
  readonly '#text'?: string;
}
const unraid = (): { readonly Container: Record<string, string> & { readonly Config: Config[] } } =>
  new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false }).parse(
    XML,
  );

test.each([
  ['deploy/nas/compose.yaml', Object.keys(COMPOSE.services.relay.environment)],
  [
    'deploy/nas/portainer.json',
    PORTAINER.templates[0].env.map((one: { name: string }) => one.name),
  ],
  [
    'deploy/unraid/hikyaku.xml',
    unraid()
      .Container.Config.filter((one) => one['@Type'] === 'Variable')
      .map((one) => one['@Target']),
  ],
])('%s has no variable but those of settings, and TZ', (_, names: string[]) => {
  expect(names.length).toBeGreaterThan(4);
  for (const name of names.filter((one) => !['TZ', 'HIKYAKU_IMAGE'].includes(one))) {
    expect(SETTINGS).toContain(`| [\`${name}\`](`);
  }
});

describe("CasaOS' part of the compose file", () => {
  const casa = COMPOSE['x-casaos'];

  it('names the main service, both architectures, and an English title and tagline', () => {
    expect(Object.keys(COMPOSE.services)).toContain(casa.main);
    expect(casa.architectures).toEqual(['amd64', 'arm64']);
    for (const words of [casa.title, casa.tagline, casa.description]) {
      expect(words.en_us).toMatch(/\S/);
    }
  });
});

describe("Portainer's template", () => {
  const [template] = PORTAINER.templates;

  it('is of version 3, and a stack out of a repository', () => {
    expect(PORTAINER).toMatchObject({ version: '3', templates: [{ type: 3, platform: 'linux' }] });
    expect(template.repository.stackfile).toBe('deploy/nas/compose.yaml');
  });

  it('asks for variables that the stack uses', () => {
    const text = file('deploy/nas/compose.yaml');
    for (const { name, label } of template.env) {
      expect(text).toMatch(new RegExp(`\\$\\{${name}:[-?]`));
      expect(label).toMatch(/\S/);
    }
  });
});

describe("Unraid's template", () => {
  it('is well-formed, and of version 2', () => {
    expect(XMLValidator.validate(XML)).toBe(true);
    expect(XMLValidator.validate(XML.replace('</Overview>', ''))).not.toBe(true);
    expect(unraid().Container).toMatchObject({ '@version': '2', Privileged: 'false' });
  });

  it('hides the password, keeps the queue in a volume, and shows the defaults that it sets', () => {
    const { Config } = unraid().Container;
    for (const one of Config) {
      expect(['Port', 'Path', 'Variable']).toContain(one['@Type']);
      expect(one['@Mask']).toBe(String(one['@Target'].includes('PASSWORD')));
      if (one['@Default'] !== '') expect(one['#text'] ?? one['@Default']).toBeTruthy();
    }
    const queue = Config.find((one) => one['@Target'] === '/var/spool/postfix');
    expect(queue?.['@Default']).toMatch(/^[^/]+$/);
  });
});
