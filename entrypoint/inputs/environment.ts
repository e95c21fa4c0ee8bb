import type { Environment } from '../cli/verb.ts';
import { error, type Problem } from '../messages/problem.ts';
import type { Given, GivenSecretFile, GivenText, GivenValue } from '../settings/naming/given.ts';
import { pathOfValue, settingsByVariable } from '../settings/naming/names.ts';
import type { Setting } from '../settings/setting.ts';
import {
  misspeltVariable,
  OURS,
  SOURCES,
  type UnknownName,
  unknownVariable,
} from './unknown-variable.ts';

const POSTFIX = 'POSTFIX_';

// Kubernetes puts a family of variables for every service into every container, so a service that
// is called relay or postfix makes names like ours (kubernetes.io, "Discovering services").
const KUBERNETES_NAME =
  /_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
const isInjected = (name: string, value: string): boolean =>
  KUBERNETES_NAME.test(name) || (name.endsWith('_PORT') && /^(tcp|udp|sctp):\/\//.test(value));

/** `"attached, host"`: in an env file, or in a list in Compose, quotes are a part of the value. */
const isQuoted = (text: string): boolean => /^(".*"|'.*')$/s.test(text);

const IN_QUOTES = ['stands in quotes, which are a part of it', 'remove the quotes'] as const;

/** Splits the text of a list: commas and blanks separate. */
const splitList = (where: string, text: string): readonly GivenText[] =>
  text
    .split(/[\s,]+/)
    .filter((item) => item !== '')
    .map((item) => ({ where, text: item }));

/** Splits the text of an address table: `from=to, from=to`. */
function splitTable(where: string, text: string): GivenValue {
  const rows = splitList(where, text).map((item) => {
    const equals = item.text.indexOf('=');
    const [from, to] =
      equals < 0 ? [item.text, ''] : [item.text.slice(0, equals), item.text.slice(equals + 1)];
    return { from: { where, text: from.trim() }, to: { where, text: to.trim() } };
  });
  return { shape: 'table', where, rows };
}

/** The meaning of one text for a setting, by the setting's shape. */
export function givenFromText(setting: Setting<unknown>, where: string, text: string): GivenValue {
  switch (setting.shape) {
    case 'one':
      return { shape: 'one', where, text };
    case 'list':
      return { shape: 'list', where, items: splitList(where, text) };
    case 'table':
      return splitTable(where, text);
  }
}

/** Reads the variables that are ours. An empty one counts as not set. */
export function readEnvironment(environment: Environment): Given {
  const values = new Map<string, GivenValue>();
  const secretFiles = new Map<string, GivenSecretFile>();
  const problems: Problem[] = [];
  const meant = new Map<string, string>();
  const overrides: { from: GivenText; to: GivenText }[] = [];
  const note = (name: string, unknown: UnknownName): void => {
    problems.push(unknown.problem);
    if (unknown.meant !== undefined) meant.set(unknown.meant, name);
  };

  for (const [name, value = ''] of Object.entries(environment).sort(byName)) {
    if (value === '' || SOURCES.includes(name) || isInjected(name, value)) continue;
    if (name.startsWith(POSTFIX)) {
      const from = { where: name, text: name.slice(POSTFIX.length) };
      overrides.push({ from, to: { where: name, text: value } });
      continue;
    }
    if (!name.startsWith(OURS)) {
      const misspelt = misspeltVariable(name);
      if (misspelt !== undefined) note(name, misspelt);
      continue;
    }
    const known = settingsByVariable.get(name);
    if (known === undefined) {
      note(name, unknownVariable(name));
    } else if (known.setting.fileOf !== undefined) {
      secretFiles.set(pathOfValue(known), { where: name, file: value });
    } else if (isQuoted(value) && !known.setting.secret) {
      problems.push({ ...error(name, ...IN_QUOTES), setting: known.path });
      meant.set(known.path, name);
    } else {
      values.set(known.path, givenFromText(known.setting, name, value));
    }
  }
  if (overrides.length > 0) {
    values.set('postfix', { shape: 'table', where: 'POSTFIX_*', rows: overrides });
  }
  return { values, secretFiles, places: new Map(), problems, isIncomplete: false, meant };
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
