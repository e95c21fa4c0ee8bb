import type { ParameterForm } from './facts.ts';

/** Values of a text's own though their default is a number (mail_params.h: DEF_..., CONFIG_STR_TABLE). */
const TEXTS =
  /_tls_loglevel$|_concurrency_(positive|negative)_feedback$|^milter_protocol$|_tcp_port$|^maillog_file_permissions$/;

/** Whose value may be 0 though the default is not: "no limit", "at once", "never" (postconf(5)). */
const MAY_BE_ZERO = new Set([
  'address_verify_cache_cleanup_interval',
  'body_checks_size_limit',
  'default_delivery_slot_cost',
  'default_delivery_slot_discount',
  'default_delivery_slot_loan',
  'default_destination_concurrency_failed_cohort_limit',
  'default_destination_concurrency_limit',
  'default_destination_recipient_limit',
  'default_extra_recipient_limit',
  'default_minimum_delivery_slots',
  'default_recipient_limit',
  'duplicate_filter_limit',
  'in_flow_delay',
  'postscreen_cache_cleanup_interval',
  'qmgr_clog_warn_time',
  'qmqpd_error_delay',
  'smtpd_client_connection_count_limit',
  'smtpd_error_sleep_time',
]);
const MAY_BE_ZERO_TOO =
  /_(line_length_limit|mx_address_limit|mx_session_limit|pix_workaround_threshold_time|sasl_auth_cache_time|cert_verifydepth|session_cache_timeout|prefix_length)$|^smtp_connect_timeout$|_destination_(concurrency|recipient)_limit$/;

/** Words of a few; any other value ends the daemon that reads it. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['inet_protocols', ['all', 'ipv4', 'ipv6', 'ipv4, ipv6', 'ipv6, ipv4']],
  ['smtp_address_preference', ['any', 'ipv4', 'ipv6']],
  ['lmtp_address_preference', ['any', 'ipv4', 'ipv6']],
  ['smtpd_tls_security_level', ['none', 'may', 'encrypt', '']],
  ['header_from_format', ['standard', 'obsolete']],
  ['smtputf8_enable', ['yes', 'no']],
  ['append_dot_mydomain', ['yes', 'no']],
  ['respectful_logging', ['yes', 'no']],
]);

/** The largest number that the daemons hold, and the largest of what counts bytes (mail_conf_long.c). */
const LARGEST = 2 ** 31 - 1;
const LARGEST_LONG = Number.MAX_SAFE_INTEGER;
const LONG = new Set(['queue_minfree', 'lmdb_map_size']);

/** What is wrong with a value, and what would be right; both without the value itself. */
export type Judgement = readonly [wrong: string, right: string];

/**
 * What Postfix's daemons would end at, again and again, with all mail waiting ("bad numerical
 * configuration" and its kin in mail_conf_int.c, mail_conf_time.c, mail_conf_bool.c). `postconf` and
 * `postfix check` take any value; the daemons themselves cannot be asked without letting them run.
 */
export function judgeValue(
  name: string,
  value: string,
  form: ParameterForm | undefined,
): Judgement | undefined {
  // What another parameter's value makes of it is known to Postfix alone.
  if (value.includes('$')) return undefined;
  const words = WORDS.get(name);
  if (words !== undefined) return judgeWords(value, words);
  if (form === undefined || TEXTS.test(name)) return undefined;
  const [kind, from0] = form.split('-from-');
  if (form === 'yes-no') return judgeWords(value, ['yes', 'no']);
  const zeroIsGood = from0 !== undefined || isZeroGood(name);
  const largest = LONG.has(name) ? LARGEST_LONG : LARGEST;
  return kind === 'number'
    ? judgeNumber(value, /^\d{1,16}$/, 'a whole number', zeroIsGood, largest)
    : judgeNumber(value, /^\d{1,10}[smhdw]?$/, 'a time such as 30s, 5m or 1h', zeroIsGood, largest);
}

const isZeroGood = (name: string): boolean =>
  MAY_BE_ZERO.has(name) || MAY_BE_ZERO_TOO.test(name) || name.endsWith('_code');

function judgeWords(value: string, words: readonly string[]): Judgement | undefined {
  const text = value.toLowerCase().replaceAll(/[\s,]+/g, ', ');
  const shown = words.filter((word) => word !== '' && !word.includes(','));
  return words.includes(text)
    ? undefined
    : ['Postfix knows no such value', `use ${shown.join(' or ')}`];
}

function judgeNumber(
  value: string,
  form: RegExp,
  what: string,
  zeroIsGood: boolean,
  largest: number,
): Judgement | undefined {
  const number = Number.parseInt(value, 10);
  if (!form.test(value) || number > largest) return [`is not ${what}`, `give ${what}`];
  return number > 0 || zeroIsGood ? undefined : ['must be more than 0', `give ${what}`];
}

/** A table that a value refers to: `hash:/etc/postfix/transport`. */
export interface TableReference {
  readonly type: string;
  readonly path: string;
}

/** References to tables in files, by the types that some Postfix has (DATABASE_README). */
const REFERENCE =
  /(?:^|[\s,:{])(btree|cdb|cidr|dbm|hash|ldap|lmdb|mongodb|mysql|nis|nisplus|pcre|pgsql|regexp|sdbm|sqlite|texthash):(\/(?!\/)[^\s,{}]+)/g;

/** The tables that a value refers to; where another parameter decides the path, none is seen. */
export const tablesIn = (value: string): readonly TableReference[] =>
  [...value.matchAll(REFERENCE)]
    .map(([, type = '', path = '']) => ({ type, path }))
    .filter(({ path }) => !path.includes('$'));

/** What postmap adds to a table's name for the file that Postfix opens. */
const SUFFIXES: Readonly<Record<string, string>> = {
  btree: '.db',
  cdb: '.cdb',
  hash: '.db',
  lmdb: '.lmdb',
};

/** The file that Postfix opens for a table. */
export const fileOf = ({ type, path }: TableReference): string => path + (SUFFIXES[type] ?? '');
