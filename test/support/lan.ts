import { run } from '../../scripts/command.ts';
import type { TestContainer } from './container.ts';
import { engine } from './engine.ts';
import { IMAGES } from './images.ts';

/** A cable between a container and the host. */
export interface Lan extends AsyncDisposable {
  /** The host's address at its end. */
  readonly host: string;
}

/**
 * Gives a container an address on a host network outside Docker, as a machine of
 * the LAN has it: between two networks of Docker's own, the engine lets nothing through.
 *
 * @param address an IPv4 address; the host's end gets the one after it. Nothing but these two is
 *   routed there, so a real LAN with the same numbers goes on.
 */
export async function connectToLan(container: TestContainer, address: string): Promise<Lan> {
  const { State } = await (await engine()).getContainer(container.id).inspect();
  const host = address.replace(/\d+$/, (last) => String(Number(last) + 1));
  const [here, there] = [`lan${process.pid}`, `nas${process.pid}`];
  const inContainer = `nsenter --target ${State.Pid} --net ip`;
  const add = [
    `ip link add ${here} type veth peer name ${there}`,
    `ip link set ${there} netns ${State.Pid}`,
    `ip address add ${host}/32 peer ${address}/32 dev ${here}`,
    `ip link set ${here} up`,
    `${inContainer} address add ${address}/32 peer ${host}/32 dev ${there}`,
    `${inContainer} link set ${there} up`,
  ];
  await onHost(add.join(' && '));
  return {
    host,
    [Symbol.asyncDispose]: async () => {
      await onHost(`ip link delete ${here}`);
    },
  };
}

/** In the network of the host, with the right to change it. */
function onHost(script: string): Promise<string> {
  // Not --privileged, which an engine inside a container cannot grant.
  const capabilities = ['NET_ADMIN', 'SYS_ADMIN', 'SYS_PTRACE'];
  const rights = [
    ...capabilities.flatMap((capability) => ['--cap-add', capability]),
    ...['--security-opt', 'apparmor=unconfined', '--network', 'host', '--pid', 'host'],
  ];
  return run('docker', ['run', '--rm', ...rights, IMAGES.client, 'sh', '-ec', script]);
}
