import type { Files } from './mounted-files.ts';
import type { TestNetwork } from './network.ts';
import type { TestVolume } from './volume.ts';

/** How a container is to run: what the tests need of `docker run`, and no more. */
export interface ContainerSpec {
  readonly image: string;
  readonly network: TestNetwork;
  /** Names on the network; the first is the one that the harness uses. */
  readonly aliases: readonly [string, ...string[]];
  readonly hostname?: string | undefined;
  readonly command?: readonly string[] | undefined;
  readonly entrypoint?: readonly string[] | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly files?: Files | undefined;
  /** By their path in the container. */
  readonly volumes?: Readonly<Record<string, TestVolume>> | undefined;
  /** Addresses of DNS servers; names on the network are found all the same. */
  readonly dns?: readonly string[] | undefined;
  readonly exposedPorts?: readonly number[] | undefined;
  readonly lockedDown?: LockedDown | undefined;
  /** `docker run --init`: process 1 is Docker's own, not the program. */
  readonly init?: boolean | undefined;
  /** `docker run --memory`, in MB, and no swap beside it. */
  readonly memory?: number | undefined;
  readonly sysctls?: Readonly<Record<string, string>> | undefined;
  /**
   * Another container whose processes it sees (`docker run --pid container:…`), with the right to
   * look into them.
   */
  readonly observes?: { readonly id: string } | undefined;
  /** How often the image's own health check runs; default: as the image says. */
  readonly healthEverySeconds?: number | 'never' | undefined;
}

/** A read-only root, no new privileges, and no capabilities but these. */
export interface LockedDown {
  readonly capabilities: readonly string[];
  /** As `docker run --tmpfs` has them: a path, or `PATH:OPTIONS`. */
  readonly tmpfs: readonly string[];
}
