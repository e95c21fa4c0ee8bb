import { type Given, whereOf } from '../given.ts';
import { error, type Problem, quoted, warning } from '../problem.ts';
import { outerRange, publicReach } from '../ranges.ts';
import { IMPLICIT_TLS_PORT } from '../settings.ts';
import type { RawSettings } from '../table.ts';
import { duplicates } from './duplicates.ts';
import { isEmptyList } from './where.ts';

/** Who may send, and on which ports. */
export function checkClients({ networks, listen }: RawSettings, given: Given): readonly Problem[] {
  const ranges = networks.flatMap((network) => (network.kind === 'range' ? [network.cidr] : []));
  const ports = listen.map((port) => ({ name: String(port), where: whereOf(given, 'listen') }));
  return [
    ...checkNobody(given),
    ...checkReach(ranges, given),
    ...checkOverlap(ranges, given),
    ...(isEmptyList(given, 'listen')
      ? [error(whereOf(given, 'listen'), 'names no port', 'use 25, 587')]
      : []),
    ...duplicates(ports, 'stands here twice', 'name each port once'),
    ...checkImplicitTls(listen, given),
  ];
}

/** Clients on port 465 start with TLS, which the listeners do not speak: none could hand in mail. */
function checkImplicitTls(listen: readonly number[], given: Given): readonly Problem[] {
  if (!listen.includes(IMPLICIT_TLS_PORT)) return [];
  const wrong = '465 is TLS from the first byte, which this relay does not offer to its clients';
  return [error(whereOf(given, 'listen'), wrong, 'use 25, 587')];
}

function checkNobody(given: Given): readonly Problem[] {
  if (!isEmptyList(given, 'networks')) return [];
  const right = 'name at least one network (attached, or 192.168.1.0/24) if others should';
  return [warning(whereOf(given, 'networks'), 'nobody but this container itself may send', right)];
}

/** More of the public Internet than anybody owns makes an open relay, in one range or in pieces. */
function checkReach(ranges: readonly string[], given: Given): readonly Problem[] {
  if (publicReach(ranges) <= 1) return [];
  const wrong = 'would let a large part of the Internet send: an open relay';
  return [error(whereOf(given, 'networks'), wrong, 'name the networks of your own machines')];
}

function checkOverlap(ranges: readonly string[], given: Given): readonly Problem[] {
  return ranges.flatMap((inner, index) => {
    const outer = outerRange(ranges, index);
    if (outer === undefined) return [];
    const wrong = `${quoted(inner)} is within ${quoted(outer)} already`;
    return [warning(whereOf(given, 'networks'), wrong, 'leave one of them out')];
  });
}
