import { isMeant } from './foreign-names.ts';
import type { Peer } from './peer.ts';
import { PEERS } from './peers.ts';

/** `ghcr.io/bokysan/postfix:latest` -> `bokysan/postfix`: the last two parts, without a tag. */
function imageName(image: string): string {
  const plain = image.replace(/@.*$/, '').replace(/:[^/]*$/, '');
  return plain.split('/').slice(-2).join('/').toLowerCase();
}

const ofImage = (image: string): Peer | undefined =>
  PEERS.find((peer) => peer.image.test(imageName(image)));

/** Whether it is the image of a peer, by its name. */
export const isKnownImage = (image: string): boolean => ofImage(image) !== undefined;

/** How many of the variables tell of the image. */
const score = (peer: Peer, names: readonly string[]): number =>
  names.filter((name) => peer.variables.some((one) => !one.common && isMeant(one, name))).length;

/** Which image the settings are for: by its name, or else by the names of the variables. */
export function identify(image: string, names: readonly string[]): Peer | undefined {
  const byName = ofImage(image);
  if (byName !== undefined) return byName;
  const [best] = PEERS.map((peer) => ({ peer, told: score(peer, names) })).sort(
    (a, b) => b.told - a.told,
  );
  if (best !== undefined && best.told > 0) return best.peer;
  // wader's image has no names but Postfix's own parameters.
  const hasParameters = names.some((name) => /^POSTFIX_[a-z]/.test(name));
  return hasParameters ? PEERS.find(({ name }) => name === 'wader/postfix-relay') : undefined;
}
