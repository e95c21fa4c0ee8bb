import { nearest } from '../messages/nearest.ts';
import { quoted } from '../messages/problem.ts';
import type { Judgement } from './parameter-value.ts';
import { splitValue } from './value-list.ts';

/** The lists of restrictions of smtpd(8), by the ends of their names. */
const LISTS = /^smtpd_(client|helo|sender|relay|recipient|data|end_of_data|etrn)_restrictions$/;

/** The restrictions that smtpd(8) 3.10 knows and that take no argument. */
const ALONE = `
  defer defer_if_permit defer_if_reject defer_unauth_destination permit permit_auth_destination
  permit_inet_interfaces permit_mx_backup permit_mynetworks permit_naked_ip_address
  permit_sasl_authenticated permit_tls_all_clientcerts permit_tls_clientcerts reject
  reject_authenticated_sender_login_mismatch reject_invalid_helo_hostname reject_invalid_hostname
  reject_known_sender_login_mismatch reject_multi_recipient_bounce reject_non_fqdn_helo_hostname
  reject_non_fqdn_hostname reject_non_fqdn_recipient reject_non_fqdn_sender
  reject_plaintext_session reject_sender_login_mismatch reject_unauth_destination
  reject_unauth_pipelining reject_unauthenticated_sender_login_mismatch reject_unknown_address
  reject_unknown_client reject_unknown_client_hostname reject_unknown_helo_hostname
  reject_unknown_hostname reject_unknown_recipient_domain reject_unknown_reverse_client_hostname
  reject_unknown_sender_domain reject_unlisted_recipient reject_unlisted_sender
  reject_unverified_recipient reject_unverified_sender warn_if_reject
`;

/** Those with a domain name, a number or a service behind them. */
const WITH_WORD = `
  check_policy_service permit_dnswl_client permit_rhswl_client reject_rbl_client
  reject_rhsbl_client reject_rhsbl_helo reject_rhsbl_recipient reject_rhsbl_reverse_client
  reject_rhsbl_sender sleep
`;

/** Those with a table behind them. */
const WITH_TABLE = `
  check_ccert_access check_client_a_access check_client_access check_client_mx_access
  check_client_ns_access check_etrn_access check_helo_a_access check_helo_access
  check_helo_mx_access check_helo_ns_access check_recipient_a_access check_recipient_access
  check_recipient_mx_access check_recipient_ns_access check_reverse_client_hostname_a_access
  check_reverse_client_hostname_access check_reverse_client_hostname_mx_access
  check_reverse_client_hostname_ns_access check_sasl_access check_sender_a_access
  check_sender_access check_sender_mx_access check_sender_ns_access
`;

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));
const alone = wordsOf(ALONE);
const withWord = wordsOf(WITH_WORD);
const withTable = wordsOf(WITH_TABLE);
const all = [...alone, ...withWord, ...withTable];

export const isRestrictionList = (name: string): boolean => LISTS.test(name);

/**
 * What smtpd(8) would answer "451 4.3.5 Server configuration error" for, to every client that comes
 * so far in the list.
 * @param classes the user's own restrictions (smtpd_restriction_classes)
 */
export function judgeRestrictions(
  value: string,
  classes: ReadonlySet<string>,
): Judgement | undefined {
  const words = splitValue(value);
  if (/^(reject|defer)$/i.test(words[0] ?? '')) {
    return ['refuses every client', 'name who is to be refused, or leave it out'];
  }
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const next = words[index + 1];
    const name = word.toLowerCase();
    // Only Postfix knows the value of another parameter.
    if (word.includes('$')) return undefined;
    if (withTable.has(name) || withWord.has(name)) {
      if (next === undefined || all.includes(next.toLowerCase())) return unaccompanied(name);
      if (withTable.has(name) && !/[:$]/.test(next)) return noTable(name);
      index += 1;
    } else if (!alone.has(name) && !classes.has(word) && !word.includes(':')) {
      return unknownWord(name);
    }
  }
  return undefined;
}

/** The tables behind the restrictions of a list. */
export const tablesBehind = (value: string): string =>
  splitValue(value)
    .filter((_, index, words) => withTable.has(words[index - 1]?.toLowerCase() ?? ''))
    .join(' ');

const unaccompanied = (name: string): Judgement =>
  withTable.has(name)
    ? noTable(name)
    : [`has nothing behind ${name}`, 'write what it needs behind it, as postconf(5) has it'];

const noTable = (name: string): Judgement => [
  `has no table behind ${name}`,
  `write one with its type, as in "${name} texthash:/path"`,
];

function unknownWord(word: string): Judgement {
  const near = nearest(word, all);
  const right = near === undefined ? 'look for it in postconf(5)' : `did you mean ${near}?`;
  const isLikely = near !== undefined || /^(check|defer|permit|reject)|^[a-z]+$/.test(word);
  const shown = isLikely ? quoted(word) : 'a word in it';
  return [`${shown} is no restriction that Postfix knows`, right];
}

/** A restriction of smtpd(8), with the table that it asks. */
export interface Restriction {
  readonly name: string;
  readonly table: string | undefined;
}

/** The restrictions of a list, in order: `check_sender_access lmdb:/etc/postfix/x, reject`. */
export function restrictionsIn(value: string): readonly Restriction[] {
  const words = splitValue(value);
  return words.flatMap((word, index) => {
    if (index > 0 && /^check_\w+_access$/.test(words[index - 1] ?? '')) return [];
    const table = /^check_\w+_access$/.test(word) ? words[index + 1] : undefined;
    return [{ name: word, table }];
  });
}
