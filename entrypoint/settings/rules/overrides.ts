import { splitValue } from '../../postfix/value-list.ts';
import type { Facts } from '../facts.ts';
import type { Given } from '../given.ts';
import { settingsByVariable } from '../names.ts';
import { nearest } from '../nearest.ts';
import { LEAVE_OUT, managedParameters } from '../parameters.ts';
import { error, type Problem } from '../problem.ts';
import type { RawSettings } from '../table.ts';
import { checkValue } from './override-values.ts';

/** How Postfix's programs find each other: with another name, clients wait for an answer in vain. */
const SERVICE = /_service_name$/;

/** Parameters that this Postfix does not know, or that are not the user's to set. */
export function checkOverrides({ postfix }: RawSettings, given: Given, facts: Facts): Problem[] {
  const value = given.values.get('postfix');
  const rows = value?.shape === 'table' ? value.rows : [];
  const names = new Set(postfix.map(({ from }) => from));
  const classes = new Set(
    postfix
      .filter(({ from }) => from === 'smtpd_restriction_classes')
      .flatMap(({ to }) => splitValue(to)),
  );
  return postfix.flatMap(({ from: name, to: text }) => {
    const where = rows.find((row) => row.from.text === name)?.from.where ?? 'postfix';
    const setting = managedParameters.get(name) ?? (SERVICE.test(name) ? LEAVE_OUT : undefined);
    if (setting !== undefined) {
      return [error(where, `${name} is set by Hikyaku itself`, inWordsOf(where, setting))];
    }
    if (refersTo(name, text)) {
      const wrong = `${name} refers to itself, which ends Postfix`;
      return [error(where, wrong, 'write out what it should be')];
    }
    const isClass = classes.has(name);
    return (
      (isClass ? undefined : checkName(name, where, facts)) ??
      checkValue(name, text, where, facts, names, classes)
    );
  });
}

/** In the file a setting is called by its key. */
const inWordsOf = (where: string, right: string): string =>
  where.startsWith('POSTFIX_')
    ? right
    : right.replace(/RELAY_[A-Z_]+/, (name) => settingsByVariable.get(name)?.path ?? name);

/** Whether a value holds `$name`, `${name}`, `$(name)` or `${name?...}` of that name. */
const refersTo = (name: string, text: string): boolean =>
  new RegExp(`(^|[^$])\\$[({]?${name}(?![A-Za-z0-9_])`).test(text);

/** A name that this Postfix does not know, or nothing. */
function checkName(name: string, where: string, { parameterNames }: Facts): Problem[] | undefined {
  if (parameterNames === undefined || parameterNames.includes(name)) return undefined;
  const near = nearest(name, parameterNames);
  const right = near === undefined ? 'look for it in postconf(5)' : `did you mean ${near}?`;
  return [error(where, `this Postfix has no parameter ${name}`, right)];
}
