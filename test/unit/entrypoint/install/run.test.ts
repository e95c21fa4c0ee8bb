import { expect, test } from 'vitest';
import { cleanEnvironment, run } from '../../../../entrypoint/postfix/running/command.ts';

test('the environment of Postfix holds a path and a language, and a time zone if there is one', () => {
  expect(Object.keys(cleanEnvironment(undefined))).toEqual(['PATH', 'LANG']);
  expect(cleanEnvironment('Asia/Tokyo')).toMatchObject({ TZ: 'Asia/Tokyo' });
});

test('a program that says no more is ended when the patience is over, and what it said is kept', async () => {
  const silent = ['/bin/sh', '-c', 'echo so far; exec sleep 600'];
  expect(await run(silent, 100)).toEqual({
    ok: false,
    status: 'ended by SIGTERM',
    output: 'so far\n',
  });
  const brief = ['/bin/sh', '-c', 'echo all'];
  expect(await run(brief, 60_000)).toMatchObject({ ok: true, output: 'all\n' });
});
