import {
  defaultWords,
  type Reference,
  references,
} from '../../entrypoint/settings/naming/reference.ts';
import type { Fields, Setting } from '../../entrypoint/settings/setting.ts';
import { settingsTable } from '../../entrypoint/settings/table.ts';
import { variableExample } from './example.ts';

/** A JSON Schema, as far as one is needed here. */
type Schema = { readonly [key: string]: unknown };

// YAML's core schema, which editors use, reads 587 as a number and true as a boolean. Hikyaku takes
// the text in either case, and nothing at all as "not set".
const SCALAR = { type: ['string', 'number', 'boolean', 'null'] };

const tableOf = (value: Schema): Schema => ({
  type: ['object', 'string', 'null'],
  additionalProperties: value,
});
const LIST = { type: ['array', 'string', 'number', 'null'], items: SCALAR };

/** The words as editors should offer them, and their other spellings in which they are taken. */
const choiceOf = (words: readonly string[]): Schema => ({
  anyOf: [
    { enum: [...words, null] },
    { type: 'string', pattern: `^(${words.map(anyCase).join('|')})$` },
  ],
});

/** JSON Schema's patterns have no flag for it: `[dD][aA][nN][eE]`. */
const anyCase = (word: string): string =>
  word.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

function shapeOf({ shape, item }: Setting<unknown>): Schema {
  switch (shape) {
    case 'one':
      return item.choices === undefined ? SCALAR : choiceOf(item.choices.map(String));
    case 'list':
      return LIST;
    case 'table':
      return tableOf(item.isList ? LIST : SCALAR);
  }
}

function settingSchema(reference: Reference): Schema {
  const { setting } = reference;
  const variable = variableExample(reference);
  const lines = [
    setting.describe,
    `Default: ${defaultWords(setting)}.`,
    ...(variable === undefined ? [] : [`As a variable: ${variable}`]),
  ];
  return { description: lines.join('\n'), ...shapeOf(setting), examples: [setting.example] };
}

function properties(fields: Fields, prefix: string): Schema {
  const entries = Object.entries(fields).flatMap(([key, node]): [string, Schema][] => {
    const path = prefix + key;
    if (node.kind !== 'setting') return [[key, nodeSchema(node, path)]];
    const reference = references().find((one) => one.path === path);
    if (reference === undefined) throw new Error(`${path} is not among the references`);
    return [[key, settingSchema(reference)]];
  });
  return Object.fromEntries(entries);
}

const objectSchema = (fields: Fields, prefix: string): Schema => ({
  type: ['object', 'null'],
  additionalProperties: false,
  properties: properties(fields, prefix),
});

function nodeSchema(node: Exclude<Fields[string], Setting<unknown>>, path: string): Schema {
  switch (node.kind) {
    case 'section':
      return objectSchema(node.fields, `${path}.`);
    case 'items':
      return {
        description: node.describe,
        type: ['array', 'null'],
        items: objectSchema(node.fields, `${path}[].`),
      };
  }
}

/** The JSON Schema of relay.yaml. */
export const relayFileSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Hikyaku: relay.yaml',
  description: 'The settings of the mail relay Hikyaku; docs/settings.md says more of each.',
  ...objectSchema(settingsTable, ''),
});
