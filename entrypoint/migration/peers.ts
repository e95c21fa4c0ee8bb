import type { Peer } from './peer.ts';
import { bokysan } from './peers/bokysan.ts';
import { cplieger } from './peers/cplieger.ts';
import { juanluisbaptiste } from './peers/juanluisbaptiste.ts';
import { turgon37 } from './peers/turgon37.ts';
import { wader } from './peers/wader.ts';

/** The images whose settings are known. */
export const PEERS: readonly Peer[] = [bokysan, cplieger, juanluisbaptiste, turgon37, wader];
