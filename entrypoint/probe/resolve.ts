import { type Family, type LookupFault, lookUp, lookUpMailHosts } from './addresses.ts';
import { DeadEnd, type Wrong, wrong } from './finding.ts';
import type { Server, SettingName } from './servers.ts';

/** What has to be known of a server to reach it. */
export interface Reachable extends Pick<Server, 'host' | 'port' | 'mx'> {
  /** Where its name comes from: a setting, or somebody's address. */
  readonly origin: string;
}

/**
 * The names of the hosts by their addresses, the preferred one first.
 * @throws DeadEnd with the finding that says why there is none
 */
export async function resolve(
  label: string,
  server: Reachable,
  of: SettingName,
  families: readonly Family[],
): Promise<ReadonlyMap<string, string>> {
  const { host, mx } = server;
  const topic = `${label}, DNS`;
  const mailHosts = mx ? await lookUpMailHosts(host) : { hosts: [host] };
  if ('fault' in mailHosts) throw new DeadEnd(resolverFault(topic, host, mailHosts.fault));
  const lookups = await Promise.all(
    mailHosts.hosts.map(async (name) => ({ name, ...(await lookUp(name, families)) })),
  );
  const hosts = new Map(
    lookups.flatMap((lookup) =>
      'addresses' in lookup ? lookup.addresses.map((address) => [address, lookup.name]) : [],
    ),
  );
  if (hosts.size > 0) return hosts;
  const names = mailHosts.hosts.join(', ') || host;
  const faults = lookups.flatMap((one) => ('fault' in one ? one.fault : []));
  const worst = faults.find((one) => one !== 'unknown');
  if (worst !== undefined) throw new DeadEnd(resolverFault(topic, names, worst));
  throw new DeadEnd(nameFault(topic, names, server, of, await whatElse(mailHosts.hosts, families)));
}

/** What the DNS knows of names that have no address of use. */
export interface Known {
  /** Addresses of a family that Postfix may not use. */
  readonly addresses: readonly string[];
  /** Hosts that take the mail of a domain of that name. */
  readonly mailHosts: readonly string[];
}

async function whatElse(names: readonly string[], families: readonly Family[]): Promise<Known> {
  const others = ([4, 6] as const).filter((family) => !families.includes(family));
  const [found, mail] = await Promise.all([
    Promise.all(names.map((name) => lookUp(name, others))),
    Promise.all(names.map(lookUpMailHosts)),
  ]);
  return {
    addresses: found.flatMap((lookup) => ('addresses' in lookup ? lookup.addresses : [])),
    // A name without MX records stands for itself there.
    mailHosts: mail
      .flatMap((one) => ('hosts' in one ? one.hosts : []))
      .filter((host) => !names.includes(host)),
  };
}

/** A name has no address that Postfix may use. */
export function nameFault(
  topic: string,
  names: string,
  { mx, origin }: Pick<Reachable, 'mx' | 'origin'>,
  of: SettingName,
  { addresses, mailHosts }: Known,
): Wrong {
  if (addresses.length > 0) {
    return wrong(
      topic,
      `${names} has no address but ${addresses.join(', ')}, which POSTFIX_inet_protocols forbids`,
      'leave POSTFIX_inet_protocols out, and give the container a network that has such addresses',
    );
  }
  if (!mx && mailHosts.length > 0) {
    return wrong(
      topic,
      `${names} is the name of a domain and not of a server; its mail goes to ${mailHosts.join(', ')}`,
      `give the name of the provider's server for sending as ${of('host')}, such as smtp.${names} ` +
        `or mail.${names}; to send to the domain's own servers, set ${of('mx')} to yes`,
    );
  }
  return wrong(
    topic,
    `there is no host of the name ${names}`,
    `check the spelling of ${origin}` +
      (mx
        ? ''
        : '; that of a container is there while it runs, on a network that this one is on too'),
  );
}

/** The DNS server does not answer at all, or with an error. */
const resolverFault = (topic: string, names: string, fault: LookupFault): Wrong =>
  fault === 'error'
    ? wrong(
        topic,
        `the DNS server that this container asks gives an error for ${names} (SERVFAIL, REFUSED)`,
        'if it finds other names, the DNS of that domain is out of order: Postfix tries again by ' +
          "itself; if it finds none, check the host's DNS and the container's (dns: in compose.yaml)",
      )
    : wrong(
        topic,
        'the DNS server that this container asks does not answer',
        "check the host's connection and DNS, and the container's (dns: in compose.yaml)",
      );
