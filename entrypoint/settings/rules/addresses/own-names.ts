import ipaddr from 'ipaddr.js';
import { quoted } from '../../../messages/problem.ts';
import type { Origin } from '../../../postfix/address-lookup.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding } from '../../naming/finding.ts';
import { type Given, isGiven } from '../../naming/given.ts';
import { withPreset } from '../../providers.ts';
import { fullName } from '../../settings.ts';
import type { RawSettings } from '../../table.ts';

interface Server {
  readonly path: string;
  readonly host?: string | undefined;
  readonly port: number;
  readonly mx: boolean;
}

/** Every server that the settings name, with the path of its section. */
const serversOf = ({ relay, accounts }: RawSettings): readonly Server[] => [
  { ...withPreset(relay), path: 'relay' },
  ...relay.backups.map((backup, index) => ({ ...backup, path: `relay.backups.${index}` })),
  ...accounts.map((account, index) => ({ ...withPreset(account), path: `accounts.${index}` })),
];

/** The names and addresses under which this relay itself is met. */
function ownNames(raw: RawSettings, facts: Facts): ReadonlySet<string> {
  const addresses = [...facts.interfaces.map(({ address }) => address), ...raw.proxy_interfaces];
  return new Set([
    'localhost',
    'localhost.localdomain',
    raw.myhostname ?? '',
    facts.hostname.toLowerCase(),
    fullName(facts.hostname).toLowerCase(),
    ...addresses.map((address) => ipaddr.parse(address).toString()),
  ]);
}

const isLoopback = (host: string): boolean =>
  ipaddr.isValid(host) && ipaddr.parse(host).range() === 'loopback';

const plain = (host: string): string =>
  ipaddr.isValid(host) ? ipaddr.parse(host).toString() : host.toLowerCase();

/**
 * A server that is this relay itself: mail would go in a circle. On a port where the relay does not
 * listen another program may stand behind the same name, as in the host's own network.
 */
export function checkOwnNames(raw: RawSettings, given: Given, facts: Facts): Finding[] {
  const own = ownNames(raw, facts);
  return serversOf(raw).flatMap(({ path, host, port, mx }) => {
    if (host === undefined || !isGiven(given, `${path}.host`)) return [];
    if (mx || !raw.listen.includes(port)) return [];
    if (!own.has(plain(host)) && !isLoopback(host)) return [];
    const wrong = `${quoted(host)} is this relay itself, so mail would go in a circle`;
    return [error(`${path}.host`, wrong, "give the provider's server")];
  });
}

/** As Postfix takes a host name (valid_hostname.c): more than a domain's, underscores too. */
const isHostname = (name: string): boolean =>
  name.length <= 255 &&
  name.split('.').every((label) => /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i.test(label));

/** The container's own name, the default host name (`docker run --hostname`). */
export function checkHostname({ myhostname }: RawSettings, given: Given, facts: Facts): Finding[] {
  const name = fullName(facts.hostname);
  if (myhostname !== undefined || isGiven(given, 'myhostname') || isHostname(name)) return [];
  const wrong = `the container's own host name, ${quoted(facts.hostname)}, is not a name that Postfix accepts`;
  return [error('myhostname', wrong, 'give a name such as mail.example.com')];
}

/** How addresses are looked up before the settings are complete. */
export const originOf = ({ myorigin, myhostname }: RawSettings, { hostname }: Facts): Origin => ({
  myorigin: myorigin ?? myhostname ?? fullName(hostname),
  delimiter: '+',
});
