import { describe, expect, test } from 'vitest';
import { givenFromText } from '../../../../entrypoint/inputs/environment.ts';
import { variableName } from '../../../../entrypoint/settings/names.ts';
import { itemsReferences, references } from '../../../../entrypoint/settings/reference.ts';
import { facts } from '../support/facts.ts';
import { reading } from '../support/validate.ts';

const ALL = references().map((reference) => [reference.path, reference] as const);

describe('the table of settings', () => {
  test("gives every setting a variable of its own, which is not that of a secret's file", () => {
    const names = references().flatMap(({ variable, setting }) => {
      if (variable === undefined) return [];
      return setting.secret ? [variable, `${variable}_FILE`] : [variable];
    });
    names.push('RELAY_CONFIG', 'RELAY_CONFIG_FILE');
    names.push(...itemsReferences().map(({ path }) => variableName(path)));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  test.each(ALL)('%s has an example that is accepted', (_, { setting }) => {
    const value = givenFromText(setting, 'example', setting.example);
    const texts = {
      one: () => (value.shape === 'one' ? [[setting.item, value.text] as const] : []),
      list: () =>
        value.shape === 'list' ? value.items.map(({ text }) => [setting.item, text] as const) : [],
      table: () =>
        value.shape === 'table'
          ? value.rows.flatMap(({ from, to }) => [
              [setting.from ?? setting.item, from.text] as const,
              [setting.item, to.text] as const,
            ])
          : [],
    }[setting.shape]();
    expect(texts.length).toBeGreaterThan(0);
    for (const [validator, text] of texts) {
      expect(reading(validator, text)).not.toHaveProperty('refused');
    }
  });

  test.each(ALL)('%s is described in one sentence', (_, { setting }) => {
    expect(setting.describe).toMatch(/^[A-Z(].*\.$|^[a-z].*\.$/);
    expect(setting.describe).not.toContain('\n');
  });

  test.each(ALL)('%s drives parameters that this Postfix has', (_, { setting }) => {
    // virtual_maps is an old name that Postfix still knows, and does not list.
    const known = ['virtual_maps', ...(facts().parameterNames ?? [])];
    expect(setting.drives.filter((name) => !known.includes(name))).toEqual([]);
  });
});
