import { describe, expect, test } from 'vitest';
import { covers, outerRanges, publicReach } from '../../../../entrypoint/settings/ranges.ts';

describe('a range', () => {
  test.each([
    ['10.0.0.0/8', '10.1.0.0/16', true],
    ['10.1.0.0/16', '10.0.0.0/8', false],
    ['10.0.0.0/8', '10.0.0.0/8', true],
    ['10.0.0.0/8', '11.0.0.0/16', false],
    ['::/1', '10.0.0.0/8', false],
    ['fc00::/7', 'fd00:1::/64', true],
  ])('%s covers %s: %s', (outer, inner, expected) => {
    expect(covers(outer, inner)).toBe(expected);
  });
});

describe('the reach of', () => {
  test.each([
    [[], 0],
    [['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fd00::/8'], 0],
    [['192.0.2.0/24'], 2 ** -8],
    [['8.0.0.0/8'], 256],
    [['8.0.0.0/8', '8.1.0.0/16'], 256],
    [['8.1.0.0/16', '8.0.0.0/8'], 256],
    [['8.0.0.0/8', '8.0.0.0/8'], 256],
    [['0.0.0.0/1', '128.0.0.0/1'], 65536],
    [['2001::/16', '2002::/16'], 131072],
  ])("%j is %d times the most that is one's own", (ranges, reach) => {
    expect(publicReach(ranges)).toBe(reach);
  });
});

test('the range that another lies in is found, also among thousands', () => {
  expect(outerRanges(['10.0.0.0/8', '10.1.0.0/16', '10.0.0.0/8', '11.0.0.0/8'])).toEqual([
    undefined,
    '10.0.0.0/8',
    '10.0.0.0/8',
    undefined,
  ]);
  expect(outerRanges(['::/8', '0.0.0.0/8', '0.1.2.3/32'])).toEqual([
    undefined,
    undefined,
    '0.0.0.0/8',
  ]);
  const many = Array.from({ length: 20_000 }, (_, at) => `10.${at >> 8}.${at & 255}.0/24`);
  expect(outerRanges(many).filter((outer) => outer !== undefined)).toEqual([]);
});
