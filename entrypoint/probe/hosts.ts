import { addressesOf, type Family, type LookupFault, mailHostsOf, type Names } from './dns.ts';
import type { Server } from './servers.ts';
import { Troubled } from './troubled.ts';

/** How this relay finds hosts. */
export interface Finder {
  readonly names: Names;
  readonly families: readonly Family[];
}

/**
 * The names of a server's hosts by their addresses, the preferred one first.
 * @throws Troubled without a usable host
 */
export async function hostsOf(
  { host, mx }: Pick<Server, 'host' | 'mx'>,
  finder: Finder,
): Promise<ReadonlyMap<string, string>> {
  const { names, families } = finder;
  const mailHosts = mx ? await mailHostsOf(host, names.resolver) : { found: [host] };
  if ('fault' in mailHosts) throw unfound(host, mailHosts.fault);
  if (mailHosts.found.length === 0) throw new Troubled({ kind: 'takes-no-mail', name: host });
  const lookups = await Promise.all(
    mailHosts.found.map(async (name) => ({ name, ...(await addressesOf(name, families, names)) })),
  );
  const hosts = new Map(
    lookups.flatMap((lookup) =>
      'found' in lookup ? lookup.found.map((address) => [address, lookup.name]) : [],
    ),
  );
  if (hosts.size > 0) return hosts;
  for (const lookup of lookups) {
    if ('fault' in lookup && lookup.fault !== 'unknown') throw unfound(lookup.name, lookup.fault);
  }
  throw await whyUnknown(mx ? mailHosts.found.join(', ') : host, mailHosts.found, mx, finder);
}

const unfound = (name: string, fault: LookupFault): Troubled =>
  new Troubled(
    fault === 'unknown'
      ? { kind: 'name', name }
      : { kind: 'resolver', name, answered: fault === 'error' },
  );

/** Other DNS facts about names without a usable address. */
async function whyUnknown(
  name: string,
  hosts: readonly string[],
  mx: boolean,
  { names, families }: Finder,
): Promise<Troubled> {
  const others = ([4, 6] as const).filter((family) => !families.includes(family));
  const [found, mail] = await Promise.all([
    Promise.all(hosts.map((host) => addressesOf(host, others, names))),
    Promise.all(hosts.map((host) => mailHostsOf(host, names.resolver))),
  ]);
  const addresses = found.flatMap((lookup) => ('found' in lookup ? lookup.found : []));
  if (addresses.length > 0) return new Troubled({ kind: 'other-family', name, addresses });
  // A name without MX records stands for itself there.
  const mailHosts = mail
    .flatMap((one) => ('found' in one ? one.found : []))
    .filter((host) => !hosts.includes(host));
  if (mx || mailHosts.length === 0) return unfound(name, 'unknown');
  return new Troubled({ kind: 'mail-domain', name, mailHosts });
}
