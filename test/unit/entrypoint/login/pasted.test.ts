import { expect, test } from 'vitest';
import { readPasted } from '../../../../entrypoint/login/pasted.ts';
import { issuersOf } from '../../../../entrypoint/login/ways.ts';

const STATE = 'Kq3-state';
const ANSWER = `http://127.0.0.1:47025/?state=${STATE}&iss=https%3A%2F%2Faccounts.google.com&code=4%2F0AVG7fiQ&scope=https%3A%2F%2Fmail.google.com%2F`;

test.each([
  ['as it stands in the bar', ANSWER],
  ['with blanks', `  ${ANSWER}\r`],
  ['in quotes', `"${ANSWER}"`],
  ['in angle brackets', `<${ANSWER}>`],
  ['without its scheme', ANSWER.slice('http://'.length)],
  ['behind a fragment', ANSWER.replace('?', '#')],
])('an address %s is an answer', (_, text) => {
  const pasted = readPasted(text, STATE);
  expect(pasted.kind === 'answer' && pasted.parameters.get('code')).toBe('4/0AVG7fiQ');
});

test.each([
  ['nothing', '  '],
  ['code alone', '4/0AVG7fiQ-abcdefghijklmnop'],
  ['page', `https://accounts.google.com/o/oauth2/v2/auth?state=${STATE}&code_challenge=x`],
  ['login', ANSWER.replace(STATE, 'another')],
  ['login', ANSWER.replace(`state=${STATE}&`, '')],
  ['address', 'http://127.0.0.1:47025/'],
  ['address', 'https://www.google.com/search?q=oauth'],
  ['address', 'yes'],
])('what is no answer: %s', (why, text) => {
  expect(readPasted(text, STATE)).toEqual({ kind: 'another', why });
});

test('a provider that says no is heard, for this login alone', () => {
  const no = `http://127.0.0.1:47025/?error=access_denied&error_description=User+said+no&state=${STATE}`;
  expect(readPasted(no, STATE)).toEqual({
    kind: 'error',
    error: 'access_denied',
    description: 'User said no',
  });
  expect(readPasted(no, 'another')).toEqual({ kind: 'another', why: 'login' });
});

test('metadata are looked for from the nearest folder to the top', () => {
  expect(issuersOf('https://kc.example/realms/a/openid/token').map(({ href }) => href)).toEqual([
    'https://kc.example/realms/a/openid',
    'https://kc.example/realms/a',
    'https://kc.example/realms',
    'https://kc.example/',
  ]);
  expect(issuersOf('https://login.example/token').map(({ href }) => href)).toEqual([
    'https://login.example/',
  ]);
});
