import { describe, expect, test } from 'vitest';
import { settingsOf } from '../../../../entrypoint/settings/naming/names.ts';
import type { Fields, Setting } from '../../../../entrypoint/settings/setting.ts';
import { settingsTable } from '../../../../entrypoint/settings/table.ts';
import { HIDDEN, reading } from '../support/validate.ts';

const itemsOf = (fields: Fields): readonly (readonly [string, Setting<unknown>])[] =>
  Object.entries(fields).flatMap(([key, node]) =>
    node.kind === 'items'
      ? settingsOf(node.fields, `${key}.0.`).map(({ path, setting }) => [path, setting] as const)
      : [],
  );

const ALL = [
  ...settingsOf(settingsTable).map(({ path, setting }) => [path, setting] as const),
  ...itemsOf(settingsTable),
];

/** Characters that would end a line of a file, a header, or a text. */
const SPLITTERS = ['\n', '\r', '\r\n', '\0', '\u000b', '\u001b', '\u007f'];

describe('no value can split a file or a header', () => {
  test.each(ALL)('%s refuses control characters, and shows nothing of the text', (_, setting) => {
    for (const splitter of SPLITTERS) {
      for (const text of [`25${splitter}`, `a${splitter}relayhost = evil`, `${splitter}a`]) {
        expect(reading(setting.item, text)).toEqual(HIDDEN);
        if (setting.from !== undefined) expect(reading(setting.from, text)).toEqual(HIDDEN);
      }
    }
  });

  test.each(ALL)('%s refuses half of a surrogate pair, which no file can hold', (_, setting) => {
    expect(reading(setting.item, 'a\ud800b')).toHaveProperty('refused');
  });
});
