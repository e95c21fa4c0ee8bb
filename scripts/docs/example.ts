import { stringify } from 'yaml';
import { givenFromText } from '../../entrypoint/inputs/environment.ts';
import type { Reference } from '../../entrypoint/settings/naming/reference.ts';
import type { Setting } from '../../entrypoint/settings/setting.ts';

/** The example as a variable's value; undefined without a variable. */
export function variableExample({ path, variable, setting }: Reference): string | undefined {
  if (path === 'postfix') return `POSTFIX_${setting.example}`;
  return variable === undefined ? undefined : `${variable}=${setting.example}`;
}

/** The example as the file has it, the sections around it included. */
export function fileExample({ path, setting }: Reference): string {
  const value = path.split('.').reduceRight<unknown>(wrap, exampleValue(setting));
  return stringify(value, { schema: 'failsafe', lineWidth: 0 });
}

const wrap = (value: unknown, key: string): unknown =>
  key.endsWith('[]') ? { [key.slice(0, -2)]: [value] } : { [key]: value };

function exampleValue(setting: Setting<unknown>): unknown {
  const given = givenFromText(setting, 'example', setting.example);
  switch (given.shape) {
    case 'one':
      return given.text;
    case 'list':
      return given.items.map(({ text }) => text);
    case 'table':
      return Object.fromEntries(given.rows.map(({ from, to }) => [from.text, to.text]));
  }
}
