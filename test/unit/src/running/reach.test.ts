import { expect, test } from 'vitest';
import { hostSettings } from '../../../../src/host-settings.ts';
import { unheardLines } from '../../../../src/running/reach.ts';
import { readPublication } from '../../../../src/running/relay-run.ts';
import { Folder } from '../../entrypoint/support/folder.ts';

function linesFor(text: string, ...published: readonly string[]): readonly string[] {
  using folder = new Folder();
  const { settings } = hostSettings({}, folder.write('relay.yaml', text), true);
  return unheardLines(published.map(readPublication), settings);
}

const LAN = /networks: \[attached, 192\.168\.1\.0\/24\]/;
const HOST = /trust_gateway: yes/;

test.each([
  ['nothing said', '', LAN, ['25:25']],
  ['nobody named', 'networks: [attached]', LAN, ['192.168.1.2:25:25']],
  ['the container alone', 'networks: [host]', LAN, ['127.0.0.1:25:25', '587:587']],
  ['loopback alone', 'networks: [127.0.0.0/8]', LAN, ['25:25']],
  ['for this machine alone', '', HOST, ['127.0.0.1:2525:25', '[::1]:2525:25']],
])('a port that is of no use to anybody: %s', (_, text, line, published) => {
  expect(linesFor(text, ...published)).toEqual([expect.stringMatching(line)]);
});

test.each([
  ['none is published', '', []],
  ['the LAN is named', 'networks: [attached, 192.168.1.0/24]', ['25:25']],
  ['the gateway is trusted', 'trust_gateway: yes', ['127.0.0.1:25:25']],
])('nothing is said where %s', (_, text, published) => {
  expect(linesFor(text, ...published)).toEqual([]);
});
