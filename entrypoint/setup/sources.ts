import { answerOf, mailHostsOf, newResolver } from '../probe/dns.ts';
import { policyGetter } from '../probe/receivers/sts.ts';
import { wellKnownCas } from '../probe/trust.ts';
import type { Sources } from './discovery.ts';

/** How the world is asked about a domain: the DNS of this machine, and HTTPS. */
export function worldSources(): Sources {
  const resolver = newResolver();
  const addressOf = async (host: string): Promise<string | undefined> => {
    const answer = await answerOf(resolver.resolve4(host));
    return 'found' in answer ? answer.found[0] : undefined;
  };
  return {
    srv: async (name) =>
      (await resolver.resolveSrv(name)).toSorted((a, b) => a.priority - b.priority),
    mx: async (domain) => {
      const answer = await mailHostsOf(domain, resolver);
      return 'found' in answer ? answer.found : [];
    },
    text: policyGetter(wellKnownCas(), addressOf),
    exists: async (host) => (await addressOf(host)) !== undefined,
  };
}
