import { expect, test } from 'vitest';
import { readEnvFile } from '../../../entrypoint/migration/formats/env-file.ts';
import { interpolate } from '../../../entrypoint/migration/interpolation.ts';

const KNOWN = new Map([
  ['A', 'one'],
  ['EMPTY', ''],
]);

test.each([
  ['plain', 'plain', undefined],
  [`$A and \${A}`, 'one and one', undefined],
  ['$$A', '$A', undefined],
  ['pa$$word', 'pa$word', undefined],
  [`\${B}`, '', `\${B}`],
  ['$B', '', '$B'],
  [`\${B:-two}`, 'two', undefined],
  [`\${B-two}`, 'two', undefined],
  [`\${EMPTY:-two}`, 'two', undefined],
  [`\${EMPTY-two}`, '', undefined],
  [`\${A:-two}`, 'one', undefined],
  [`\${A:+two}`, 'two', undefined],
  [`\${B:+two}`, '', undefined],
  [`\${B:?set it in .env}`, '', `\${B}`],
  [`\${A:?set it in .env}`, 'one', undefined],
  [`a\${B:-}b`, 'ab', undefined],
])('%s becomes %j', (text, filled, unknown) => {
  expect(interpolate(text, KNOWN)).toMatchObject({ text: filled, unknown });
});

test('an env file is read as Compose reads it', () => {
  const text = `# remark
A=1
export B=two words   # remark
C="three # 3"
D='four $4'
E=
 F = six
not a line
G=a=b
H="two
lines"
I="whole" # remark
J='
`;
  expect(Object.fromEntries(readEnvFile(text))).toEqual({
    A: '1',
    B: 'two words',
    C: 'three # 3',
    D: 'four $4',
    E: '',
    F: 'six',
    G: 'a=b',
    H: 'two\nlines',
    I: 'whole',
    J: "'",
  });
});

test('a default that was taken for a variable that is not known is told', () => {
  expect(interpolate(`\${B:-}`, KNOWN).assumed).toBe(`\${B}`);
  expect(interpolate(`\${A:-}`, KNOWN).assumed).toBeUndefined();
});
