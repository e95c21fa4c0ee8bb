import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { renderChart } from '../../support/helm.ts';
import {
  type RelayPod,
  type Rights,
  rightsOfCommand,
  rightsOfPod,
  rightsOfService,
} from '../../support/rights.ts';

// compose.yaml says what a relay may do; every other way to start one gives it the same.

const file = (name: string): string => readFileSync(name, 'utf8');
const service = (name: string): Rights => rightsOfService(parse(file(name)).services.relay);

const WANTED = service('compose.yaml');

test('compose.yaml locks the relay down', () => {
  expect(WANTED).toEqual({
    readOnly: true,
    memory: ['/etc/postfix', '/tmp', '/var/lib/postfix'],
    dropped: ['ALL'],
    added: ['DAC_OVERRIDE', 'SETGID', 'SETUID'],
    noNewPrivileges: true,
  });
});

test('the file for a NAS gives the same', () => {
  expect(service('deploy/nas/compose.yaml')).toEqual(WANTED);
});

test('so does the base of the examples', () => {
  expect(service('examples/relay-base.yaml')).toEqual(WANTED);
});

// A swarm has no option for it (docs.docker.com, "docker stack deploy": security_opt is passed over).
test('so does the stack of a swarm, but for no-new-privileges', () => {
  expect(service('deploy/swarm/stack.yaml')).toEqual({ ...WANTED, noNewPrivileges: false });
});

test('so do the pods of Kustomize and Helm', async () => {
  const kustomize: { spec: { template: { spec: RelayPod } } } = parse(
    file('deploy/kubernetes/relay.yaml'),
  );
  expect(rightsOfPod(kustomize.spec.template.spec)).toEqual(WANTED);
  const objects = await renderChart({ image: { repository: 'registry.example/hikyaku' } });
  const set = objects.find(({ kind }) => kind === 'StatefulSet') as typeof kustomize | undefined;
  expect(set && rightsOfPod(set.spec.template.spec)).toEqual(WANTED);
});

test("so do the options of Unraid's template", () => {
  const [, options = ''] =
    /<ExtraParams>(.*)<\/ExtraParams>/.exec(file('deploy/unraid/hikyaku.xml')) ?? [];
  expect(rightsOfCommand(options)).toEqual(WANTED);
});
