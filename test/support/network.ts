import { randomInt, randomUUID } from 'node:crypto';
import { type Dockerode, engine, ownerLabel } from './engine.ts';

type Network = ReturnType<Dockerode['getNetwork']>;

/** A network of one test; its containers see each other under their aliases. */
export interface TestNetwork extends AsyncDisposable {
  readonly name: string;
  /** "172.18.0.0/16" */
  readonly subnet: string;
  /** The host's own address on this network: what an outside client looks like. */
  readonly gateway: string;
  /** Puts a container of another network on this one as well; returns its address here. */
  readonly join: (container: { readonly id: string }, alias?: string) => Promise<string>;
}

/** The addresses of a network, as the engine has chosen them. */
export async function addressesOf(
  network: Network,
): Promise<Pick<TestNetwork, 'subnet' | 'gateway'>> {
  const { IPAM } = await network.inspect();
  const { Subnet: subnet = '', Gateway: gateway = '' } = IPAM?.Config?.[0] ?? {};
  return { subnet, gateway };
}

// The LAN of an example. The engine uses this range too when its other pools are full, that is with
// two dozen networks at once.
const LAN = '192.168.';

/** How a network differs from what the engine would make of itself. */
export interface NetworkTraits {
  /** The place of the engine's own address; default: the first. */
  readonly gateway?: 'last';
  /** Also has IPv6 addresses. */
  readonly ipv6?: boolean;
}

/** The request to the engine. */
function ipam({ gateway, ipv6 }: NetworkTraits): object {
  const range = `10.${randomInt(256)}.${randomInt(256)}`;
  const four = { Subnet: `${range}.0/24`, Gateway: `${range}.${gateway === 'last' ? 254 : 1}` };
  const prefix = `fd00:${randomInt(1, 0xffff).toString(16)}:${randomInt(1, 0xffff).toString(16)}`;
  const six = { Subnet: `${prefix}::/64`, Gateway: `${prefix}::1` };
  return { EnableIPv6: ipv6 === true, IPAM: { Config: ipv6 === true ? [four, six] : [four] } };
}

/** Makes a network; dispose of it after the containers on it (`await using` does, in order). */
export async function startNetwork(traits: NetworkTraits = {}): Promise<TestNetwork> {
  const docker = await engine();
  const name = `hikyaku-test-${randomUUID()}`;
  const isSpecial = Object.keys(traits).length > 0;
  const options = { Name: name, Labels: ownerLabel(), ...(isSpecial ? ipam(traits) : {}) };
  let network = await docker.createNetwork(options);
  if ((await addressesOf(network)).subnet.startsWith(LAN)) {
    await network.remove();
    network = await docker.createNetwork({ ...options, ...ipam(traits) });
  }
  return {
    name,
    ...(await addressesOf(network)),
    join: async ({ id }, alias) => {
      const EndpointConfig = { Aliases: alias === undefined ? [] : [alias] };
      await network.connect({ Container: id, EndpointConfig });
      const { NetworkSettings } = await docker.getContainer(id).inspect();
      return NetworkSettings.Networks[name]?.IPAddress ?? '';
    },
    [Symbol.asyncDispose]: async () => {
      await network.remove();
    },
  };
}
