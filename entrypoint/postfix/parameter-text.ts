import ipaddr from 'ipaddr.js';
import type { Judgement, ParameterForm } from './parameter-value.ts';
import { splitValue } from './value-list.ts';

/** Forms of values whose default is an expression (`${stress?{10}:{300}}s`), and so tells none. */
export const FORMS_OF_EXPRESSIONS: ReadonlyMap<string, ParameterForm> = new Map([
  ['address_verify_poll_count', 'number'],
  ['lmtp_per_request_deadline', 'yes-no'],
  ['smtp_per_request_deadline', 'yes-no'],
  ['smtpd_hard_error_limit', 'number'],
  ['smtpd_junk_command_limit', 'number'],
  ['smtpd_per_request_deadline', 'yes-no'],
  ['smtpd_relay_before_recipient_restrictions', 'yes-no'],
  ['smtpd_starttls_timeout', 'time'],
  ['smtpd_timeout', 'time'],
]);

/** Certificates and keys: Postfix offers no TLS where it does not find them. */
const TLS_FILES =
  /^(smtpd?|lmtp|tlsproxy|tlsproxy_client)_(tls_)?(CAfile|CApath|chain_files|trust_anchor_file|\w*(cert|key)_file)$/;

/**
 * What Postfix would end at, or put all mail off for, in values that are texts. Each was seen in the
 * image: it starts with the wrong value, or does not even start.
 */
export function judgeText(name: string, value: string): Judgement | undefined {
  // What another parameter's value makes of it is known to Postfix alone.
  if (value.includes('$')) return undefined;
  if (name === 'mydomain' && !/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/i.test(value)) {
    return ['is no domain', 'use one such as example.com'];
  }
  if (/^(smtp|lmtp)_bind_address6?$/.test(name)) return judgeAddress(name, value);
  if (name === 'always_bcc' && /[\s,]/.test(value.trim())) {
    return ['is more than one address', 'give one alone'];
  }
  if (TLS_FILES.test(name) && !/^(none|(\/\S+[\s,]*)*)$/i.test(value)) {
    return ['is not the full path of a file', 'start it with "/"'];
  }
  if (name === 'smtpd_proxy_filter' && !/^($|unix:\/?\S+$|(inet:)?\S+:\w+$)/.test(value)) {
    return ['is not the address of a filter', 'use host:port, such as 127.0.0.1:10025'];
  }
  if (/_(reject|defer|error|failure)_code$|^(reject|defer|rbl|error)_code$/.test(name)) {
    return /^[245]\d\d$/.test(value)
      ? undefined
      : ['is not the code of a reply', 'use three digits, such as 550'];
  }
  return judgeLeast(name, value) ?? judgeName(name, value) ?? judgeStandstill(name, value);
}

/** Limits with a least value, below which no mail gets through, or not whole. 0 is no limit. */
const LEAST: ReadonlyMap<string, number> = new Map([
  ['header_size_limit', 1000],
  ['hopcount_limit', 2],
  ['line_length_limit', 512],
  ['lmtp_line_length_limit', 512],
  ['smtp_line_length_limit', 512],
]);

function judgeLeast(name: string, value: string): Judgement | undefined {
  const least = LEAST.get(name);
  if (least === undefined || !/^\d+$/.test(value) || Number(value) === 0) return undefined;
  return Number(value) >= least
    ? undefined
    : ['is less than any mail needs', `give ${least} at least, or leave it out`];
}

function judgeName(name: string, value: string): Judgement | undefined {
  if (name !== 'smtp_helo_name' && name !== 'lmtp_lhlo_name') return undefined;
  return /^(\[[\w.:]+\]|[a-z0-9-]+(\.[a-z0-9-]+)*)?$/i.test(value)
    ? undefined
    : ['is no host name, and servers would refuse it', 'use one such as relay.example.com'];
}

/** With these all mail waits, or TLS fails with everybody. */
function judgeStandstill(name: string, value: string): Judgement | undefined {
  if (name === 'defer_transports' && splitValue(value).includes('smtp')) {
    return ['lets all mail wait until somebody flushes the queue', 'leave it out'];
  }
  if (/_exclude_ciphers$/.test(name) && value.split(/[\s,:]+/).includes('ALL')) {
    return ['leaves no cipher for TLS', 'name the ciphers that you do not want'];
  }
  return undefined;
}

function judgeAddress(name: string, value: string): Judgement | undefined {
  const wanted = name.endsWith('6') ? 'IPv6' : 'IPv4';
  const isGood = value === '' || ipaddr[wanted].isValid(value.replace(/^\[(.*)\]$/, '$1'));
  return isGood ? undefined : [`is not an address of ${wanted}`, 'use one, or leave it out'];
}
