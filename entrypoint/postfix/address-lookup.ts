/**
 * In which order Postfix looks an address up (mail_addr_find in its source; canonical(5), virtual(5)
 * and generic(5), "TABLE SEARCH ORDER").
 */

/** One key that is tried; when it is found, `extension` is the part of the address it ignores. */
export interface Key {
  readonly key: string;
  readonly extension: string;
}

/** The parameters that affect a look-up, besides the address itself. */
export interface Origin {
  /** Addresses in this domain are also found by their bare names (myorigin). */
  readonly myorigin: string;
  /** The separator before an extension (recipient_delimiter). */
  readonly delimiter: string;
}

/** For tables without bare names: accounts and permissions have a domain. */
export const NOT_AT_HOME: Origin = { myorigin: '', delimiter: '+' };

/** An address in its parts: `user`, `+extension`, `domain`. */
interface Parts {
  readonly user: string;
  readonly extension: string;
  readonly domain: string;
}

/** Names whose extension is their own (strip_addr and split_addr in Postfix's source). */
const WHOLE = ['mailer-daemon', 'postmaster', 'double-bounce'];

function partsOf(address: string, delimiter: string): Parts {
  const at = address.lastIndexOf('@');
  const [local, domain] = at < 0 ? [address, ''] : [address.slice(0, at), address.slice(at + 1)];
  const cut = [...delimiter].map((one) => local.indexOf(one)).filter((index) => index >= 0);
  const end = Math.min(...cut);
  if (end === 0 || !Number.isFinite(end) || WHOLE.includes(local.toLowerCase())) {
    return { user: local, extension: '', domain };
  }
  return { user: local.slice(0, end), extension: local.slice(end), domain };
}

/** user+ext@domain, user@domain, and at home user+ext, user; at last @domain. */
export function addressKeys(address: string, { myorigin, delimiter }: Origin): readonly Key[] {
  const { user, extension, domain } = partsOf(address, delimiter);
  const atHome = domain.toLowerCase() === myorigin.toLowerCase();
  const both = (rest: string): readonly Key[] => [
    { key: user + extension + rest, extension: '' },
    ...(extension === '' ? [] : [{ key: user + rest, extension }]),
  ];
  return [...both(`@${domain}`), ...(atHome ? both('') : []), { key: `@${domain}`, extension: '' }];
}

/** user+ext@domain, user@domain, domain, .parent ..., user+ext@, user@ (access(5)). */
export function accessKeys(address: string, { delimiter }: Origin): readonly Key[] {
  if (address === '') return [{ key: '<>', extension: '' }];
  const { user, extension, domain } = partsOf(address, delimiter);
  const labels = domain.split('.');
  const parents = labels.slice(1).map((_, index) => `.${labels.slice(index + 1).join('.')}`);
  const local = extension === '' ? [user] : [user + extension, user];
  const keys = [
    ...local.map((one) => `${one}@${domain}`),
    domain,
    ...parents,
    ...local.map((one) => `${one}@`),
  ];
  return keys.map((key) => ({ key, extension: '' }));
}

/** The address that an entry makes of another: `@domain` keeps the name, an extension may stay. */
export function applied(address: string, value: string, extension: string, keep: boolean): string {
  const at = address.lastIndexOf('@');
  if (value.startsWith('@')) {
    const local = at < 0 ? address : address.slice(0, at);
    return local.slice(0, local.length - extension.length) + value;
  }
  if (!keep || extension === '') return value;
  const end = value.lastIndexOf('@');
  return end < 0 ? value + extension : value.slice(0, end) + extension + value.slice(end);
}

/** A table's entry for an address, and the extension that the lookup left out. */
export interface Hit<V> {
  readonly value: V;
  readonly extension: string;
}

/** Looks an address up. @param rows by their keys in lower case, as Postfix looks for them */
export function lookUp<V>(
  rows: ReadonlyMap<string, V>,
  address: string,
  origin: Origin,
): Hit<V> | undefined {
  for (const { key, extension } of addressKeys(address, origin)) {
    const value = rows.get(key.toLowerCase());
    if (value !== undefined) return { value, extension };
  }
  return undefined;
}
