import { describe, expect, test } from 'vitest';
import { idOf } from '../../../../entrypoint/install/spool.ts';

const PASSWD = `root:x:0:0:root:/root:/bin/bash
postfix2:x:7:7::/:/bin/false
postfix:x:101:102::/var/spool/postfix:/usr/sbin/nologin
`;

describe('the number of an account', () => {
  test.each([
    ['root', 0],
    ['postfix', 101],
  ])('%s is %i', (name, id) => {
    expect(idOf(PASSWD, name)).toBe(id);
  });

  test.each(['post', 'nobody'])('%s is missed', (name) => {
    expect(() => idOf(PASSWD, name)).toThrow(`the image has no account "${name}"`);
  });
});
