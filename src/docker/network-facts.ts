/** What the engine knows of a network. */
import type { Docker } from './engine.ts';

export interface NetworkFacts {
  /** As `172.18.0.0/16`. */
  readonly subnets: readonly string[];
  /** The engine's own addresses on it: what comes from elsewhere may come under them. */
  readonly gateways: readonly string[];
}

export async function networkFacts(docker: Docker, name: string): Promise<NetworkFacts> {
  const { IPAM } = await docker.getNetwork(name).inspect();
  const ranges = IPAM?.Config ?? [];
  return {
    subnets: ranges.flatMap(({ Subnet }) => Subnet ?? []),
    gateways: ranges.flatMap(({ Gateway }) => Gateway ?? []),
  };
}
