import { nearest } from '../../messages/nearest.ts';
import type { Fields } from '../setting.ts';
import { settingsTable } from '../table.ts';
import { pathOfValue, settingsOf, variableName } from './names.ts';

/** Names of settings in other programs, by the path of our setting. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  'relay.host':
    'server smarthost smtp mail smtp_host smtp_server mail_host mail_server relayhost relay_host',
  'relay.port': 'smtp_port relay_port',
  'relay.username':
    'user login account email user_name smtp_user smtp_username sasl_username relay_username',
  'relay.password': 'pass passwd pwd passwort secret token api_key smtp_password sasl_password',
  'relay.tls': 'ssl starttls encryption security secure tls_level use_tls tls_security_level',
  'relay.ca_file': 'ca cafile ca_cert cert certificate tls_ca',
  'relay.mechanisms': 'auth auth_method mechanism',
  'relay.connections': 'max_connections concurrency',
  networks: 'mynetworks network allowed_networks trusted_networks accepted_networks subnets',
  allowed_senders: 'senders sender_domains allowed_sender_domains',
  allowed_recipients: 'recipients',
  listen: 'ports listen_port listen_ports',
  message_size: 'size max_size max_message_size message_size_limit',
  queue_lifetime: 'lifetime maximal_queue_lifetime',
  generic: 'rewrite rewrites generic_maps smtp_generic_maps',
  canonical: 'canonical_maps',
  virtual: 'alias aliases virtual_alias_maps',
  'local.domains': 'mydestination',
  'database.driver': 'type',
  'database.hosts': 'db_host db_hosts',
  'database.user': 'username login db_user',
  'database.password': 'db_pass db_password',
  'database.name': 'dbname database db db_name',
};

const all = settingsOf(settingsTable);
const paths = all.map(({ path }) => path);

const lastKey = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const isOtherName = (path: string, name: string): boolean =>
  OTHER_NAMES[path]?.split(' ').includes(name) === true;

/** The probable meaning of an unknown name: the path of a setting, and its spelling. */
export interface Meaning {
  readonly path: string;
  readonly right: string;
}

/**
 * The probable meaning of an unknown YAML key: a key of the same section, or of another one.
 * @param prefix the path of the section with its dot: `relay.`, `accounts.0.`, or empty
 */
export function meaningOfKey(key: string, fields: Fields, prefix: string): Meaning | undefined {
  const word = key.toLowerCase().replaceAll('-', '_');
  const section = prefix.replace(/^accounts\.\d+\.|^relay\.backups\.\d+\./, 'relay.');
  const others = paths.filter((path) => path.startsWith(section) && isOtherName(path, word));
  const other = others.map(lastKey).find((name) => Object.hasOwn(fields, name));
  const name = (prefix === '' ? undefined : other) ?? nearest(key, Object.keys(fields));
  if (name !== undefined) {
    return { path: prefix + keyOfValue(name, fields), right: `did you mean ${name}?` };
  }
  const path =
    paths.find((one) => spellings(one).includes(word)) ??
    paths.find((one) => lastKey(one) === word) ??
    paths.find((one) => !one.startsWith('database.') && isOtherName(one, word));
  if (path !== undefined) return { path: valuePathOf(path), right: placeOf(path) };
  return prefix === '' && PARAMETER.test(word) ? { path: 'postfix', right: OF_POSTFIX } : undefined;
}

/** The path that receives the value of the setting at a path. */
function valuePathOf(path: string): string {
  const named = all.find((one) => one.path === path);
  return named === undefined ? path : pathOfValue(named);
}

/** `relay.host` as one key: with its dot, with "_" in its place, as a variable. */
const spellings = (path: string): readonly string[] => [
  path,
  path.replaceAll('.', '_'),
  variableName(path).toLowerCase(),
];

/** How parameters of Postfix begin. */
const PARAMETER =
  /^(smtpd?|lmtp|qmgr|tls|milter|virtual|default|maximal|minimal|header|body|inet|delay|bounce)_/;
const OF_POSTFIX = 'write it indented below postfix, if it is one of its parameters';

/** The key that receives the value; for the name of a secret's file, the key of the secret. */
function keyOfValue(name: string, fields: Fields): string {
  const field = fields[name];
  return field?.kind === 'setting' ? (field.fileOf ?? name) : name;
}

/** How to write a setting that stands in the wrong section. */
function placeOf(path: string): string {
  const dot = path.lastIndexOf('.');
  if (dot < 0) return `write it as ${path}, at the left margin`;
  return `write it as ${lastKey(path)}, indented below ${path.slice(0, dot)}`;
}

/** The variable that another word behind `RELAY_` meant. */
export function variableMeant(variable: string): string | undefined {
  const word = variable.replace(/^RELAY_/, '').toLowerCase();
  const path = paths.find((one) => isOtherName(one, word));
  return path === undefined ? undefined : variableName(path);
}
