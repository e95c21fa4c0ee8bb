import { expect, test } from 'vitest';
import { readImageName } from '../../../src/image-name.ts';

test.each(['relay', 'hikyaku:dev', 'example.test:5000/mail/relay:1.0_a', 'a__b/c-d.e'])(
  '%s is the name of an image',
  (name) => {
    expect(readImageName(name)).toBe(name);
  },
);

test.each(['', 'Relay', 'a:b:c', 'a b', '-a', 'a/', 'a:', 'a@b', '$(id)'])('%j is none', (name) => {
  expect(() => readImageName(name)).toThrow('is not a name for an image');
});
