import { nearest } from '../../../messages/nearest.ts';
import { splitValue } from '../../../postfix/value-list.ts';
import type { Facts } from '../../facts.ts';
import {
  error,
  FEW,
  type Finding,
  type Place,
  say,
  setting,
  type Words,
} from '../../naming/finding.ts';
import type { Row } from '../../setting.ts';
import type { RawSettings } from '../../table.ts';
import { isFixed, LEAVE_OUT, settingOfParameter } from './managed-parameters.ts';
import { checkValue } from './override-values.ts';

const placeOf = (name: string): Place => ({ path: 'postfix', entry: name });

/** Parameters that this Postfix does not know, or that are not the user's to set. */
export function checkOverrides({ postfix }: RawSettings, facts: Facts): readonly Finding[] {
  const classes = new Set(
    postfix
      .filter(({ from }) => from === 'smtpd_restriction_classes')
      .flatMap(({ to }) => splitValue(to)),
  );
  const known = new Set(facts.parameterNames);
  const isUnknown = ({ from: name }: Row): boolean =>
    facts.parameterNames !== undefined &&
    !known.has(name) &&
    !classes.has(name) &&
    !isManaged(name);
  const names = new Set(postfix.map(({ from }) => from));
  return [
    ...checkNames(postfix.filter(isUnknown), facts),
    ...postfix
      .filter((row) => !isUnknown(row))
      .flatMap(({ from: name, to: value }) => {
        if (isManaged(name)) {
          return [error(placeOf(name), `${name} is set by Hikyaku itself`, instead(name))];
        }
        if (!refersTo(name, value)) {
          return checkValue(name, value, placeOf(name), facts, names, classes);
        }
        const wrong = `${name} refers to itself, which ends Postfix`;
        return [error(placeOf(name), wrong, 'write out what it should be')];
      }),
  ];
}

const isManaged = (name: string): boolean => isFixed(name) || settingOfParameter.has(name);

function instead(name: string): Words {
  const path = settingOfParameter.get(name);
  if (path === undefined) return LEAVE_OUT;
  return path.includes('[]') ? `use ${path} in YAML instead` : say`use ${setting(path)} instead`;
}

/** Whether a value holds `$name`, `${name}`, `$(name)` or `${name?...}` of that name. */
const refersTo = (name: string, text: string): boolean =>
  text.includes(name) && new RegExp(`(^|[^$])\\$[({]?${name}(?![A-Za-z0-9_])`).test(text);

/** Names that this Postfix does not know. The first few get a suggestion. */
const checkNames = (unknown: readonly Row[], { parameterNames = [] }: Facts): readonly Finding[] =>
  unknown.map(({ from: name }, index) => {
    const near = index < FEW ? nearest(name, parameterNames) : undefined;
    const right = near === undefined ? 'look for it in postconf(5)' : `did you mean ${near}?`;
    return error(placeOf(name), `this Postfix has no parameter ${name}`, right);
  });
