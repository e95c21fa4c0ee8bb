import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemLine } from '../../../entrypoint/messages/problem.ts';
import { policy } from '../../../entrypoint/render/policy.ts';
import { render } from '../../../entrypoint/render/render.ts';
import { maskSecrets } from '../../../entrypoint/settings/hiding/mask.ts';
import { references } from '../../../entrypoint/settings/naming/reference.ts';
import { Folder } from '../entrypoint/support/folder.ts';
import { runs } from '../support/fuzz.ts';
import { readThemes } from './corpus.ts';
import { writeFiles } from './files.ts';
import { judge } from './judge.ts';

// Whatever is given: an answer, in reasonable time, without a stack trace; and what is accepted can
// be rendered.

const folder = new Folder();
writeFiles(folder);
const RUNS = runs(60);

/** Values that stand somewhere in the corpus: right in one place, wrong in another. */
const VALUES = ['wrong/', 'right/']
  .flatMap((name) => readThemes(new URL(name, import.meta.url), folder.path))
  .flatMap(({ cases }) => cases)
  .flatMap(({ source }) => (typeof source === 'string' ? [] : Object.entries(source)))
  .filter(([name]) => !name.startsWith('RELAY_CONFIG'))
  .map(([, value]) => value);

const NAMES = references().flatMap(({ variable }) => variable ?? []);
const POSTFIX_NAMES = ['smtp_helo_timeout', 'inet_protocols', 'relayhost', 'nonsense'];

const name = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...NAMES, ...NAMES.map((one) => `${one}_FILE`)) },
  { weight: 3, arbitrary: fc.constantFrom(...POSTFIX_NAMES.map((one) => `POSTFIX_${one}`)) },
  { weight: 2, arbitrary: fc.constantFrom('RELAYHOST', 'SMTP_SERVER', 'RELAY_LOGIN', 'TZ') },
  { weight: 1, arbitrary: fc.string().map((text) => `RELAY_${text}`) },
);
const value = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom(...VALUES) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(...VALUES)).map((all) => all.join(', ')) },
);
const environment = fc.dictionary(name, value, { maxKeys: 12 });

/** Judges, and renders and shows what was accepted. */
function live(source: string | Readonly<Record<string, string>>): boolean {
  const reading = judge({ source }, folder);
  const problems = reading.ok ? reading.warnings : reading.problems;
  for (const problem of problems) {
    expect(problemLine(problem)).toMatch(/^(error|warning): [^\n]+$/);
  }
  if (!reading.ok) return false;
  expect(render(reading.settings).length).toBeGreaterThan(2);
  render(maskSecrets(reading.settings));
  for (const line of policy(reading.settings)) expect(line).not.toContain('\n');
  return true;
}

describe('no environment makes the program stumble', () => {
  test('of names and values as people write them', () => {
    fc.assert(
      fc.property(environment, (one) => void live(one)),
      RUNS,
    );
  });

  test('of values that are right, put together at random', () => {
    const right = readThemes(new URL('right/', import.meta.url), folder.path)
      .flatMap(({ cases }) => cases)
      .flatMap(({ source }) => (typeof source === 'string' ? [] : [source]))
      .filter((source) => !('RELAY_CONFIG_FILE' in source));
    let accepted = 0;
    fc.assert(
      fc.property(fc.subarray(right, { maxLength: 4 }), (some) => {
        if (live(Object.assign({}, ...some))) accepted += 1;
      }),
      RUNS,
    );
    // The property would say little if nothing ever got as far as rendering.
    expect(accepted).toBeGreaterThan(6);
  });
});

/** Any value of JSON, with our own keys here and there: JSON is YAML. */
const tree = fc.letrec<{ value: unknown; map: object }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(...VALUES),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.constantFrom(true, false, null, 0, 587, -1, 1.5),
    fc.array(tie('value'), { maxLength: 4 }),
    tie('map'),
  ),
  map: fc.dictionary(
    fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...keysOfTheTable()) },
      { weight: 1, arbitrary: fc.string({ maxLength: 10 }) },
    ),
    tie('value'),
    { maxKeys: 6 },
  ),
}));

function keysOfTheTable(): readonly string[] {
  const keys = references().flatMap(({ path }) => path.replaceAll('[]', '').split('.'));
  return [...new Set([...keys, 'accounts', 'backups', 'password_file'])];
}

describe('no file makes the program stumble', () => {
  test('of our keys, in any shape', () => {
    fc.assert(
      fc.property(tree.map, (one) => void live(JSON.stringify(one))),
      RUNS,
    );
  });

  test('of YAML characters at random', () => {
    const text = fc
      .array(fc.constantFrom(...'{}[]:,-?#&*!|>%@`"\'\\ \n\t\0aé', 'relay', 'host', '---', '<<'))
      .map((all) => all.join(''));
    fc.assert(
      fc.property(text, (one) => void live(one)),
      RUNS,
    );
  });

  test('that is damaged in one place', () => {
    const good =
      'relay:\n  host: mail.isp.example\n  username: hoge\n  password: "a \\" b"\n  backups: [{host: b}]\n' +
      'accounts:\n- {sender: "@b.example", host: c}\ngeneric: {"@a.b": c@d.example}\nnetworks:\n  - attached\n';
    const damage = fc.record({
      at: fc.nat(good.length),
      cut: fc.nat(6),
      text: fc.string({ unit: 'binary', maxLength: 6 }),
    });
    fc.assert(
      fc.property(damage, ({ at, cut, text }) => {
        live(good.slice(0, at) + text + good.slice(at + cut));
      }),
      RUNS,
    );
  });

  test('that nests deeply, or grows when aliases are followed', () => {
    live('['.repeat(20_000));
    live(`relay: ${'{a: '.repeat(5_000)}`);
    live(
      `a: &a [x]\n${[...'bcdefghij'].map((one, at) => `${one}: &${one} [${`*${'abcdefghi'[at]},`.repeat(9)}]`).join('\n')}`,
    );
    live(`networks: [${'10.0.0.0/8,'.repeat(2_000)}]`);
    live({ RELAY_GENERIC: 'a@b.example=c@d.example,'.repeat(2_000) });
    const chain = (length: number) =>
      Array.from({ length }, (_, at) => `a${at}@b.example=a${at + 1}@b.example`).join(',');
    live({ RELAY_VIRTUAL: chain(20_000) });
    live({ RELAY_VIRTUAL: `${chain(20_000)},a20000@b.example=a0@b.example` });
    live({ RELAY_CANONICAL: chain(20_000) });
    live({ RELAY_CANONICAL: `${chain(5_000)},a5000@b.example=a0@b.example` });
    live({
      RELAY_NETWORKS: Array.from(
        { length: 20_000 },
        (_, at) => `10.0.${at >> 8}.${at & 255}/32`,
      ).join(),
    });
    live({ RELAY_HOST: 'a.'.repeat(50_000) });
    live({ RELAY_NETWORKS: `${'1'.repeat(100_000)}/8` });
  });
});
