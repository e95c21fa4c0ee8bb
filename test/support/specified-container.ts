import { GenericContainer, PullPolicy, type WaitStrategy } from 'testcontainers';
import type { ContainerSpec } from './container-spec.ts';
import { ownerLabel } from './engine.ts';
import type { MountedFiles } from './mounted-files.ts';

/**
 * Does not wait. On a failure testcontainers removes the container, and with it the log that says
 * why; `startContainer` waits by itself.
 */
const NO_WAIT: WaitStrategy = {
  waitUntilReady: async () => undefined,
  withStartupTimeout: () => NO_WAIT,
  isStartupTimeoutSet: () => true,
  getStartupTimeout: () => 0,
};

/** testcontainers' container, with the settings that it has no method for. */
export class SpecifiedContainer extends GenericContainer {
  constructor(spec: ContainerSpec, files: MountedFiles) {
    super(spec.image);
    this.withPullPolicy(PullPolicy.neverPull());
    this.withWaitStrategy(NO_WAIT);
    this.withLabels(ownerLabel());
    // withNetworkAliases() would connect the container to the default bridge as well.
    this.withNetworkMode(spec.network.name);
    this.createOpts.NetworkingConfig = {
      EndpointsConfig: { [spec.network.name]: { Aliases: [...spec.aliases] } },
    };
    this.withEnvironment({ ...spec.env });
    this.withBindMounts([...files.mounts(), ...volumeMounts(spec)]);
    this.withExposedPorts(...(spec.exposedPorts ?? []));
    if (spec.command !== undefined) this.withCommand([...spec.command]);
    if (spec.entrypoint !== undefined) this.withEntrypoint([...spec.entrypoint]);
    if (spec.hostname !== undefined) this.withHostname(spec.hostname);
    if (spec.dns !== undefined) this.hostConfig.Dns = [...spec.dns];
    this.#lockDown(spec);
    if (spec.init !== undefined) this.hostConfig.Init = spec.init;
    if (spec.memory !== undefined) {
      this.hostConfig.Memory = spec.memory * 2 ** 20;
      this.hostConfig.MemorySwap = this.hostConfig.Memory;
    }
    if (spec.sysctls !== undefined) this.hostConfig.Sysctls = { ...spec.sysctls };
    if (spec.observes !== undefined) {
      this.hostConfig.PidMode = `container:${spec.observes.id}`;
      this.withAddedCapabilities('SYS_PTRACE');
    }
    if (spec.healthEverySeconds === 'never') {
      this.createOpts.Healthcheck = { Test: ['NONE'] };
    } else if (spec.healthEverySeconds !== undefined) {
      // Without a Test the engine uses the image's own health check.
      this.createOpts.Healthcheck = { Interval: spec.healthEverySeconds * 1e9 };
    }
  }

  #lockDown({ lockedDown }: ContainerSpec): void {
    if (lockedDown === undefined) return;
    this.hostConfig.ReadonlyRootfs = true;
    this.withDroppedCapabilities('ALL');
    this.withAddedCapabilities(...lockedDown.capabilities);
    this.withSecurityOpt('no-new-privileges:true');
    this.withTmpFs(Object.fromEntries(lockedDown.tmpfs.map(tmpfsMount)));
  }
}

/** `/tmp:mode=777` -> the path and its options. */
function tmpfsMount(text: string): [path: string, options: string] {
  const [path = '', options = ''] = text.split(':');
  return [path, options];
}

function volumeMounts({ volumes = {} }: ContainerSpec): { source: string; target: string }[] {
  return Object.entries(volumes).map(([target, { name }]) => ({ source: name, target }));
}
