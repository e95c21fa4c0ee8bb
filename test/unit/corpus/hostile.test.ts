import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRelayFile } from '../../../entrypoint/inputs/relay-file.ts';
import { problemLine } from '../../../entrypoint/messages/problem.ts';
import { policy } from '../../../entrypoint/render/policy.ts';
import { render } from '../../../entrypoint/render/render.ts';
import { maskSecrets } from '../../../entrypoint/settings/hiding/mask.ts';
import { references } from '../../../entrypoint/settings/naming/reference.ts';
import { readSettings } from '../../../entrypoint/settings/read-settings.ts';
import { facts } from '../entrypoint/support/facts.ts';

// Any relay.yaml of a size that is read is judged within seconds, prints no more than people read,
// and shows no secret.

/** The largest file that is read (inputs/secret-files.ts). */
const LARGEST = 2 ** 20;
const SECRET = 'Zeheim-3x[(+';

/** Judges a text. @returns what a user sees, and the seconds that a processor gave this thread */
function judged(text: string): { shown: string; seconds: number } {
  const start = process.threadCpuUsage();
  const reading = readSettings(readRelayFile('relay.yaml', text.slice(0, LARGEST)), facts());
  const lines = (reading.ok ? reading.warnings : reading.problems).map(problemLine);
  if (reading.ok) {
    render(reading.settings);
    lines.push(...policy(reading.settings));
    lines.push(...render(maskSecrets(reading.settings)).map(({ content }) => content));
  }
  const { user } = process.threadCpuUsage(start);
  return { shown: lines.join('\n'), seconds: user / 1e6 };
}

const many = (count: number, line: (at: number) => string, between = '\n'): string =>
  Array.from({ length: count }, (_, at) => line(at)).join(between);

const address = (at: number): string => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;

/** What quadratic ways through settings are slow with, about as much as one file may hold. */
const HOSTILE: readonly (readonly [name: string, text: () => string])[] = [
  ['unknown parameters', () => `postfix:\n${many(50_000, (at) => `  unknown_${at}: x`)}`],
  ['unknown keys', () => many(60_000, (at) => `unknown_${at}: x`)],
  [
    'allowed senders beside accounts',
    () =>
      `allowed_senders: [${many(15_000, (at) => `a${at}@b.example`, ', ')}]\naccounts:\n` +
      many(
        8000,
        (at) => `- {sender: c${at}@b.example, host: a.example, username: u, password: p${at}}`,
      ),
  ],
  ['accounts without anything', () => `accounts:\n${many(100_000, () => '- {mx: x}')}`],
  ['backups', () => `relay:\n  host: a\n  backups:\n${many(9999, (at) => `  - {host: a${at}}`)}`],
  ['addresses in a network', () => `networks: [10.0.0.0/8, ${many(50_000, address, ', ')}]`],
  [
    'addresses that are left out',
    () =>
      `networks: [${many(25_000, address, ', ')}, ${many(25_000, (at) => `"!${address(at + 9e4)}"`, ', ')}]`,
  ],
  ['colons', () => `myhostname: "${'a:'.repeat(LARGEST / 2)}"`],
  ['blanks', () => `myhostname: "${' '.repeat(LARGEST - 20)}x"`],
  ['mappings in brackets', () => `{relay: {mechanisms: ${'<<: '.repeat(25_000)}}}`],
  ['brackets', () => `relay: {host: "${'['.repeat(LARGEST - 20)}"}`],
  ['a long key', () => `postfix: {"${'x'.repeat(LARGEST - 20)}": x}`],
  [
    'aliases in a row',
    () => `virtual:\n${many(25_000, (at) => `  a${at}@b.example: a${at + 1}@b.example`)}`,
  ],
  [
    'rewriting in a row',
    () => `canonical:\n${many(25_000, (at) => `  a${at}@b.example: a${at + 1}@b.example`)}`,
  ],
  [
    'extensions that grow',
    () =>
      `virtual:\n  "@b.example": a0+y@b.example\n${many(10_000, (at) => `  a${at}@b.example: a${at + 1}+x@b.example`)}`,
  ],
  [
    'mailboxes in many domains',
    () =>
      `local:\n  domains: [${many(20_000, (at) => `a${at}.example`, ',')}]\n  mailboxes: [${many(20_000, (at) => `a${at}`, ',')}]`,
  ],
  [
    'a password of many words',
    () =>
      `relay: {password: "${'abcdefg '.repeat(500)}", port: x}\npostfix:\n${many(40_000, (at) => `  unknown_${at}: x`)}`,
  ],
];

/** In the time of one processor. The goal is 3 s for all of it; a busy machine counts for more. */
const PATIENCE_S = 8;

describe('a file that is made to take long', () => {
  test.each(HOSTILE)('%s', (_, text) => {
    const { shown, seconds } = judged(text());
    expect(seconds).toBeLessThan(PATIENCE_S);
    if (shown.startsWith('error')) expect(shown.length).toBeLessThan(20_000);
  });

  test('of the same piece again and again, anywhere', () => {
    const paths = references().map(({ path }) => path);
    const piece = fc.oneof(
      fc.constantFrom(
        ...'{}[]:,-?#&*!|>%@`"\'\\ \n\t',
        '- ',
        ': ',
        '? ',
        '&a ',
        '<<: ',
        'a@',
        '10.',
      ),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
    );
    fc.assert(
      fc.property(fc.constantFrom('', ...paths), piece, fc.boolean(), (path, part, isQuoted) => {
        const repeated = part.repeat(Math.floor(100_000 / part.length));
        const value = isQuoted ? JSON.stringify(repeated) : repeated;
        const keys = path.replaceAll('[]', '').split('.');
        const text = path === '' ? value : `${keys.map((key) => `{${key}: `).join('')}${value}`;
        expect(judged(`${text}${'}'.repeat(path === '' ? 0 : keys.length)}`).seconds).toBeLessThan(
          PATIENCE_S,
        );
      }),
      { numRuns: 20 },
    );
  });
});

test('no secret comes out of any setting, in whatever it stands', () => {
  const around = fc.oneof(
    fc.constantFrom('', ' ', ',', '@', '.', ':', '/', '=', '"', '\\'),
    fc.string(),
  );
  const plain = references().filter(({ path, setting }) => !setting.secret && !path.includes('[]'));
  fc.assert(
    fc.property(fc.constantFrom(...plain), around, around, ({ path, setting }, before, after) => {
      const value = before + SECRET + after;
      const tree = setting.shape === 'table' ? { [value]: value } : value;
      const [top = '', ...rest] = path.split('.');
      const below = rest.reduceRight<unknown>((inner, key) => ({ [key]: inner }), tree);
      const beside = { password: SECRET };
      const isDatabase = top === 'database';
      const file = isDatabase
        ? { database: Object.assign({}, below, beside) }
        : { database: beside, [top]: below };
      expect(judged(JSON.stringify(file)).shown).not.toContain(SECRET);
    }),
    { numRuns: 200 },
  );
});
