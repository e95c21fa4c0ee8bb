/**
 * What receivers look at before they take mail that comes straight from here: the outside address
 * (PTR, block lists), the name in EHLO, and for each domain that sends its SPF and DMARC records.
 * Everything is asked of the DNS at the same time.
 */
import type { Resolver } from 'node:dns/promises';
import type { Trouble } from '../../advice/trouble.ts';
import { answerOf } from '../dns.ts';
import { dmarcOf } from './dmarc.ts';
import { forward, isSame, listingOf, reverseOf } from './outside-address.ts';
import { checkSpf, type SpfResult } from './spf.ts';

/** The mail's domains, and the address of its origin. */
export interface Sender {
  /** As the Internet sees it; more than one with IPv6. */
  readonly addresses: readonly string[];
  readonly helo: string;
  /** The domains of senders, as they are when mail leaves. */
  readonly domains: readonly string[];
  /** The domains whose mail is signed (DKIM), and those whose keys are in DNS. */
  readonly signed: readonly string[];
  readonly published: readonly string[];
  readonly blockLists: readonly string[];
}

/** One thing that was looked at. */
export type Look =
  | { readonly kind: 'ptr'; readonly address: string; readonly name: string }
  | { readonly kind: 'helo-name'; readonly name: string }
  | { readonly kind: 'spf-pass'; readonly domain: string; readonly address: string }
  | { readonly kind: 'spf-neutral'; readonly domain: string; readonly address: string }
  | { readonly kind: 'unsigned'; readonly domain: string }
  | { readonly kind: 'no-dmarc'; readonly domain: string }
  | { readonly kind: 'dmarc-policy'; readonly domain: string; readonly policy: string }
  | { readonly kind: 'unlisted'; readonly address: string; readonly list: string }
  | { readonly kind: 'list-silent'; readonly address: string; readonly list: string }
  | { readonly kind: 'trouble'; readonly subject: string; readonly trouble: Trouble };

export async function lookAsReceiver(sender: Sender, resolver: Resolver): Promise<readonly Look[]> {
  const looks = await Promise.all([
    ...sender.addresses.map((address) => atAddress(address, resolver)),
    atHelo(sender, resolver),
    ...sender.domains.map((domain) => atDomain(domain, sender, resolver)),
    ...sender.addresses.flatMap((address) =>
      sender.blockLists.map((list) => atList(address, list, resolver)),
    ),
  ]);
  return looks.flat();
}

const trouble = (subject: string, found: Trouble): Look => ({
  kind: 'trouble',
  subject,
  trouble: found,
});

const silent = (subject: string, name: string): Look =>
  trouble(subject, { kind: 'resolver', name, answered: false });

async function atAddress(address: string, resolver: Resolver): Promise<Look> {
  const subject = `address ${address}`;
  const reverse = await reverseOf(address, resolver);
  switch (reverse.kind) {
    case 'good':
      return { kind: 'ptr', address, name: reverse.name };
    case 'none':
      return trouble(subject, { kind: 'no-ptr', address });
    case 'mismatch':
      return trouble(subject, { ...reverse, kind: 'ptr-mismatch', address });
    case 'no-answer':
      return silent(subject, address);
  }
}

async function atHelo({ helo, addresses }: Sender, resolver: Resolver): Promise<readonly Look[]> {
  const subject = `name ${helo}`;
  const found = await forward(helo, resolver);
  if (found === undefined) return [silent(subject, helo)];
  const isOurs =
    addresses.length === 0 || found.some((one) => addresses.some((our) => isSame(one, our)));
  return found.length > 0 && isOurs
    ? [{ kind: 'helo-name', name: helo }]
    : [trouble(subject, { kind: 'helo-elsewhere', name: helo, addresses: found })];
}

async function atDomain(
  domain: string,
  sender: Sender,
  resolver: Resolver,
): Promise<readonly Look[]> {
  const subject = `domain ${domain}`;
  const [mx, own] = await Promise.all([
    answerOf(resolver.resolveMx(domain)),
    forward(domain, resolver),
  ]);
  if ('fault' in mx && own !== undefined && own.length === 0) {
    if (mx.fault !== 'unknown') return [silent(subject, domain)];
    return [trouble(subject, { kind: 'sender-domain', sender: `@${domain}` })];
  }
  const spf = await Promise.all(
    sender.addresses.map(async (address) => ({
      address,
      result: await checkSpf(domain, { address, helo: sender.helo }, resolver),
    })),
  );
  // Without an address the SPF result is unknown, and the report says so.
  const passes = spf.every(({ result }) => result.kind === 'pass');
  const isVouched = passes || sender.published.includes(domain);
  return [
    ...spf.map(({ address, result }) => spfLook(subject, { domain, address, result })),
    ...(sender.signed.includes(domain) ? [] : [{ kind: 'unsigned', domain } as const]),
    await dmarcLook(subject, { domain, isVouched }, resolver),
  ];
}

interface SpfFound {
  readonly domain: string;
  readonly address: string;
  readonly result: SpfResult;
}

function spfLook(subject: string, { domain, address, result }: SpfFound): Look {
  const facts = { kind: 'spf', domain, address } as const;
  switch (result.kind) {
    case 'pass':
      return { kind: 'spf-pass', domain, address };
    case 'neutral':
      return { kind: 'spf-neutral', domain, address };
    case 'no-answer':
      return silent(subject, domain);
    case 'invalid':
      return trouble(subject, { ...facts, fault: 'invalid', term: result.term });
    default:
      return trouble(subject, { ...facts, fault: result.kind });
  }
}

/** Aligned: the envelope, the header and the signature have one domain here. */
async function dmarcLook(
  subject: string,
  { domain, isVouched }: { readonly domain: string; readonly isVouched: boolean },
  resolver: Resolver,
): Promise<Look> {
  const dmarc = await dmarcOf(domain, resolver);
  switch (dmarc.kind) {
    case 'there':
      return dmarc.policy === 'none' || isVouched
        ? { kind: 'dmarc-policy', domain, policy: dmarc.policy }
        : trouble(subject, { kind: 'dmarc', domain, fault: 'unvouched', policy: dmarc.policy });
    case 'missing':
      return { kind: 'no-dmarc', domain };
    case 'no-answer':
      return silent(subject, `_dmarc.${domain}`);
    case 'several':
    case 'invalid':
      return trouble(subject, { kind: 'dmarc', domain: dmarc.at, fault: dmarc.kind });
  }
}

async function atList(address: string, list: string, resolver: Resolver): Promise<Look> {
  const listing = await listingOf(address, list, resolver);
  switch (listing.kind) {
    case 'unlisted':
      return { kind: 'unlisted', address, list };
    case 'no-answer':
      return { kind: 'list-silent', address, list };
    case 'listed': {
      const { reason } = listing;
      return trouble(`address ${address}`, {
        kind: 'listed',
        address,
        list,
        ...(reason !== undefined && { reason }),
      });
    }
  }
}
