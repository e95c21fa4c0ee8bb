import { splitValue } from './value-list.ts';

/** What the form of a parameter's default tells of its values (postconf(5), "SYNTAX"). */
export type ParameterForm = 'number' | 'number-from-0' | 'time' | 'time-from-0' | 'yes-no';

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

const FACILITIES = [
  ...['auth', 'authpriv', 'cron', 'daemon', 'ftp', 'kern', 'lpr', 'mail', 'news', 'syslog', 'user'],
  ...['uucp', ...Array.from({ length: 8 }, (_, at) => `local${at}`)],
];

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
  ['info_log_address_format', ['external', 'internal']],
  ['smtpd_sasl_type', ['cyrus', 'dovecot']],
  ['smtpd_upstream_proxy_protocol', ['haproxy', '']],
  ['milter_default_action', ['accept', 'reject', 'tempfail', 'quarantine', 'shutdown']],
  ['syslog_facility', FACILITIES],
  ['smtpd_forbid_bare_newline', ['yes', 'no', 'normalize', 'reject', 'note']],
]);

const SASL_OPTIONS = [
  'noplaintext',
  'noactive',
  'nodictionary',
  'noanonymous',
  'mutual_auth',
  'forward_secrecy',
];
const ADDRESSES = ['envelope_sender', 'envelope_recipient', 'header_sender', 'header_recipient'];
const DIGESTS = ['sha256', 'sha512', 'sha384', 'sha224', 'sha1', 'md5'];
const CIPHERS = ['export', 'low', 'medium', 'high', 'null'];

/** Words of which there may be several; any other ends the daemon that reads it (name_mask.c). */
const SEVERAL_WORDS: readonly (readonly [name: RegExp, words: readonly string[]])[] = [
  [/^(smtp|lmtp)_host_lookup$/, ['dns', 'native']],
  [/^(smtp|lmtp)_dns_resolver_options$/, ['res_defnames', 'res_dnsrch']],
  [/^(smtpd?|lmtp)_sasl_(tls_)?security_options$/, SASL_OPTIONS],
  [
    /^notify_classes$/,
    ['bounce', '2bounce', 'data', 'delay', 'policy', 'protocol', 'resource', 'software'],
  ],
  [/^(canonical|masquerade)_classes$/, ADDRESSES],
  [/^internal_mail_filter_classes$/, ['bounce', 'notify']],
  [
    /^smtputf8_autodetect_classes$/,
    ['sendmail', 'smtpd', 'qmqpd', 'forward', 'bounce', 'notify', 'verify', 'all'],
  ],
  [
    /^propagate_unmatched_extensions$/,
    ['canonical', 'virtual', 'alias', 'forward', 'include', 'generic'],
  ],
  [
    /^receive_override_options$/,
    ['no_unknown_recipient_checks', 'no_address_mappings', 'no_header_body_checks', 'no_milters'],
  ],
];

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
  const several = SEVERAL_WORDS.find(([names]) => names.test(name));
  if (several !== undefined) return judgeSeveral(value, several[1]);
  if (/_tls_(mandatory_)?ciphers$/.test(name)) return judgeWords(value, CIPHERS);
  if (name.endsWith('_tls_fingerprint_digest')) return judgeWords(value, DIGESTS);
  if (/_tls_(mandatory_)?protocols$/.test(name)) return judgeProtocols(value);
  if (/^(smtpd|non_smtpd)_milters$/.test(name)) return judgeMilters(value);
  if (/^content_filter$|_transport$/.test(name)) return judgeTransport(value);
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

function judgeSeveral(value: string, words: readonly string[]): Judgement | undefined {
  const wrong = splitValue(value).some((word) => !words.includes(word.toLowerCase()));
  return wrong ? ['Postfix knows no such value', `use ${words.join(', ')}`] : undefined;
}

/** `>=TLSv1.2`, or `!SSLv3, !TLSv1` (smtp_tls_protocols in postconf(5)); else no TLS is possible. */
function judgeProtocols(value: string): Judgement | undefined {
  const form = /^(!|[<>]=)?(SSLv2|SSLv3|TLSv1(\.[1-3])?|0x?[0-9a-f]{4})$/i;
  const words = value.split(/[\s,:]+/).filter((word) => word !== '');
  if (!words.every((word) => form.test(word))) {
    return ['Postfix knows no such protocol', 'use >=TLSv1.2'];
  }
  const isWithout = (protocol: string): boolean => words.some((word) => leavesOut(word, protocol));
  return isWithout('1.2') && isWithout('1.3')
    ? ['leaves out what servers speak today, TLSv1.2 and TLSv1.3', 'use >=TLSv1.2']
    : undefined;
}

/** `!TLSv1.3`, `<=TLSv1.1`: whether the word takes this version away. */
const leavesOut = (word: string, version: string): boolean =>
  word.toLowerCase() === `!tlsv${version}` || /^<=(SSLv[23]|TLSv1(\.1)?)$/i.test(word);

/** `inet:host:port` or `unix:/path`; with anything else no client can send (milter.c). */
function judgeMilters(value: string): Judgement | undefined {
  const form = /^(\{.*\}|inet6?:.+:\w+|inet6?:\w+@.+|(unix|local):.+)$/;
  return splitValue(value).every((word) => form.test(word))
    ? undefined
    : ['is not the address of a milter', 'use inet:host:port or unix:/path'];
}

/** The services of this image that deliver (render/master-cf.ts). */
const SERVICES = ['smtp', 'relay', 'virtual', 'error', 'retry', 'discard'];

/** `service:nexthop`; mail for a service that is not there waits ("mail transport unavailable"). */
function judgeTransport(value: string): Judgement | undefined {
  const [service = ''] = value.split(':');
  if (service === '' || SERVICES.includes(service)) return undefined;
  return ['names a service that this relay does not run', `use ${SERVICES.join(', ')}`];
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
