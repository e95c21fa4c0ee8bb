/** The final report: the lines that keep a change, and the settings for the device. */
import { type Change, changedValue } from '../settings/changes.ts';
import type { Given } from '../settings/naming/given.ts';
import { nameOf } from '../settings/naming/given.ts';
import { harmless } from './pair-words.ts';
import type { Ending, Outcome } from './pairing.ts';
import type { NewLogin } from './proposal.ts';

/** The place of the password. */
const SECRET_FILE = '/run/secrets/device';

/** One setting as it is to be kept. */
export interface Kept {
  readonly path: string;
  readonly value: string | readonly string[];
}

/** The settings as they are to be written down: a password by its file, no offer of TLS that a login brings. */
export function keptSettings(given: Given, changes: readonly Change[]): readonly Kept[] {
  const hasLogin = changes.some(({ path }) => path === 'submission.password');
  const all = new Map<string, Kept>();
  for (const change of changes) {
    const { path } = change;
    if (path === 'submission.tls' && hasLogin) continue;
    if (path === 'submission.password') {
      all.set(path, { path: 'submission.password_file', value: SECRET_FILE });
    } else {
      all.set(path, { path, value: changedValue(given, change) });
    }
  }
  return [...all.values()];
}

const listText = (items: readonly string[]): string =>
  `[${items.map((item) => (/^[\w./@-]+$/.test(item) ? item : JSON.stringify(item))).join(', ')}]`;

/** Lines of relay.yaml, sections together. */
function yamlLines(kept: readonly Kept[]): readonly string[] {
  const entry = (key: string, { value }: Kept): string =>
    `${key}: ${typeof value === 'string' ? value : listText(value)}`;
  const inSection = (one: Kept): boolean => one.path.includes('.');
  const sections = Map.groupBy(kept.filter(inSection), ({ path }) => path.split('.')[0] ?? '');
  return [
    ...kept.filter((one) => !inSection(one)).map((one) => entry(one.path, one)),
    ...[...sections].flatMap(([section, all]) => [
      `${section}:`,
      ...all.map((one) => `  ${entry(one.path.slice(section.length + 1), one)}`),
    ]),
  ];
}

/** The lines that keep the settings, in the file or as variables, as the user gives the others. */
export function keepLines(given: Given, kept: readonly Kept[]): readonly string[] {
  const named = kept.map((one) => [one, nameOf(given, one.path)] as const);
  const variables = named.filter(([{ path }, name]) => name !== path);
  const inFile = named.flatMap(([one, name]) => (name === one.path ? [one] : []));
  return [
    ...yamlLines(inFile),
    ...variables.map(
      ([{ value }, name]) => `${name}=${typeof value === 'string' ? value : value.join(', ')}`,
    ),
  ];
}

const ENDINGS: Readonly<Record<Ending, string>> = {
  time: 'the time is over',
  interrupted: 'ended',
  nobody: 'there is no terminal to ask at: use docker exec -it, or name the device and add --yes',
  log: 'the log cannot be followed any more: another reload, perhaps',
};

const loginLine = (login: NewLogin | null, username: string | null): string => {
  if (login !== null) return `${login.username}, password ${login.password}`;
  return username === null ? 'none' : harmless(username);
};

/** The end of the conversation, in lines. */
export function outcomeLines(outcome: Outcome, given: Given): readonly string[] {
  const { ok, ending, changes, connection, login, username, tries } = outcome;
  if (!ok) {
    return [
      `${ending === null ? 'nothing came of it' : ENDINGS[ending]}; the settings are as they were`,
      ...(tries.length > 0
        ? []
        : [
            'No device came as far as this relay. Check the server address on the device, and that',
            'the port is published (docker ps shows it).',
          ]),
    ];
  }
  const kept = keptSettings(given, changes);
  return [
    '',
    'The device can send. On the device:',
    ...(connection === null
      ? []
      : [`  port       ${connection.port}`, `  security   ${connection.security}`]),
    `  user name  ${loginLine(login, username)}`,
    '',
    ...(kept.length === 0
      ? ['The settings stay as they were.']
      : [
          'In force until the next reload or start. To keep it, add to the settings:',
          ...keepLines(given, kept).map((line) => `  ${line}`),
          ...(login === null
            ? []
            : [`  and put the password into the file that is mounted as ${SECRET_FILE}`]),
        ]),
  ];
}
