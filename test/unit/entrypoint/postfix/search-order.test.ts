import { describe, expect, test } from 'vitest';
import { accessKeys, addressKeys, applied } from '../../../../entrypoint/postfix/address-lookup.ts';
import { restrictionsIn } from '../../../../entrypoint/postfix/restrictions.ts';
import { splitValue } from '../../../../entrypoint/postfix/value-list.ts';

const ORIGIN = { myorigin: 'home.example', delimiter: '+' };

const keys = (found: readonly { readonly key: string }[]): readonly string[] =>
  found.map(({ key }) => key);

describe('an address is looked up', () => {
  test.each([
    ['me@isp.example', ['me@isp.example', '@isp.example']],
    ['me+x@isp.example', ['me+x@isp.example', 'me@isp.example', '@isp.example']],
    ['me@home.example', ['me@home.example', 'me', '@home.example']],
    ['me@HOME.example', ['me@HOME.example', 'me', '@HOME.example']],
    ['me+x@home.example', ['me+x@home.example', 'me@home.example', 'me+x', 'me', '@home.example']],
    ['+x@isp.example', ['+x@isp.example', '@isp.example']],
    ['me+@isp.example', ['me+@isp.example', 'me@isp.example', '@isp.example']],
    [
      'postmaster+x@isp.example',
      ['postmaster+x@isp.example', 'postmaster@isp.example', '@isp.example'],
    ],
  ])('%s', (address, expected) => {
    expect(keys(addressKeys(address, ORIGIN))).toEqual(expected);
  });

  test('and for permissions with its domain alone, and those above it', () => {
    expect(keys(accessKeys('me+x@mail.isp.example', ORIGIN))).toEqual([
      'me+x@mail.isp.example',
      'me@mail.isp.example',
      'mail.isp.example',
      '.isp.example',
      '.example',
      'me+x@',
      'me@',
    ]);
    expect(keys(accessKeys('', ORIGIN))).toEqual(['<>']);
  });
});

test.each([
  ['me@a.example', 'you@b.example', '', true, 'you@b.example'],
  ['me+x@a.example', 'you@b.example', '+x', true, 'you+x@b.example'],
  ['me+x@a.example', 'you@b.example', '+x', false, 'you@b.example'],
  ['me@a.example', '@b.example', '', true, 'me@b.example'],
  ['me+x@a.example', '@b.example', '', true, 'me+x@b.example'],
  ['me+x@a.example', 'you', '+x', true, 'you+x'],
])('%s with the entry %s (ignored: %j) becomes, %s, %s', (address, value, extension, keep, to) => {
  expect(applied(address, value, extension, keep)).toBe(to);
});

test('a list of main.cf is split outside of braces', () => {
  expect(splitValue('lmdb:/a, hash:/b')).toEqual(['lmdb:/a', 'hash:/b']);
  expect(splitValue('pipemap:{mysql:/a.cf, regexp:/b}')).toEqual([
    'pipemap:{mysql:/a.cf, regexp:/b}',
  ]);
  expect(splitValue('  ')).toEqual([]);
});

test('a list of restrictions is read with its tables', () => {
  const list =
    'permit_auth_destination, check_sender_access lmdb:/a, check_sender_access static:{554 5.7.1 no}';
  expect(restrictionsIn(list)).toEqual([
    { name: 'permit_auth_destination', table: undefined },
    { name: 'check_sender_access', table: 'lmdb:/a' },
    { name: 'check_sender_access', table: 'static:{554 5.7.1 no}' },
  ]);
});
