/**
 * The mark on envelope senders, where a setting wants them rewritten on leaving. Postfix asks
 * smtp_generic_maps for senders and recipients alike, and only the mark tells them apart. It is an
 * extension (recipient_delimiter in postconf(5)), so tables find a marked address as ever.
 */
const EXTENSION = '+send-as';

/** The same address with the mark. */
export function marked(address: string): string {
  const at = address.lastIndexOf('@');
  return address.slice(0, at) + EXTENSION + address.slice(at);
}

/** The same address without the mark. */
export const unmarked = (address: string): string => address.replace(MARK, '');

const MARK = /\+send-as(?="?@[^@]*$)/;

const IS_UNMARKED = String.raw`^(?!.*\+send-as"?@[^@]*$)`;

/** The rows that mark an address (pcre_table(5)); a second time they leave it as it is. */
export const MARKING = [
  [`${IS_UNMARKED}"(.*)"@([^@]+)$`, '"$1+send-as"@$2'],
  [`${IS_UNMARKED}(.+)@([^@]+)$`, '$1+send-as@$2'],
] as const;

/** A marked address; `$1` is what stands before the mark, `$2` what follows. */
export const MARKED = String.raw`^(.+)\+send-as("?@[^@]+)$`;

/** The address without its mark. */
export const UNMARKED = '$1$2';
