import { readFileSync, statSync } from 'node:fs';
import { readStates, tokenTrouble } from '../companion/tokens/states.ts';
import type { ProbeContext } from '../probe/context.ts';
import { type Family, newResolver } from '../probe/dns.ts';
import { trustOf, wellKnownCas } from '../probe/trust.ts';
import type { Settings } from '../settings/settings.ts';

/** The address families that Postfix uses: both, unless the user says otherwise (postconf(5)). */
function families({ overrides }: Settings): readonly Family[] {
  const value = overrides.find(({ from }) => from === 'inet_protocols')?.to ?? 'all';
  if (value === 'ipv4') return [4];
  return value === 'ipv6' ? [6] : [4, 6];
}

/** The context of this container for probes of servers. */
export const probeContext = (settings: Settings): ProbeContext => ({
  tokenTrouble: ({ username, oauth2 }) =>
    oauth2 && tokenTrouble(readStates(), { username, oauth2 }),
  families: families(settings),
  names: { resolver: newResolver(), hosts: readFileSync('/etc/hosts', 'utf8') },
  trust: trustOf(settings, wellKnownCas()),
  helo: settings.myhostname,
  now: new Date(),
});

/** The CAs that Postfix trusts where the settings name no account: those of the system, and ours. */
export const trustedCas = ({ route, certificates }: Settings): readonly string[] => [
  ...wellKnownCas(),
  ...certificates.filter(({ path }) => path === route.caFile).map(({ pem }) => pem),
];

/** When this program was built: a clock that shows less is wrong. */
export const builtAt = (): Date => statSync(process.argv[1] ?? process.execPath).mtime;
