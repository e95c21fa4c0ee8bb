/** The parameters that name files of certificates and keys (postconf(5)). */
import type { Judgement } from './parameter-value.ts';

/** A certificate and its key: for those who hand in mail here, and for ours as a client. */
export const KEY_PAIRS = [
  ['smtpd_tls_cert_file', 'smtpd_tls_key_file'],
  ['smtp_tls_cert_file', 'smtp_tls_key_file'],
] as const;

const OF_A_PAIR: ReadonlySet<string> = new Set(KEY_PAIRS.flat());

const NAMES =
  /^tls_config_file$|^(smtpd?|lmtp|tlsproxy|tlsproxy_client)_(tls_)?(CAfile|chain_files|trust_anchor_file|(ec|d)?(cert|key)_file|dh\d+_param_file)$/;

/** Postfix itself judges a value that refers to a parameter or is not a path. */
export const isPath = (value: string): boolean => value.startsWith('/') && !value.includes('$');

/** The files that a parameter names; empty for other parameters. */
export const certificateFilesIn = (name: string, value: string): readonly string[] =>
  NAMES.test(name) ? value.split(/[\s,]+/).filter(isPath) : [];

/**
 * Those but for the pairs, which are looked into (inputs/key-pairs.ts). Without them Postfix offers
 * no TLS, or trusts nobody.
 */
export const unpairedFilesIn = (name: string, value: string): readonly string[] =>
  OF_A_PAIR.has(name) ? [] : certificateFilesIn(name, value);

/** Postfix offers no TLS without these files. It takes relative paths as relative to its queue. */
export const judgeFiles = (name: string, value: string): Judgement | undefined =>
  !NAMES.test(name) || value.includes('$') || /^(none|default|(\/\S+[\s,]*)*)$/i.test(value)
    ? undefined
    : ['is not the full path of a file', 'start it with "/"'];
