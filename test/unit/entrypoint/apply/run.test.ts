import { expect, test } from 'vitest';
import { cleanEnvironment } from '../../../../entrypoint/apply/run.ts';

test('the environment of Postfix holds a path and a language, and a time zone if there is one', () => {
  expect(Object.keys(cleanEnvironment(undefined))).toEqual(['PATH', 'LANG']);
  expect(cleanEnvironment('Asia/Tokyo')).toMatchObject({ TZ: 'Asia/Tokyo' });
});
