import { describe, expect, test } from 'vitest';
import { givenFromText } from '../../../../entrypoint/inputs/environment.ts';
import { variableName } from '../../../../entrypoint/settings/naming/names.ts';
import { itemsReferences, references } from '../../../../entrypoint/settings/naming/reference.ts';
import {
  list,
  one,
  optional,
  parametersOf,
  section,
  withFiles,
} from '../../../../entrypoint/settings/setting.ts';
import { parametersAsGiven } from '../../../../entrypoint/settings/settings.ts';
import { count, line, yesNo } from '../../../../entrypoint/settings/validators/plain.ts';
import { facts } from '../support/facts.ts';
import { reading } from '../support/validate.ts';

const ALL = references().map((reference) => [reference.path, reference] as const);

describe('the table of settings', () => {
  test('gives every setting a variable of its own, the file of a secret too', () => {
    const names = references().flatMap(({ variable }) => variable ?? []);
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
    expect(parametersOf(setting).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('a setting that drives one parameter by itself', () => {
  const words = { describe: 'x.', example: 'x' };
  const fields = withFiles({
    flag: one(yesNo(), { ...words, default: false, drives: 'smtpd_delay_reject' }),
    below: section({
      number: optional(count(1, 9)(), { ...words, drives: 'hopcount_limit' }),
      texts: list(line(), { ...words, default: [], drives: 'debug_peer_list' }),
    }),
    other: one(yesNo(), { ...words, default: true, drives: ['mydomain'] }),
  });

  test.each([
    [{ flag: true, below: { number: 3, texts: ['a', 'b'] }, other: true }, 'yes 3 a, b'],
    [{ flag: false, below: { number: undefined, texts: [] }, other: true }, 'no'],
  ])('%j reaches main.cf', (values, texts) => {
    expect(
      parametersAsGiven(fields, values)
        .map(({ to }) => to)
        .join(' '),
    ).toBe(texts);
  });
});
