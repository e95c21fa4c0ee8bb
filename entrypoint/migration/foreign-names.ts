import { isMeant, type Peer, type PeerVariable } from './peer.ts';
import { PEERS } from './peers.ts';

/** What a name means in other images. */
export interface Foreign {
  readonly images: readonly string[];
  /** What to do instead, as an instruction. */
  readonly right: string;
  /** The variables of ours that are named there. */
  readonly meant: readonly string[];
}

/** Whose variable a name is: of names that many programs use, nothing is said. */
export function foreignName(name: string): Foreign | undefined {
  const met = PEERS.flatMap((peer): (readonly [Peer, PeerVariable])[] => {
    const found = peer.variables.find((one) => !one.common && isMeant(one, name));
    return found === undefined || found.ours === name ? [] : [[peer, found]];
  });
  const [first] = met;
  if (first === undefined) return undefined;
  const { ours, why } = first[1];
  const right = ours === undefined ? `leave it out: ${why}` : `here it is ${ours}`;
  return {
    images: met.map(([{ name: image }]) => image),
    right,
    meant: right.match(/RELAY_[A-Z_]+/g) ?? [],
  };
}

/** Whether an image has a variable: some of their names are ours too, such as RELAY_HOST. */
export const hasVariable = (image: string, name: string): boolean =>
  PEERS.some((peer) => peer.name === image && peer.variables.some((one) => isMeant(one, name)));
