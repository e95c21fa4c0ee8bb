import { describe, expect, test } from 'vitest';
import { covers, publicReach } from '../../../../entrypoint/settings/ranges.ts';

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
    [['192.0.2.0/24'], 2 ** -16],
    [['8.0.0.0/8'], 1],
    [['8.0.0.0/8', '8.1.0.0/16'], 1],
    [['8.1.0.0/16', '8.0.0.0/8'], 1],
    [['8.0.0.0/8', '8.0.0.0/8'], 1],
    [['0.0.0.0/1', '128.0.0.0/1'], 256],
    [['2001::/16', '2002::/16'], 2],
  ])("%j is %d times the most that is one's own", (ranges, reach) => {
    expect(publicReach(ranges)).toBe(reach);
  });
});
