import type { Facts } from '../facts.ts';
import type { Given } from '../given.ts';
import { nearest } from '../nearest.ts';
import { fileOf, judgeValue, type TableReference, tablesIn } from '../parameter-value.ts';
import { managedParameters } from '../parameters.ts';
import { error, type Problem, quoted } from '../problem.ts';
import type { RawSettings } from '../table.ts';

/** Parameters that this Postfix does not know, or that are not the user's to set. */
export function checkOverrides({ postfix }: RawSettings, given: Given, facts: Facts): Problem[] {
  const value = given.values.get('postfix');
  const rows = value?.shape === 'table' ? value.rows : [];
  return postfix.flatMap(({ from: name, to: text }) => {
    const where = rows.find((row) => row.from.text === name)?.from.where ?? 'postfix';
    const setting = managedParameters.get(name);
    if (setting !== undefined) {
      return [error(where, `${name} is set by Hikyaku itself`, setting)];
    }
    return checkName(name, where, facts) ?? checkValue(name, text, where, facts);
  });
}

/** A name that this Postfix does not know, or nothing. */
function checkName(name: string, where: string, { parameterNames }: Facts): Problem[] | undefined {
  if (parameterNames === undefined || parameterNames.includes(name)) return undefined;
  const near = nearest(name, parameterNames);
  const right = near === undefined ? 'look for it in postconf(5)' : `did you mean ${near}?`;
  return [error(where, `this Postfix has no parameter ${name}`, right)];
}

function checkValue(name: string, value: string, where: string, facts: Facts): Problem[] {
  const forms = facts.parameterForms;
  // smtp_destination_rate_delay and its kin take their form from default_destination_rate_delay.
  const form = forms?.get(name) ?? forms?.get(name.replace(/^[a-z]+_/, 'default_'));
  const judgement = judgeValue(name, value, form);
  return [
    ...(judgement === undefined ? [] : [error(where, ...judgement)]),
    ...tablesIn(value).flatMap((table) => checkTable(table, where, facts)),
  ];
}

/** A table that cannot be opened: Postfix would put off every mail that has to do with it. */
function checkTable(table: TableReference, where: string, facts: Facts): Problem[] {
  const { type, path } = table;
  if (facts.tableTypes !== undefined && !facts.tableTypes.includes(type)) {
    const right = `use one that it has: ${facts.tableTypes.join(', ')}`;
    return [error(where, `this Postfix has no tables of type ${type}`, right)];
  }
  const file = fileOf(table);
  if (!facts.missingTables?.has(file)) return [];
  const right =
    file === path
      ? 'mount it into the container at that path'
      : `make it with "postmap ${type}:${path}" and mount it too, or use texthash`;
  return [error(where, `the table's file ${quoted(file)} does not exist`, right)];
}
