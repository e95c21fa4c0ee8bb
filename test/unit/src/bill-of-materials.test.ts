import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { describe, expect, test } from 'vitest';
import { cycloneDx } from '../../../src/inspection/bill-of-materials.ts';
import { compareImages } from '../../../src/inspection/comparison.ts';
import { type Inspection, maskFile, maskVariable } from '../../../src/inspection/inspection.ts';
import { readBill, readDpkgStatus } from '../../../src/inspection/packages.ts';
import { inspectionLines } from '../../../src/inspection/report.ts';

const STATUS = `Package: zlib1g
Status: install ok installed
Architecture: amd64
Version: 1:1.3.dfsg-3

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: bash
Status: install ok installed
Architecture: amd64
Description: a shell
 Version: 9 in the text does not count
Version: 5.2-1
`;

/** As the build of the image writes it. */
const BILL = JSON.stringify({
  components: [
    { name: '@scope/name', version: '1.0.0', licenses: [{ expression: 'MIT' }] },
    { name: 'yaml', version: '2.9.1', licenses: [{ expression: '(ISC OR MIT)' }] },
  ],
});

const inspection: Inspection = {
  name: 'hikyaku:dev',
  image: {
    id: 'sha256:abc',
    isRelay: true,
    platform: 'linux/amd64',
    bytes: 197_000_000,
    layers: [{ digest: 'sha256:def', bytes: 197_000_000 }],
    ports: ['25/tcp', '587/tcp'],
    volumes: ['/var/spool/postfix'],
    healthTest: ['CMD', 'hikyaku', 'health'],
  },
  postfix: '3.10.4',
  node: '26.1.0',
  debian: '13.1',
  packages: readDpkgStatus(STATUS),
  modules: readBill(BILL),
  settings: { variables: [], file: null },
};

test('what people ask for first comes first: the settings, and the long list of packages last', () => {
  const lines = inspectionLines({
    ...inspection,
    settings: { variables: ['RELAY_HOST=mail.isp.example'], file: null },
  });
  const places = ['  RELAY_HOST=mail.isp.example', 'Layers', '  bash 5.2-1'].map((one) =>
    lines.indexOf(one),
  );
  expect(lines[2]).toBe('ports 25/tcp, 587/tcp; health check hikyaku health');
  expect(places).toEqual([...places].sort((a, b) => a - b));
  expect(places[0]).toBe(5);
  expect(lines.at(-1)).toMatch(/^ {2}\S/);
});

test('of an image that is no relay it is told so, and that its Node.js is unknown', () => {
  const other = { ...inspection, node: null, image: { ...inspection.image, isRelay: false } };
  const [, second, third] = inspectionLines(other);
  expect(second).toBe('no relay of Hikyaku, nor made from one');
  expect(third).toBe('Postfix 3.10.4, Node.js unknown (only relays tell), Debian 13.1');
  expect(compareImages(inspection, other)).toContain('Node.js: 26.1.0 and unknown');
});

test('the packages of an image are those that dpkg says are installed', () => {
  expect(inspection.packages).toEqual([
    { name: 'bash', version: '5.2-1', architecture: 'amd64' },
    { name: 'zlib1g', version: '1:1.3.dfsg-3', architecture: 'amd64' },
  ]);
});

describe('a bill of materials', () => {
  const text = cycloneDx(inspection);

  test('keeps to the schema of CycloneDX', async () => {
    const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
    expect(await validator.validate(text)).toBeNull();
    expect(await validator.validate(text.replace('"library"', '"nonsense"'))).not.toBeNull();
  });

  test('names every part by its package URL', () => {
    const { components } = JSON.parse(text);
    expect(components.map(({ purl }: { purl: string }) => purl).sort()).toEqual([
      'pkg:deb/debian/bash@5.2-1?arch=amd64&distro=debian-13.1',
      'pkg:deb/debian/zlib1g@1:1.3.dfsg-3?arch=amd64&distro=debian-13.1',
      'pkg:generic/node@26.1.0',
      'pkg:npm/%40scope/name@1.0.0',
      'pkg:npm/yaml@2.9.1',
    ]);
  });

  test('names Node.js as vulnerability databases do', () => {
    expect(text).toContain('"cpe": "cpe:2.3:a:nodejs:node.js:26.1.0:*:*:*:*:*:*:*"');
  });

  test('is the same for the same image', () => {
    expect(cycloneDx(inspection)).toBe(text);
  });
});

test('a report has packages, modules and layers', () => {
  const lines = inspectionLines(inspection);
  expect(lines).toContain('Postfix 3.10.4, Node.js 26.1.0, Debian 13.1');
  expect(lines).toContain('  bash 5.2-1');
  expect(lines).toContain('  yaml 2.9.1 ((ISC OR MIT))');
});

describe('two images', () => {
  test('of the same layers do not differ', () => {
    expect(compareImages(inspection, { ...inspection, name: 'other' })).toEqual([]);
  });

  test('differ by a package, or by files that no record tells of', () => {
    const layers = [{ digest: 'sha256:other', bytes: 1 }];
    const image = { ...inspection.image, layers };
    expect(compareImages(inspection, { ...inspection, image })).toHaveLength(1);
    const packages = inspection.packages.slice(1);
    expect(compareImages(inspection, { ...inspection, image, packages })).toEqual([
      'package bash: 5.2-1 and none',
    ]);
  });
});

test('a secret in an image is not shown', () => {
  expect(maskVariable('RELAY_PASSWORD=piyopiyo')).toBe('RELAY_PASSWORD=***');
  expect(maskVariable('POSTFIX_smtp_sasl_password_maps=inline:{a=b}')).toBe(
    'POSTFIX_smtp_sasl_password_maps=***',
  );
  expect(maskVariable('RELAY_HOST=a.example')).toBe('RELAY_HOST=a.example');
  expect(maskFile('relay: {host: a.example, username: b}')).toContain('a.example');
  expect(maskFile("relay: {host: a.example, password: 'it''s'}")).toBe('***');
  expect(maskFile('postfix: {smtp_sasl_password_maps: "static:b:piyopiyo"}')).toBe('***');
  expect(maskFile('relay: {password: "piyopiyo')).toBe('***');
});
