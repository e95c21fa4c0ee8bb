import ipaddr from 'ipaddr.js';
import { isLikeName } from '../../messages/may-be-shown.ts';
import { isDomain } from './host.ts';
import { Invalid, notA, validator } from './invalid.ts';

/**
 * The dot-atom of RFC 5322 section 3.2.3, with the non-ASCII letters of RFC 6531. Quoted local parts
 * are left out: Postfix tables and provider logins have no agreed way to write them. "#" at the
 * start would make the line of a table a comment (postmap(1)).
 */
function isLocalPart(text: string): boolean {
  // In here, since its classes take a millisecond to build: settings without an address do without.
  const atoms = /^(?!#)[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
  return text.length <= 64 && atoms.test(text);
}

/** A name without a domain becomes part of a path (its mailbox), or looks like a file or a command. */
const isUserName = (text: string): boolean => isLocalPart(text) && !/[/|]/.test(text);

/** The forms of an address in an address table. */
type Form = 'address' | 'domain' | 'user';

/**
 * Domains that machines write behind their "@" though no DNS has them: a name with underscores, a
 * container's ID of digits, an address with or without brackets (RFC 5321 section 4.1.3).
 */
const isMadeUpDomain = (text: string): boolean =>
  isDomain(text) ||
  /^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*$/i.test(
    text,
  ) ||
  ipaddr.isValid(text.replace(/^\[(?:ipv6:)?(.*)\]$/i, '$1'));

/** The form of an address: `user@domain`, `@domain` or `user`; undefined for other texts. */
export function addressForm(text: string, isDomainHere = isDomain): Form | undefined {
  const at = text.lastIndexOf('@');
  if (at < 0) return isUserName(text) ? 'user' : undefined;
  if (!isDomainHere(text.slice(at + 1))) return undefined;
  if (at === 0) return 'domain';
  return isLocalPart(text.slice(0, at)) ? 'address' : undefined;
}

const EXAMPLES: Readonly<Record<Form, string>> = {
  address: 'user@example.com',
  domain: '@example.com for a whole domain',
  user: 'a bare user name',
};

/** The error for a table entry without "=". */
function refuseNothing(text: string): void {
  if (text !== '') return;
  throw new Invalid('an address is missing', 'write from=to (in the file from: to)');
}

const isLikeAddress = (text: string): boolean => /@|^[|:/]/.test(text) || isLikeName(text);

const withForms = (forms: readonly Form[], isDomainHere = isDomain) =>
  validator<string>((text) => {
    refuseNothing(text);
    if (text === '*' || text.startsWith('@*.')) {
      throw notA(
        text,
        'a mail address',
        'write each domain out, as @example.com: "*" is no wildcard',
      );
    }
    if (text.startsWith('!') && text.includes('@')) {
      throw notA(text, 'a mail address', 'leave it out: "!" takes nothing out of a list here');
    }
    if (text.startsWith('*@') && isDomain(text.slice(2))) {
      throw notA(text, 'a mail address', `write ${text.slice(1)} for every address of the domain`);
    }
    const form = addressForm(text, isDomainHere);
    if (form !== undefined && forms.includes(form)) return text;
    const right = forms.map((one) => EXAMPLES[one]).join(', or ');
    throw notA(text, 'a mail address that can stand here', `use ${right}`, isLikeAddress(text));
  });

/** `user@example.com`, or `@example.com`: what is rewritten to. */
export const addressOrDomain = withForms(['address', 'domain']);

/** `user@domain` or `@domain`, made-up ones too: whom an account or a permission is for. */
export const senderPattern = withForms(['address', 'domain'], isMadeUpDomain);

/** The left side of canonical and generic: `user@domain`, `@domain`, or a bare user name. */
export const addressPattern = withForms(['address', 'domain', 'user'], isMadeUpDomain);

/** Only `user@example.com`. */
export const address = withForms(['address']);

/** `user@example.com`, or a bare user name. */
export const addressOrUser = withForms(['address', 'user']);

/** A bare user name: the part before the "@". */
export const userName = withForms(['user']);

/** Some thousand recipients. */
const LONGEST_LIST = 100_000;

const severalRecipients = validator<readonly string[]>((text) => {
  refuseNothing(text);
  const all = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const wrong = all.find((one) => addressForm(one) === undefined);
  if (all.length > 0 && wrong === undefined) return all;
  const right = 'use user@example.com, or several with commas between';
  throw notA(wrong ?? text, 'a recipient', right, isLikeAddress(wrong ?? text));
}, LONGEST_LIST);

/** The destinations of mail for one recipient: addresses or user names. */
export const recipients = () => ({ ...severalRecipients(), isList: true });
