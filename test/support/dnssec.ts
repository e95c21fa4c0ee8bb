import { startReady, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/**
 * Starts a DNS server that validates, with this signed zone and nothing else.
 *
 * @param origin the zone's name, without a dot at its end
 * @param records lines of a zone file; names without a dot at their end are below the zone
 * @returns its `address` is for the `dns` of another container
 */
export function startDnssec(
  network: TestNetwork,
  origin: string,
  records: readonly string[],
): Promise<TestContainer> {
  const zone = [
    `$ORIGIN ${origin}.`,
    '$TTL 300',
    '@ SOA ns hostmaster 1 3600 600 86400 300',
    '@ NS ns',
    'ns A 192.0.2.53',
    ...records,
  ];
  const env = { ORIGIN: origin, ZONE: zone.join('\n') };
  const spec = { image: IMAGES.dnssec, network, aliases: ['dnssec'] as const, env };
  return startReady(spec, /start of service/);
}
