import { describe, expect, test } from 'vitest';
import { parameterName, parameterValue } from '../../../../entrypoint/settings/validators/plain.ts';
import { REFUSED, reading } from '../support/validate.ts';

describe('the name of a main.cf parameter', () => {
  test.each(['smtp_helo_timeout', '2bounce_notice_recipient', 'account1_min-x'])(
    '%j is taken',
    (text) => {
      expect(reading(parameterName(), text)).toBe(text);
    },
  );

  test.each(['', 'a b', 'a=b', 'a.b', '-M', '#x', '$x', 'submission/inet/x'])(
    '%j is refused',
    (text) => {
      expect(reading(parameterName(), text)).toEqual(REFUSED);
    },
  );
});

describe('the value of a main.cf parameter', () => {
  test.each(['', '60s', '$myhostname ESMTP', 'a, b', '{ a = b }', '# not a comment'])(
    '%j is taken as it is',
    (text) => {
      expect(reading(parameterValue(), text)).toBe(text);
    },
  );

  test.each([' 60s', '60s '])('%j is refused', (text) => {
    expect(reading(parameterValue(), text)).toEqual(REFUSED);
  });
});
