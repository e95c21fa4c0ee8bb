import type { Resolver } from 'node:dns/promises';
import { answerOf } from '../dns.ts';

/** A domain's policy for forged mail (RFC 7489 section 6.3). */
export type Dmarc =
  | {
      readonly kind: 'there';
      /** The domain of the record: the sender's domain, or a parent. */
      readonly at: string;
      readonly policy: 'none' | 'quarantine' | 'reject';
      /** Whether SPF's and DKIM's domains have to be the same, to the letter. */
      readonly strict: { readonly spf: boolean; readonly dkim: boolean };
    }
  | { readonly kind: 'missing' | 'no-answer' }
  | { readonly kind: 'several' | 'invalid'; readonly at: string };

const POLICIES = ['none', 'quarantine', 'reject'] as const;

/** The record of a domain, or of the nearest domain above that has one (a tree walk: no list of suffixes). */
export async function dmarcOf(domain: string, resolver: Resolver): Promise<Dmarc> {
  const labels = domain.split('.');
  for (let from = 0; labels.length - from >= 2; from += 1) {
    const at = labels.slice(from).join('.');
    const answer = await answerOf(resolver.resolveTxt(`_dmarc.${at}`));
    if ('fault' in answer && answer.fault !== 'unknown') return { kind: 'no-answer' };
    const records = ('found' in answer ? answer.found : [])
      .map((strings) => strings.join(''))
      .filter((text) => /^v=DMARC1\b/i.test(text));
    const [record, ...others] = records;
    if (record === undefined) continue;
    if (others.length > 0) return { kind: 'several', at };
    return read(record, at, from > 0);
  }
  return { kind: 'missing' };
}

/** @param isAbove whether it is the record of a domain above, which may have a policy for those below */
function read(record: string, at: string, isAbove: boolean): Dmarc {
  const tags = new Map(
    record.split(';').map((part) => {
      const [name = '', value = ''] = part.split('=');
      return [name.trim().toLowerCase(), value.trim().toLowerCase()] as const;
    }),
  );
  const wanted = (isAbove ? tags.get('sp') : undefined) ?? tags.get('p');
  const policy = POLICIES.find((one) => one === wanted);
  if (policy === undefined) return { kind: 'invalid', at };
  const strict = { spf: tags.get('aspf') === 's', dkim: tags.get('adkim') === 's' };
  return { kind: 'there', at, policy, strict };
}
