import { describe, expect, test } from 'vitest';
import {
  count,
  duration,
  keepingTime,
  line,
  oneOf,
  path,
  port,
  size,
  yesNo,
} from '../../../../entrypoint/settings/validators/plain.ts';
import { HIDDEN, REFUSED, reading } from '../support/validate.ts';

describe('a port', () => {
  test.each([
    ['587', 587],
    ['25', 25],
    ['1', 1],
    ['65535', 65535],
    ['00587', 587],
    ['submission', 587],
    ['Submissions', 465],
    ['smtps', 465],
    ['smtp', 25],
  ])('%j is %j', (text, value) => {
    expect(reading(port(), text)).toBe(value);
  });

  test.each(['0', '65536', '-25', '25.0', '2 5', '0x19', 'smpt', '587/tcp', '٢٥', '1e3'])(
    '%j is refused',
    (text) => {
      expect(reading(port(), text)).toEqual(REFUSED);
    },
  );
});

test.each([
  [port(), 'toString'],
  [port(), 'piyopiyo-3'],
  [yesNo(), 'piyopiyo'],
  [size(), '25 meters of piyopiyo'],
  [duration(), '3piyopiyo'],
  [count(1, 9)(), 'pi/yo+yo=='],
  [path(), 'piyopiyo-3'],
] as const)(
  '%j: a value that looks like nothing of the kind, %s, is not repeated',
  (validator, text) => {
    expect(reading<unknown>(validator, text)).toEqual(HIDDEN);
  },
);

describe('a switch', () => {
  test.each(['yes', 'Yes', 'Y', 'true', 'TRUE', 't', 'on', '1', 'enabled'])('%j is yes', (text) => {
    expect(reading(yesNo(), text)).toBe(true);
  });

  test.each(['no', 'NO', 'n', 'false', 'False', 'f', 'off', '0', 'disabled'])(
    '%j is no',
    (text) => {
      expect(reading(yesNo(), text)).toBe(false);
    },
  );

  test.each(['maybe', '2', '-1', 'yes ', '"yes"', 'null', '~'])('%j is refused', (text) => {
    expect(reading(yesNo(), text)).toEqual(REFUSED);
  });
});

describe('one word of a few', () => {
  const colour = oneOf('red', 'green');

  test.each([
    ['red', 'red'],
    ['Green', 'green'],
  ])('%j is %j', (text, value) => {
    expect(reading(colour(), text)).toBe(value);
  });

  test.each(['red,green', ' red', 'gree', 'maybe'])('%j is refused', (text) => {
    expect(reading(colour(), text)).toEqual(REFUSED);
  });
});

describe('a whole number between two others', () => {
  test.each([
    ['1', 1],
    ['007', 7],
    ['10', 10],
  ])('%j is %j', (text, value) => {
    expect(reading(count(1, 10)(), text)).toBe(value);
  });

  test.each(['0', '11', '5x', '1.5', '-1', '1e1', ' 5', '9999999999'])('%j is refused', (text) => {
    expect(reading(count(1, 10)(), text)).toEqual(REFUSED);
  });
});

describe('a size', () => {
  test.each([
    ['1', 1],
    ['1048576', 1048576],
    ['25MB', 26214400],
    ['25 mb', 26214400],
    ['25M', 26214400],
    ['25MiB', 26214400],
    ['512k', 524288],
    ['1G', 1073741824],
    ['100B', 100],
  ])('%j is %j bytes', (text, value) => {
    expect(reading(size(), text)).toBe(value);
  });

  test.each(['0', '0MB', '-1', 'MB', '25XB', '1.5G', '25MBit', '1T', '999999999999G'])(
    '%j is refused',
    (text) => {
      expect(reading(size(), text)).toEqual(REFUSED);
    },
  );
});

describe('a length of time', () => {
  test.each([
    ['30s', 30],
    ['90m', 5400],
    ['12h', 43200],
    ['5d', 432000],
    ['5 D', 432000],
    ['1w', 604800],
  ])('%j is %j seconds', (text, value) => {
    expect(reading(duration(), text)).toBe(value);
  });

  test.each(['5', '0d', '5 days', 'd', '-5d', '1.5h', '1d12h'])('%j is refused', (text) => {
    expect(reading(duration(), text)).toEqual(REFUSED);
  });
});

describe('the path of a file', () => {
  test.each(['/certs/ca.pem', '/run/secrets/a-b_c.d', '/证书/ca.pem'])('%j is taken', (text) => {
    expect(reading(path(), text)).toBe(text);
  });

  test.each(['certs/ca.pem', './ca.pem', '~/ca.pem', '/my certs/ca.pem', 'C:\\ca.pem'])(
    '%j is refused',
    (text) => {
      expect(reading(path(), text)).toEqual(REFUSED);
    },
  );
});

describe('a line of text', () => {
  test.each(["SELECT a FROM b WHERE c='%s'", ' x ', '#', '日本'])(
    '%j is taken as it is',
    (text) => {
      expect(reading(line(), text)).toBe(text);
    },
  );
});

test.each([
  ['30d', 2_592_000],
  ['1y', 31_536_000],
  ['none', 0],
  ['no', 0],
  ['0', 0],
])('a time to keep something: %j is %j s', (text, value) => {
  expect(reading(keepingTime(), text)).toBe(value);
});
