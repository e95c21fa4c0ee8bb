import { expect, test } from 'vitest';
import type { Problem } from '../../../entrypoint/messages/problem.ts';
import type { Facts } from '../../../entrypoint/settings/facts.ts';
import { Folder } from '../entrypoint/support/folder.ts';
import { type Case, readThemes } from './corpus.ts';
import { writeFiles } from './files.ts';
import { judge } from './judge.ts';

const MB = 1024 ** 2;
const INGRESS = [
  { address: '10.0.0.7', prefix: 24, isIngress: true },
  { address: '10.0.1.5', prefix: 24 },
];

/** What is wrong in a certain world only. */
const WORLDS: readonly (readonly [Case['source'], Partial<Facts>])[] = [
  [{ RELAY_MAP_TYPE: 'cdb' }, { tableTypes: ['lmdb', 'texthash'] }],
  [{ POSTFIX_transport_maps: 'foo:/etc/transport' }, { tableTypes: ['cdb', 'lmdb'] }],
  ['{database: {driver: sqlite, name: /mail}}', { tableTypes: ['lmdb'] }],
  [{ RELAY_MESSAGE_SIZE: '100MB' }, { queueSpace: 120 * MB }],
  [{ RELAY_HOST: 'a.example' }, { queueSpace: 30 * MB }],
  [{ RELAY_HOST: 'a.example', POSTFIX_queue_minfree: '2000000000' }, { queueSpace: 900 * MB }],
  [{ RELAY_HOST: 'a.example', RELAY_MYORIGIN: 'home.example' }, { hostname: 'x!y' }],
  [{ RELAY_NETWORKS: 'attached, 10.0.0.0/24' }, { interfaces: INGRESS }],
  [{ RELAY_NETWORKS: 'attached, 172.18.0.1' }, {}],
];

/** So many cases of a sentence are listed. */
const FEW = 4;

/** Sentences that differ in a value, a number or a variable are one. */
const shape = (sentence: string): string =>
  sentence
    .replace(/"(?:[^"\\]|\\.)*"/g, '""')
    .replace(/\d+/g, '0')
    .replace(/\b(RELAY|POSTFIX)_\w+/g, '$1');

// The one place where the words of messages about settings are compared: "vitest -u" writes them anew.
test('every sentence about settings, each with the cases that get it', async () => {
  const folder = new Folder();
  writeFiles(folder);
  const corpus = ['wrong/', 'right/']
    .flatMap((kind) => readThemes(new URL(kind, import.meta.url), folder.path))
    .flatMap(({ cases }) => cases.map(({ source, text }) => ({ source, text, world: {} })));
  const worlds = WORLDS.map(([source, world]) => {
    const text = typeof source === 'string' ? source : JSON.stringify(source);
    return { source, world, text };
  });
  const said = new Map<string, { readonly sentence: string; readonly cases: Set<string> }>();
  const hear = (text: string, { severity, wrong, right }: Problem): void => {
    const sentence = `${severity}: ${wrong}; ${right}`.replaceAll(folder.path, '$FILES');
    const known = said.get(shape(sentence)) ?? { sentence, cases: new Set() };
    said.set(shape(sentence), known);
    known.cases.add(text.length > 110 ? `${text.slice(0, 109)}…` : text);
  };
  for (const { source, text, world } of [...corpus, ...worlds]) {
    const reading = judge({ source }, folder, world);
    for (const one of reading.ok ? reading.warnings : reading.problems) hear(text, one);
  }
  const all = [...said.values()].map(({ sentence, cases }) => {
    const texts = [...cases];
    const more = texts.length > FEW ? [`and ${texts.length - FEW} more`] : [];
    return [sentence, ...texts.slice(0, FEW), ...more].join('\n    ');
  });
  await expect(`${all.sort().join('\n\n')}\n`).toMatchFileSnapshot('sentences.txt');
});
