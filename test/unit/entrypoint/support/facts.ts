import { readFileSync } from 'node:fs';
import { parametersOf } from '../../../../entrypoint/inputs/gather-facts.ts';
import type { Facts } from '../../../../entrypoint/settings/facts.ts';

const IMAGE = new URL('../../../golden/image/', import.meta.url);

const names = (file: string): readonly string[] =>
  readFileSync(new URL(file, IMAGE), 'utf8').trimEnd().split('\n');

const POSTFIX = { ...parametersOf(names('parameters')), tableTypes: names('table-types') };

/** A container on Docker's second network, in an image whose Postfix knows what ours knows. */
export const facts = (changes: Partial<Facts> = {}): Facts => ({
  hostname: 'relay',
  interfaces: [{ address: '172.18.0.3', prefix: 16 }],
  gateways: ['172.18.0.1'],
  ...POSTFIX,
  caFiles: new Map(),
  ...changes,
});
