import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { shape } from '../../../scripts/demo/picture.ts';

const RECORDED = readFileSync(new URL('../../../docs/pictures/demo.txt', import.meta.url), 'utf8');

test('another run of the demo, on another machine, has the shape of the picture', () => {
  const another = RECORDED.replaceAll(/\[[\d.]+\]/g, '[192.0.2.7]')
    .replaceAll(/\d\d:\d\d:\d\d/g, '01:02:03')
    .replaceAll(/ id \w+$/gm, ' id 0123456789')
    .replaceAll(/^ {2}overlay .*$/gm, '  /dev/sda1  9G  1G  8G  12% /\n  tmpfs');
  expect(another).not.toBe(RECORDED);
  expect(shape(another)).toBe(shape(RECORDED));
});

test.each([
  ['another protocol', /with \w+ id/, 'with SMTP id'],
  ['no login', 'logged in as  hoge', 'logged in as  nobody'],
  ['another sender', 'MAIL FROM     <hoge@', 'MAIL FROM     <root@'],
])('%s is another shape', (_, text, other) => {
  expect(shape(RECORDED.replace(text, other))).not.toBe(shape(RECORDED));
});
