import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEnvironment } from '../../../../entrypoint/inputs/environment.ts';
import { readRelayFile } from '../../../../entrypoint/inputs/relay-file.ts';
import { problemLine } from '../../../../entrypoint/messages/problem.ts';
import { render } from '../../../../entrypoint/render/render.ts';
import type { Given } from '../../../../entrypoint/settings/naming/given.ts';
import { settingsByVariable } from '../../../../entrypoint/settings/naming/names.ts';
import { references } from '../../../../entrypoint/settings/naming/reference.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { runs } from '../../support/fuzz.ts';
import { facts } from '../support/facts.ts';

const FACTS = facts();

/** Every printable character of every script, and no control character. */
const printable = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
  .filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text) && !text.endsWith(' '));

const passwordLine = (given: Given): string | undefined => {
  const reading = readSettings(given, FACTS);
  const files = reading.ok ? render(reading.settings) : [];
  const table = files.find(({ path }) => path.endsWith('/sasl_passwd'))?.content ?? '';
  return table.split('\n').find((line) => line.startsWith('['));
};

test('any printable password from a variable stands in sasl_passwd unchanged', () => {
  fc.assert(
    fc.property(printable, (password) => {
      const variables = { RELAY_HOST: 'a.example', RELAY_USERNAME: 'u', RELAY_PASSWORD: password };
      expect(passwordLine(readEnvironment(variables))).toBe(`[a.example]:587\tu:${password}`);
    }),
    runs(100),
  );
});

test('any printable password from YAML, in either kind of quotes, stands there unchanged', () => {
  const quotes = [
    (text: string) => JSON.stringify(text),
    (text: string) => `'${text.replaceAll("'", "''")}'`,
  ];
  fc.assert(
    fc.property(printable, fc.constantFrom(...quotes), (password, quote) => {
      const text = `relay:\n  host: a.example\n  username: u\n  password: ${quote(password)}\n`;
      expect(passwordLine(readRelayFile('relay.yaml', text))).toBe(
        `[a.example]:587\tu:${password}`,
      );
    }),
    runs(100),
  );
});

/** A text that no message would hold by chance. */
const SECRET = 'Xq7-piyopiyo-Zw9';

const outcome = (given: Given): string => {
  const reading = readSettings(given, FACTS);
  if (reading.ok) {
    expect(render(reading.settings).length).toBeGreaterThan(2);
    return '';
  }
  expect(reading.problems.length).toBeGreaterThan(0);
  return reading.problems.map(problemLine).join('\n');
};

const names = [
  ...settingsByVariable.keys(),
  'RELAY_PASSWORD_FILE',
  'RELAY_ACCOUNTS',
  'RELAY_NONSENSE',
  'POSTFIX_relayhost',
  'POSTFIX_hopcount_limit',
  'POSTFIX_',
];
const examples = references().map(({ setting }) => setting.example);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(...examples, '', ' ', '\n', '0', 'yes', '@', '=', ',', '::', '1.2.3.4/0'),
);
const anyEnvironment = fc.dictionary(
  fc.oneof(
    fc.constantFrom(...names),
    fc.string({ maxLength: 8 }).map((end) => `RELAY_${end}`),
  ),
  anyText,
  { maxKeys: 8 },
);

test('no environment whatsoever makes reading throw, nor a problem show the password', () => {
  fc.assert(
    fc.property(anyEnvironment, anyText, anyText, (environment, before, after) => {
      const password = { RELAY_PASSWORD: before + SECRET + after };
      expect(outcome(readEnvironment({ ...environment, ...password }))).not.toContain(SECRET);
    }),
    runs(200),
  );
});

const keys = [...new Set(references().flatMap(({ path }) => path.split(/\.|\[\]\.?/)))];
const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...keys, 'password_file', 'nonsense', '<<', '?') },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
const { yaml } = fc.letrec<{ yaml: unknown }>((tie) => ({
  yaml: fc.oneof(
    { depthSize: 'small' },
    anyText,
    fc.array(tie('yaml'), { maxLength: 3 }),
    fc.dictionary(key, tie('yaml'), { maxKeys: 5 }),
  ),
}));

test('no mapping of whatever shape makes reading throw', () => {
  fc.assert(
    fc.property(yaml, (tree) => {
      outcome(readRelayFile('relay.yaml', JSON.stringify(tree) ?? ''));
    }),
    runs(200),
  );
});

const WELL_FORMED = `relay:
  host: mail.isp.example
  username: hoge
  password: ${SECRET}
accounts:
  - sender: user1@example.com
    host: mail.example.com
    username: user1
    password: "${SECRET}"
generic: {"@linux.myhome.net": hoge@foo.bar.example}
networks: [attached, 192.168.1.0/24]
`;
const pieces = ['\t', ' ', '\n', ':', ': ', '- ', '#', '"', "'", '{', '}', '[', ']', '&a ', '*a'];
const damage = fc.record({
  at: fc.nat(WELL_FORMED.length),
  take: fc.nat(6),
  put: fc.oneof(
    fc.constantFrom(...pieces, '!', '|', '>', '%', '@', '`', '?', ',', '---\n', '\\', '\0'),
    fc.string({ unit: 'binary', maxLength: 4 }),
  ),
});

test('no damage to a file makes reading throw, nor a problem show a password that is whole', () => {
  fc.assert(
    fc.property(fc.array(damage, { minLength: 1, maxLength: 3 }), (damages) => {
      const text = damages.reduce(
        (whole, { at, take, put }) => whole.slice(0, at) + put + whole.slice(at + take),
        WELL_FORMED,
      );
      expect(outcome(readRelayFile('relay.yaml', text))).not.toContain(SECRET);
    }),
    runs(200),
  );
});
