import type { Resolver } from 'node:dns/promises';
import ipaddr from 'ipaddr.js';
import { answerOf, type Lookup } from '../dns.ts';

/** The SPF result of a domain for a sending address (RFC 7208 section 2.6). */
export type SpfResult =
  | { readonly kind: 'pass' | 'neutral' | 'softfail' | 'fail'; readonly record: string }
  | { readonly kind: 'none' | 'several' | 'no-answer' }
  /** A record that receivers cannot use: the term at fault. */
  | { readonly kind: 'invalid'; readonly term: string }
  | { readonly kind: 'too-many-lookups' };

/** Who sends. */
export interface Sending {
  readonly address: string;
  readonly helo: string;
}

/** Receivers make no more DNS queries for one mail (RFC 7208 section 4.6.4). */
const MOST_LOOKUPS = 10;

/** Thrown where an evaluation ends at once. */
class Ended extends Error {
  readonly result: SpfResult;

  constructor(result: SpfResult) {
    super(result.kind);
    this.result = result;
  }
}

/** Evaluates a domain's SPF record as a receiver does (check_host, RFC 7208 section 4). */
export async function checkSpf(
  domain: string,
  sending: Sending,
  resolver: Resolver,
): Promise<SpfResult> {
  try {
    return await new Evaluation(domain, sending, resolver).of(domain);
  } catch (fault) {
    if (fault instanceof Ended) return fault.result;
    throw fault;
  }
}

const QUALIFIERS = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' } as const;

const TERM =
  /^(?<qualifier>[-+~?]?)(?<name>all|include|a|mx|ptr|ip4|ip6|exists)(?:[:](?<value>[^/]+(?:\/(?=.*[^\d/]).*)?))?(?:\/(?<bits>\d{1,3}))?(?:\/\/(?<bits6>\d{1,3}))?$/i;

class Evaluation {
  readonly #sender: string;
  readonly #sending: Sending;
  readonly #resolver: Resolver;
  #lookups = 0;

  constructor(sender: string, sending: Sending, resolver: Resolver) {
    this.#sender = sender;
    this.#sending = sending;
    this.#resolver = resolver;
  }

  async of(domain: string): Promise<SpfResult> {
    const record = await this.#recordOf(domain);
    if (typeof record !== 'string') return record;
    const terms = record
      .split(' ')
      .slice(1)
      .filter((term) => term !== '');
    for (const term of terms.filter((one) => !/^[\w.-]+=/.test(one))) {
      const parts = TERM.exec(term)?.groups;
      if (parts === undefined) throw new Ended({ kind: 'invalid', term });
      const qualifier = parts['qualifier'] as keyof typeof QUALIFIERS | '';
      if (await this.#matches(parts, domain, term)) {
        return { kind: QUALIFIERS[qualifier === '' ? '+' : qualifier], record };
      }
    }
    const redirect = terms.find((term) => /^redirect=/i.test(term));
    if (redirect === undefined) return { kind: 'neutral', record };
    this.#count();
    const target = this.#expand(redirect.slice('redirect='.length), domain);
    const result = await this.of(target);
    if (result.kind === 'none') throw new Ended({ kind: 'invalid', term: redirect });
    return result;
  }

  async #recordOf(domain: string): Promise<string | SpfResult> {
    const answer = await answerOf(this.#resolver.resolveTxt(domain));
    if ('fault' in answer) return { kind: answer.fault === 'unknown' ? 'none' : 'no-answer' };
    const records = answer.found
      .map((strings) => strings.join(''))
      .filter((text) => /^v=spf1( |$)/i.test(text));
    const [record, ...others] = records;
    if (record === undefined) return { kind: 'none' };
    return others.length > 0 ? { kind: 'several' } : record;
  }

  async #matches(
    parts: Readonly<Record<string, string | undefined>>,
    domain: string,
    term: string,
  ): Promise<boolean> {
    const { value } = parts;
    const bits = { 4: Number(parts['bits'] ?? 32), 6: Number(parts['bits6'] ?? 128) };
    const target = value === undefined ? domain : this.#expand(value, domain);
    switch (parts['name']?.toLowerCase()) {
      case 'all':
        return true;
      case 'ip4':
      case 'ip6': {
        if (value === undefined || !ipaddr.isValid(value))
          throw new Ended({ kind: 'invalid', term });
        return this.#isIn([value], { 4: bits[4], 6: Number(parts['bits'] ?? 128) });
      }
      case 'include': {
        this.#count();
        const result = await this.of(target);
        if (result.kind === 'none') throw new Ended({ kind: 'invalid', term });
        if (!('record' in result)) throw new Ended(result);
        return result.kind === 'pass';
      }
      case 'a':
        this.#count();
        return this.#isIn(await this.#addressesOf(target), bits);
      case 'mx': {
        this.#count();
        const hosts = this.#known(await answerOf(this.#resolver.resolveMx(target)), []);
        const addresses = await Promise.all(
          hosts.slice(0, MOST_LOOKUPS).map(({ exchange }) => this.#addressesOf(exchange)),
        );
        return this.#isIn(addresses.flat(), bits);
      }
      case 'exists':
        this.#count();
        return this.#known(await answerOf(this.#resolver.resolve4(target)), []).length > 0;
      default: {
        // ptr: slow, and advised against (RFC 7208 section 5.5).
        this.#count();
        const names = this.#known(
          await answerOf(this.#resolver.reverse(this.#sending.address)),
          [],
        );
        const fitting = names.filter((name) => `.${name}`.toLowerCase().endsWith(`.${target}`));
        const addresses = await Promise.all(fitting.map((name) => this.#addressesOf(name)));
        return this.#isIn(addresses.flat(), { 4: 32, 6: 128 });
      }
    }
  }

  #count(): void {
    this.#lookups += 1;
    if (this.#lookups > MOST_LOOKUPS) throw new Ended({ kind: 'too-many-lookups' });
  }

  #known<T>(answer: Lookup<T>, nothing: T): T {
    if ('found' in answer) return answer.found;
    if (answer.fault !== 'unknown') throw new Ended({ kind: 'no-answer' });
    return nothing;
  }

  async #addressesOf(name: string): Promise<readonly string[]> {
    const { address } = this.#sending;
    const question = ipaddr.IPv6.isValid(address)
      ? this.#resolver.resolve6(name)
      : this.#resolver.resolve4(name);
    return this.#known(await answerOf(question), []);
  }

  #isIn(networks: readonly string[], bits: Readonly<Record<4 | 6, number>>): boolean {
    const address = ipaddr.parse(this.#sending.address);
    return networks
      .map((network) => ipaddr.parse(network))
      .some((network) => {
        if (address.kind() !== network.kind()) return false;
        return address.match(network, bits[network.kind() === 'ipv4' ? 4 : 6]);
      });
  }

  /** Fills in `%{i}` and its kin (RFC 7208 section 7). */
  #expand(text: string, domain: string): string {
    const { address, helo } = this.#sending;
    const parsed = ipaddr.parse(address);
    const isSix = parsed.kind() === 'ipv6';
    const macros: Readonly<Record<string, string>> = {
      s: `postmaster@${this.#sender}`,
      l: 'postmaster',
      o: this.#sender,
      d: domain,
      h: helo,
      v: isSix ? 'ip6' : 'in-addr',
      i: isSix
        ? [...Buffer.from(parsed.toByteArray()).toString('hex')].join('.')
        : parsed.toString(),
    };
    return text
      .replace(/%\{([slodivh])(\d*)(r?)([-.+,/_=]*)\}/gi, (_, letter, count, reverse, cuts) => {
        const marks = cuts === '' ? '.' : cuts.replace(/[-\]\\^]/g, '\\$&');
        const labels = (macros[letter.toLowerCase()] ?? '').split(new RegExp(`[${marks}]`));
        const ordered = reverse === '' ? labels : labels.reverse();
        return ordered.slice(count === '' ? 0 : -Number(count)).join('.');
      })
      .replaceAll('%%', '%')
      .replaceAll('%_', ' ')
      .replaceAll('%-', '%20');
  }
}
