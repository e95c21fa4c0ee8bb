import { quoted } from '../../../messages/problem.ts';
import { gatewaysOf, networkOf } from '../../clients.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding, say, setting, warning } from '../../naming/finding.ts';
import type { Given } from '../../naming/given.ts';
import {
  covers,
  hostRange,
  isModest,
  outerRanges,
  publicReach,
  rangeFinder,
} from '../../ranges.ts';
import type { RawSettings } from '../../table.ts';
import type { Network } from '../../validators/network.ts';
import { isEmptyList } from '../keys.ts';
import { duplicates } from '../lists.ts';

/** Who may send, and on which ports. */
export function checkClients(
  { networks, listen, trust_gateway: trusted }: RawSettings,
  given: Given,
  facts: Facts,
): readonly Finding[] {
  const rangesOf = (wanted: Network['kind']): readonly string[] =>
    networks.flatMap((network) =>
      'cidr' in network && network.kind === wanted ? [network.cidr] : [],
    );
  const ranges = rangesOf('range');
  const ports = listen.map((port) => ({ name: String(port), place: 'listen' }));
  return [
    ...checkNobody(networks, given),
    ...checkAttached(networks, rangesOf('excluded'), facts),
    ...checkReach(ranges),
    ...checkWidth(ranges),
    ...checkOverlap(ranges),
    ...checkExcluded(ranges, rangesOf('excluded')),
    ...(trusted ? [] : checkGateways(ranges, facts)),
    ...(trusted ? [] : checkIngress(ranges, facts)),
    ...(isEmptyList(given, 'listen') ? [error('listen', 'names no port', 'use 25, 587')] : []),
    ...duplicates(ports, 'is listed twice', 'name each port once'),
  ];
}

function checkNobody(networks: readonly Network[], given: Given): readonly Finding[] {
  const where = 'networks';
  if (networks.length > 0 && networks.every(({ kind }) => kind === 'excluded')) {
    const wrong = '"!" excludes a part of other networks, but no other network is named';
    return [error(where, wrong, 'add attached, or the network that it is a part of')];
  }
  if (!isEmptyList(given, 'networks')) return [];
  const right = 'name at least one network (attached, or 192.168.1.0/24) if others should';
  return [warning(where, 'only this container itself may send', right)];
}

/** `attached, !172.18.0.0/16` where that is all that the container is on. */
function checkAttached(
  networks: readonly Network[],
  excluded: readonly string[],
  { interfaces }: Facts,
): readonly Finding[] {
  const isAlone = networks.every(({ kind }) => kind === 'attached' || kind === 'excluded');
  const attached = interfaces.map((one) => networkOf(one).range);
  const isLeftOut = (range: string): boolean => excluded.some((one) => covers(one, range));
  if (excluded.length === 0 || !isAlone || attached.length === 0 || !attached.every(isLeftOut)) {
    return [];
  }
  const wrong = 'excludes every network of this container, so no client may send';
  return [error('networks', wrong, 'exclude less, or name other networks')];
}

/** More of the public Internet than anybody owns makes an open relay, in one range or in pieces. */
function checkReach(ranges: readonly string[]): readonly Finding[] {
  if (publicReach(ranges) <= 1) return [];
  const wrong = 'would let a large part of the Internet send: an open relay';
  return [error('networks', wrong, 'name the networks of your own machines')];
}

/** Public addresses in such numbers are mostly those of strangers. */
function checkWidth(ranges: readonly string[]): readonly Finding[] {
  if (publicReach(ranges) > 1) return [];
  return ranges
    .filter((range) => !isModest(range))
    .map((range) => {
      const wrong = `${quoted(range)} is a part of the public Internet: every machine in it may send`;
      return warning('networks', wrong, 'name the networks of your own machines');
    });
}

function checkOverlap(ranges: readonly string[]): readonly Finding[] {
  const outers = outerRanges(ranges);
  return ranges.flatMap((inner, index) => {
    const outer = outers[index];
    if (outer === undefined) return [];
    const wrong = `${quoted(inner)} is within ${quoted(outer)} already`;
    return [warning('networks', wrong, 'leave one of them out')];
  });
}

/** Ranges that are both permitted and excluded: the "!" counts. */
function checkExcluded(ranges: readonly string[], excluded: readonly string[]): readonly Finding[] {
  const outerOf = rangeFinder(excluded);
  return ranges.flatMap((range) => {
    const outer = excluded[outerOf(range) ?? -1];
    if (outer === undefined) return [];
    const wrong = `${quoted(range)} is excluded by ${quoted(`!${outer}`)}`;
    return [error('networks', wrong, 'keep one of the two')];
  });
}

/** A gateway or the container itself by its address, which lets it in: a wider range does not. */
function checkGateways(
  ranges: readonly string[],
  { interfaces, gateways }: Facts,
): readonly Finding[] {
  const right = say`leave it out; if all of them may send, ${setting('trust_gateway')} says so (yes)`;
  const doubtful = [
    ...gatewaysOf(interfaces, gateways).map((one) => [
      one,
      "the gateway of this container's network",
    ]),
    ...interfaces.map(({ address }) => [address, "this container's own address"]),
  ] as const;
  return doubtful
    .filter(([address = '']) => ranges.includes(hostRange(address)))
    .map(([address = '', what]) => {
      const wrong = `${quoted(address)} is ${what}: everybody who reaches the published port from outside may have that address, and may send`;
      return warning('networks', wrong, right);
    });
}

/** The ingress network by its own name: everybody who reaches the published port is in it. */
function checkIngress(ranges: readonly string[], { interfaces }: Facts): readonly Finding[] {
  const ingress = interfaces.filter(({ isIngress }) => isIngress === true);
  return ranges
    .filter((range) => ingress.some((one) => networkOf(one).range === range))
    .map((range) => {
      const wrong = `${quoted(range)} is a network that clients from outside come through (a swarm's ingress): everybody who reaches the published port may send`;
      const right = 'leave it out, and publish the port with mode: host';
      return warning('networks', wrong, right);
    });
}
