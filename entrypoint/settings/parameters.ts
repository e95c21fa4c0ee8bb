import { references } from './reference.ts';
import { parametersOf } from './setting.ts';

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

/** Every main.cf parameter that the user cannot set, with what to do instead. */
export const managedParameters: ReadonlyMap<string, string> = new Map([
  ...FIXED.map((name): [string, string] => [name, LEAVE_OUT]),
  // A setting that has a variable is named before one that stands in a list of sections alone.
  ...[...references()]
    .sort((a, b) => Number(a.variable !== undefined) - Number(b.variable !== undefined))
    .flatMap(({ path, variable, setting }) =>
      parametersOf(setting).map((name): [string, string] => [
        name,
        variable === undefined ? `use ${path} in YAML instead` : `use ${variable} instead`,
      ]),
    ),
]);
