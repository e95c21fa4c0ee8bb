import ipaddr from 'ipaddr.js';
import { splitValue } from './value-list.ts';

/** The form of a parameter's values, from its default (postconf(5), "SYNTAX"). */
export type ParameterForm = 'number' | 'time' | 'yes-no';

/** The fault of a value and its remedy, both without the value itself. */
export type Judgement = readonly [wrong: string, right: string];

/** Texts or fractions, though their default is a whole number (mail_params.h). */
const TEXTS = /_tls_loglevel$|_feedback$|^milter_protocol$|_tcp_port$|^maillog_file_permissions$/;

/** Parameters that people set to 0 for "no limit" or "at once", which ends the daemons. */
const NEVER_ZERO =
  /^(qmgr_message_(active|recipient)_limit|smtpd_recipient_limit|(default_process|hopcount)_limit)$|_(run_delay|time_unit|backoff_time)$|(?<!_connect|_cache)_timeout$/;

/** Words of a few, of which one is given. */
const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['inet_protocols', ['all', 'ipv4', 'ipv6', 'ipv4, ipv6', 'ipv6, ipv4']],
  ['smtp_address_preference', ['any', 'ipv4', 'ipv6']],
  ['smtpd_tls_security_level', ['none', 'may', 'encrypt', '']],
  ['smtpd_sasl_type', ['cyrus', 'dovecot']],
  ['smtpd_upstream_proxy_protocol', ['haproxy', '']],
  ['milter_default_action', ['accept', 'reject', 'tempfail', 'quarantine', 'shutdown']],
  ['smtpd_forbid_bare_newline', ['yes', 'no', 'normalize', 'reject', 'note']],
]);

const CIPHERS = ['export', 'low', 'medium', 'high', 'null'];

/** Words of which there may be several (name_mask.c). */
const SEVERAL_WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['smtp_host_lookup', ['dns', 'native']],
  [
    'smtpd_sasl_security_options',
    ['noplaintext', 'noactive', 'nodictionary', 'noanonymous', 'mutual_auth', 'forward_secrecy'],
  ],
  [
    'notify_classes',
    ['bounce', '2bounce', 'data', 'delay', 'policy', 'protocol', 'resource', 'software'],
  ],
  [
    'receive_override_options',
    ['no_unknown_recipient_checks', 'no_address_mappings', 'no_header_body_checks', 'no_milters'],
  ],
]);

/** The largest number for the daemons, and for parameters that count bytes (mail_conf_long.c). */
const LARGEST = 2 ** 31 - 1;
const LARGEST_LONG = Number.MAX_SAFE_INTEGER;
const LONG = new Set(['queue_minfree', 'lmdb_map_size']);

/**
 * Mistakes that people make, and that Postfix's daemons would end at or put all mail off for.
 * `postconf` and `postfix check` take any value, and the daemons cannot be asked without a running
 * master (docs/decisions.md, "Settings").
 * @param form as the default's in this image's Postfix (`postconf -dx`)
 */
export function judgeValue(
  name: string,
  value: string,
  form: ParameterForm | undefined,
): Judgement | undefined {
  // Only Postfix knows the value of another parameter.
  if (value.includes('$')) return undefined;
  return judgeText(name, value) ?? judgeForm(name, value, form);
}

function judgeText(name: string, value: string): Judgement | undefined {
  const several = SEVERAL_WORDS.get(name);
  if (several !== undefined) return judgeSeveral(value, several);
  if (/_tls_(mandatory_)?ciphers$/.test(name)) return judgeWords(value, CIPHERS);
  if (/_tls_(mandatory_)?protocols$/.test(name)) return judgeProtocols(value);
  if (/^(smtpd|non_smtpd)_milters$/.test(name)) return judgeMilters(value);
  if (/^content_filter$|_transport$/.test(name)) return judgeTransport(value);
  if (/^smtp_bind_address6?$/.test(name)) return judgeAddress(name, value);
  if (name === 'always_bcc' && /[\s,]/.test(value)) {
    return ['is more than one address', 'give only one'];
  }
  return undefined;
}

function judgeForm(
  name: string,
  value: string,
  form: ParameterForm | undefined,
): Judgement | undefined {
  const words = WORDS.get(name);
  if (words !== undefined) return judgeWords(value, words);
  if (form === undefined || TEXTS.test(name)) return undefined;
  const largest = LONG.has(name) ? LARGEST_LONG : LARGEST;
  switch (form) {
    case 'yes-no':
      return judgeWords(value, ['yes', 'no']);
    case 'number':
      return judgeNumber(name, value, /^\d{1,16}$/, 'a whole number', largest);
    case 'time':
      return judgeNumber(
        name,
        value,
        /^\d{1,10}[smhdw]?$/,
        'a time such as 30s, 5m or 1h',
        largest,
      );
  }
}

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

function judgeAddress(name: string, value: string): Judgement | undefined {
  const wanted = name.endsWith('6') ? 'IPv6' : 'IPv4';
  const isGood = value === '' || ipaddr[wanted].isValid(value.replace(/^\[(.*)\]$/, '$1'));
  return isGood ? undefined : [`is not an address of ${wanted}`, 'use one, or leave it out'];
}

function judgeNumber(
  name: string,
  value: string,
  form: RegExp,
  what: string,
  largest: number,
): Judgement | undefined {
  const number = Number.parseInt(value, 10);
  if (!form.test(value) || number > largest) return [`is not ${what}`, `give ${what}`];
  return number === 0 && NEVER_ZERO.test(name)
    ? ['must be more than 0', `give ${what}`]
    : undefined;
}
