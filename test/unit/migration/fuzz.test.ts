import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstYamlFault } from '../../../entrypoint/inputs/yaml-fault.ts';
import { migrate } from '../../../entrypoint/migration/migrate.ts';
import { migrationText } from '../../../entrypoint/migration/relay-yaml.ts';
import { readSources } from '../../../entrypoint/migration/source.ts';
import { runs } from '../support/fuzz.ts';

// Whatever a file has become by a slip of the hand: an answer, in reasonable time.

const CASES = new URL('cases/', import.meta.url);
const FILES = readdirSync(CASES, { recursive: true, encoding: 'utf8' })
  .filter((name) => /(compose|manifest|values)\.yaml$|env$|run\.sh$/.test(name))
  .map((name) => readFileSync(new URL(name, CASES), 'utf8'));

const PIECES = [...':\n"\'=#[{&*$\\\t\r|`,!é\0', '- ', '<<: ', '-e ', '${X', '10', '/8'];

const damage = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(4),
  piece: fc.constantFrom(...PIECES),
});

const damaged = (file: string, all: readonly { at: number; cut: number; piece: string }[]) =>
  all.reduce((text, { at, cut, piece }) => {
    const start = Math.floor(at * text.length);
    return text.slice(0, start) + piece + text.slice(start + cut);
  }, file);

test('no damaged file makes the program stumble', () => {
  let found = 0;
  const property = fc.property(
    fc.constantFrom(...FILES),
    fc.array(damage, { maxLength: 4 }),
    (file, all) => {
      const text = damaged(file, all);
      firstYamlFault(text);
      for (const source of readSources(text, () => undefined)) {
        found += 1;
        expect(migrationText(source.peer.name, migrate(source))).toContain('# relay.yaml');
      }
    },
  );
  fc.assert(property, runs(300));
  // The property would say little if the damage were always too great.
  expect(found).toBeGreaterThan(60);
});
