import { expect, test } from 'vitest';
import { postmapCommands } from '../../../../entrypoint/install/postmap.ts';
import { configFile } from '../../../../entrypoint/render/file.ts';

const commandsFor = (index?: string) => {
  const file = configFile('generic', 'a\tb\n');
  return postmapCommands([index === undefined ? file : { ...file, index }]).map(
    ({ command }) => command,
  );
};

test.each(['lmdb', 'hash', 'cdb'])('a table of type %s is indexed by postmap', (type) => {
  expect(commandsFor(type)).toEqual([
    ['/usr/sbin/postmap', '-c', '/usr/share/hikyaku/commands', `${type}:/etc/postfix/generic`],
  ]);
});

test('a texthash table is read as it is', () => {
  expect(commandsFor('texthash')).toEqual([]);
});

test('a file that is no table is left alone', () => {
  expect(commandsFor()).toEqual([]);
});
