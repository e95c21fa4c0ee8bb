import { randomUUID } from 'node:crypto';
import { engine, ownerLabel } from './engine.ts';

/** A network of one test; its containers see each other under their aliases. */
export interface TestNetwork extends AsyncDisposable {
  readonly name: string;
  /** "172.18.0.0/16" */
  readonly subnet: string;
  /** The host's own address on this network: what an outside client looks like. */
  readonly gateway: string;
}

/** Makes a network; dispose of it after the containers on it (`await using` does, in order). */
export async function startNetwork(): Promise<TestNetwork> {
  const docker = await engine();
  const name = `hikyaku-test-${randomUUID()}`;
  const network = await docker.createNetwork({ Name: name, Labels: ownerLabel() });
  const { IPAM } = await network.inspect();
  const { Subnet: subnet = '', Gateway: gateway = '' } = IPAM?.Config?.[0] ?? {};
  return {
    name,
    subnet,
    gateway,
    [Symbol.asyncDispose]: async () => {
      await network.remove();
    },
  };
}
