import { nearest } from '../messages/nearest.ts';
import { error, type Problem } from '../messages/problem.ts';
import { foreignName } from '../migration/foreign-names.ts';
import {
  LOOK_IT_UP,
  pathOfValue,
  settingsByVariable,
  variableName,
} from '../settings/naming/names.ts';
import { variableMeant } from '../settings/naming/other-names.ts';
import { itemsReferences } from '../settings/naming/reference.ts';
import { foreignWords } from './foreign-variables.ts';

/** How variables of ours begin. */
export const OURS = 'RELAY_';

/** The variables that say where the YAML is; they are no settings themselves. */
export const SOURCES = ['RELAY_CONFIG', 'RELAY_CONFIG_FILE'];

/** An unknown name: its error, and the setting that it probably meant. */
export interface UnknownName {
  readonly problem: Problem;
  readonly meant: string | undefined;
}

/** Settings that have no variable of their own, by the name that one would try. */
const elsewhere = (): ReadonlyMap<string, string> =>
  new Map([
    ...itemsReferences().map(({ path }): [string, string] => [
      variableName(path),
      `give ${path} in YAML: in the file, or in RELAY_CONFIG`,
    ]),
    ['RELAY_POSTFIX', 'give each parameter as POSTFIX_parameter'],
  ]);

/** The error for an unknown name with our prefix. */
export function unknownVariable(name: string): UnknownName {
  const say = (right: string, meant?: string, wrong = 'is not a setting'): UnknownName => ({
    problem: error(name, wrong, right),
    meant: pathOf(meant),
  });
  const right = elsewhere().get(name);
  if (right !== undefined) return say(right, undefined, 'is not a variable');
  const foreign = foreignName(name);
  if (foreign !== undefined) {
    const [wrong, instead] = foreignWords(foreign);
    return say(instead, foreign.meant[0], wrong);
  }
  const plain = name.replace(/_FILE$/, '');
  if (plain !== name && settingsByVariable.has(plain)) {
    return say(`only a password can come from a file of its own: give ${plain}`, plain);
  }
  const known = [...settingsByVariable.keys(), ...SOURCES];
  const near = variableMeant(name) ?? nearest(name, known);
  if (near !== undefined) return say(`did you mean ${near}?`, near);
  return say(LOOK_IT_UP);
}

function pathOf(variable: string | undefined): string | undefined {
  const named = settingsByVariable.get(variable ?? '');
  return named === undefined ? undefined : pathOfValue(named);
}

const letters = (word: string): string => [...word].sort().join('');

/**
 * A name of ours that is spelled in another way (`relay_host`, `RELAY.HOST`, `REALY_HOST`,
 * `HIKYAKU_HOST`): it would be passed over, and the relay start without it.
 */
export function misspeltVariable(name: string): UnknownName | undefined {
  const plain = name.trim().toUpperCase().replaceAll(/[-. ]/g, '_');
  const [prefix = '', ...rest] = plain.split('_');
  const end = rest.join('_');
  const isOurs = letters(prefix) === letters('RELAY') || prefix === 'HIKYAKU';
  const all = isOurs ? [plain, OURS + end, end] : [plain];
  const meant = all.find((one) => pathOf(one) !== undefined);
  if (meant !== undefined) {
    const right =
      meant === name.toUpperCase() ? `write it in capitals: ${meant}` : `did you mean ${meant}?`;
    return { problem: error(name, 'is not a setting', right), meant: pathOf(meant) };
  }
  if (!/^postfix_/i.test(plain)) return undefined;
  const parameter = name.trim().slice('POSTFIX_'.length);
  const right = `write it as POSTFIX_${parameter}`;
  return { problem: error(name, 'is not a setting', right), meant: undefined };
}
