import { describe, expect, test } from 'vitest';
import { lockIsInstalled } from '../../../scripts/bootstrap/lock-file.mjs';

const wanted = {
  packages: {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-windows': { version: '1.0.0', optional: true },
  },
};

describe('node_modules', () => {
  test.each([
    ['are up to date with the locked version', { version: '1.0.0', integrity: 'sha512-a' }, true],
    ['are out of date with another version', { version: '1.0.1', integrity: 'sha512-a' }, false],
    ['are out of date with another content', { version: '1.0.0', integrity: 'sha512-b' }, false],
  ])('%s', (_, a, expected) => {
    expect(lockIsInstalled(wanted, { packages: { 'node_modules/a': a } })).toBe(expected);
  });

  test('are out of date when a package is missing', () => {
    expect(lockIsInstalled(wanted, { packages: {} })).toBe(false);
  });

  test('are out of date when a package is left over', () => {
    const a = { version: '1.0.0', integrity: 'sha512-a' };
    const packages = { 'node_modules/a': a, 'node_modules/b': { version: '1.0.0' } };
    expect(lockIsInstalled(wanted, { packages })).toBe(false);
  });
});
