import { variableName } from '../../naming/names.ts';
import { references } from '../../naming/reference.ts';
import { parametersOf } from '../../setting.ts';

export const LEAVE_OUT = 'leave it out: the image depends on its value';

/** Parameters on which the image's own way of working rests; no setting changes them. */
const FIXED = [
  'compatibility_level',
  'config_directory',
  'queue_directory',
  'hash_queue_names',
  'hash_queue_depth',
  'data_directory',
  'meta_directory',
  'daemon_directory',
  'command_directory',
  'mail_owner',
  'default_privs',
  'setgid_group',
  'maillog_file',
  'maillog_file_prefixes',
  'mydestination',
  'relay_domains',
  'local_transport',
  'alias_maps',
  'alias_database',
  'smtp_sasl_type',
  'smtp_sasl_tls_security_options',
  'smtpd_recipient_restrictions',
  'import_environment',
  'master_service_disable',
  'smtpd_authorized_xclient_hosts',
  'smtpd_authorized_xforward_hosts',
  'shlib_directory',
  'tls_random_source',
] as const;

const fixed: ReadonlySet<string> = new Set(FIXED);

/** How Postfix's programs find each other: with another name, clients wait for an answer in vain. */
const SERVICE = /_service_name$/;

/** Whether the image's own way of working rests on a parameter. */
export const isFixed = (name: string): boolean => fixed.has(name) || SERVICE.test(name);

/** The settings that decide parameters, by the parameter: the path as references have it. */
export const settingOfParameter: ReadonlyMap<string, string> = new Map(
  // A setting with a variable is preferred to one that exists only in a list of sections.
  [...references()]
    .sort((a, b) => Number(a.variable !== undefined) - Number(b.variable !== undefined))
    .flatMap(({ path, setting }) =>
      parametersOf(setting).map((name): [string, string] => [name, path]),
    ),
);

/** Every main.cf parameter that the user cannot set, with what to do instead. */
export const managedParameters: ReadonlyMap<string, string> = new Map([
  ...FIXED.map((name): [string, string] => [name, LEAVE_OUT]),
  ...[...settingOfParameter].map(([name, path]): [string, string] => [
    name,
    path.includes('[]') ? `use ${path} in YAML instead` : `use ${variableName(path)} instead`,
  ]),
]);
