import ipaddr from 'ipaddr.js';
import { isLikeName, isLikeNetwork } from '../../messages/may-be-shown.ts';
import { inPlainLetters } from '../../messages/plain-letters.ts';
import { quoted } from '../../messages/problem.ts';
import { Invalid, notA, validator } from './invalid.ts';

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Whether the text is a domain name as RFC 1123 section 2.1 has it, at most 253 characters. */
export function isDomain(text: string): boolean {
  const labels = text.split('.');
  return (
    text.length <= 253 &&
    labels.every((label) => LABEL.test(label)) &&
    !/^\d+$/.test(labels.at(-1) ?? '')
  );
}

const isLikeServer = (text: string): boolean => isLikeName(text) || isLikeNetwork(text);

/** Words for "no host" in other programs and formats. */
const NOTHING =
  /^(null|none|nil|undefined|false|true|no|yes|off|on|disabled?|enabled?|auto|default)$/i;

/** Refuses a word that would be taken for the name of a host. */
function refuseNothing(text: string): void {
  if (!NOTHING.test(text)) return;
  throw new Invalid(`${quoted(text)} would be taken for the name of a host`, 'leave it out');
}

function parseDomain(text: string): string {
  refuseNothing(text);
  if (isDomain(text)) return text.toLowerCase();
  if (text.endsWith('.')) {
    throw notA(text, 'a host name as mail uses it', 'leave out the dot at its end');
  }
  if (text.includes('://')) {
    throw notA(text, 'a host name', 'give only the name, without the part up to "://"');
  }
  if (text.includes('@')) {
    throw notA(text, 'a host name', 'give only the part after the "@"');
  }
  if (text.includes('_')) {
    throw notA(text, 'a host name', 'use letters, digits, dots and hyphens, no underscore');
  }
  const plain = inPlainLetters(text);
  if (plain !== text && isDomain(plain)) {
    const right = `write ${plain.toLowerCase()} in plain letters, nothing before or behind it`;
    throw notA(text, 'a host name', right);
  }
  if ([...text].some((character) => character > '\u007f')) {
    throw notA(text, 'a host name in ASCII', 'write it in its "xn--" form');
  }
  throw notA(text, 'a host name', 'give a name such as mail.example.com', isLikeServer(text));
}

/** A domain or host name; the value is in lower case. */
export const domain = validator<string>(parseDomain);

/** Kinds of addresses (in the words of ipaddr.js) that no server has. */
const NO_MACHINE: readonly string[] = ['unspecified', 'multicast', 'broadcast'];

/** Whether an address is that of one machine; one with a zone (`%eth0`) means nothing to Postfix. */
const isOneMachine = (address: string): boolean =>
  !address.includes('%') && !NO_MACHINE.includes(ipaddr.parse(address).range());

/** `login:password` in the place of a name. */
const NOT_SHOWN = new Invalid(
  'is not a host name (not shown: it may hold a password)',
  'give only the name, such as mail.example.com',
);

/**
 * The server of a relay host or account: a host name, or an IPv4 or IPv6 address.
 * `[mail.example.com]:587`, the way of Postfix, is refused with the two settings it should be.
 */
export const server = validator<string>((text) => {
  const bare = text.replace(/^\[(?:ipv6:)?(.*)\]$/i, '$1');
  if (ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare)) {
    if (isOneMachine(bare)) return bare;
    throw notA(text, 'the address of a server', 'give its name, or an address such as 192.0.2.1');
  }
  // Only a port is repeated, since the text could be a password, as in hoge:piyopiyo.
  const withPort = /^\[?([^\]]*?)\]?:(\d{1,5}|smtps?|submissions?)$/i.exec(text);
  if (withPort?.[1] && isDomain(withPort[1])) {
    throw notA(
      text,
      'a host name',
      `give ${withPort[1]} as the host and ${withPort[2]} as the port`,
    );
  }
  if (/^[^:/[\]]+:[^:/]+$/.test(text)) throw NOT_SHOWN;
  if (bare !== text && isDomain(bare)) {
    throw new Invalid(
      `"${text}" has brackets`,
      `give only ${bare}: its MX records are not looked up unless mx is "yes"`,
    );
  }
  return parseDomain(text);
});

/** A database server, `db` or `db:3306`; the value is as Postfix's `hosts` wants it. */
export const databaseHost = validator<string>((text) => {
  refuseNothing(text);
  const [, name = '', port] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(text) ?? [];
  const known = isDomain(name) || ipaddr.isValid(name);
  if (known && (port === undefined || (Number(port) >= 1 && Number(port) <= 65535))) return text;
  const right = 'give its name, or name and port such as db:3306';
  throw notA(text, 'a database server', right, isLikeServer(text));
});

const SELECTOR_LABEL = '[a-z0-9]([a-z0-9-]*[a-z0-9])?';
const SELECTOR = new RegExp(`^${SELECTOR_LABEL}(\\.${SELECTOR_LABEL})*$`);

/** Room for "-ed25519" within a label of DNS (RFC 1035 section 2.3.4: 63 octets). */
const LONGEST_SELECTOR = 50;

/** A DKIM selector (RFC 6376 section 3.1): labels of DNS; the value is in lower case. */
export const selector = validator<string>((text) => {
  const name = text.toLowerCase();
  if (name.length <= LONGEST_SELECTOR && SELECTOR.test(name)) return name;
  throw notA(text, 'a DKIM selector', 'use letters, digits and hyphens, such as mail2026');
});
