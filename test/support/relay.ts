import { composeRights } from './compose-rights.ts';
import { startContainer, startReadyAs, TestContainer } from './container.ts';
import type { ContainerSpec, LockedDown } from './container-spec.ts';
import { eventually, type Patience } from './eventually.ts';
import { IMAGES } from './images.ts';
import type { Output } from './log-frames.ts';
import type { Files } from './mounted-files.ts';
import type { TestNetwork } from './network.ts';
import type { TestVolume } from './volume.ts';

/** As compose.yaml runs it: a read-only root and the three rights that Postfix needs. */
export const LOCKED_DOWN: LockedDown = composeRights();

/** How the relay is to run. */
export interface RelaySettings {
  /** Default: the one that bootstrap built. */
  readonly image?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** By their path in the container: relay.yaml, secrets, certificates. */
  readonly files?: Files;
  /** Names on the network; default `relay`. */
  readonly aliases?: readonly [string, ...string[]];
  readonly hostname?: string;
  readonly dns?: readonly string[];
  /** The queue; default: a volume that is gone with the container. */
  readonly spool?: TestVolume;
  readonly volumes?: Readonly<Record<string, TestVolume>>;
  /** False: as plain `docker run` would run it. */
  readonly lockedDown?: LockedDown | false;
  /** `docker run --init` */
  readonly init?: boolean;
  /** `docker run --memory`, in MB */
  readonly memory?: number;
  /** Kernel parameters in its network. */
  readonly sysctls?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
  /** Published on the host: `hostAddress` tells where. */
  readonly exposedPorts?: readonly number[];
  readonly healthEverySeconds?: number;
}

/** An entry of `postqueue -j` (postqueue(1), JSON object format). */
export interface QueueEntry {
  readonly queue_name: string;
  readonly queue_id: string;
  /** Seconds since 1970. */
  readonly arrival_time: number;
  readonly message_size: number;
  readonly sender: string;
  readonly recipients: readonly { readonly address: string; readonly delay_reason?: string }[];
}

/** Reads the output of `postqueue -j`: a JSON object a line. */
export const readQueue = (output: string): QueueEntry[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Postfix's master says this when its sockets are open. */
const READY = /daemon started/;

/** The relay, seen from a test. */
export class Relay extends TestContainer {
  /** `docker start`, after a kill or a stop; waits until Postfix serves again. */
  override async start(): Promise<void> {
    // The log goes on where it was.
    const after = (await this.logs()).length;
    await super.start();
    await this.waitForLog(READY, { after });
  }

  /** The messages that wait, with the reason. */
  async queue(): Promise<QueueEntry[]> {
    return readQueue(await this.run(['postqueue', '-j']));
  }

  /** Waits until delivery to this recipient was tried in vain, and returns the reason. */
  waitForDelay(to: string, patience?: Patience): Promise<string> {
    return eventually(
      `a reason why the mail to ${to} waits`,
      async () =>
        (await this.queue())
          .flatMap(({ recipients }) => recipients)
          .find(({ address, delay_reason }) => address === to && delay_reason !== undefined)
          ?.delay_reason,
      // Each look starts a program in the container.
      { everyMs: 250, ...patience },
    );
  }

  /** Tries to deliver everything in the queue now. */
  async flush(): Promise<void> {
    await this.run(['postqueue', '-f']);
  }

  /** Halts Postfix's queue manager, or has it go on. */
  async signalQueueManager(signal: 'STOP' | 'CONT'): Promise<void> {
    const script =
      'for p in /proc/[0-9]*; do grep -qs qmgr $p/comm && kill -$0 $(basename $p); done; true';
    await this.run(['sh', '-c', script, signal], { user: 'postfix' });
  }
}

/** Starts the relay and waits until Postfix serves. */
export async function startRelay(
  network: TestNetwork,
  settings: RelaySettings = {},
): Promise<Relay> {
  const spec = relaySpec(network, settings);
  return await startReadyAs(Relay, spec, READY);
}

/** Runs the relay's image to its end, as for settings that are refused. */
export async function runRelay(
  network: TestNetwork,
  settings: RelaySettings = {},
): Promise<Output & { readonly exitCode: number }> {
  await using container = await startContainer(relaySpec(network, settings));
  const exitCode = await container.waitForExit();
  return { exitCode, ...(await container.output()) };
}

function relaySpec(network: TestNetwork, settings: RelaySettings): ContainerSpec {
  const { aliases = ['relay'], spool, volumes, lockedDown = LOCKED_DOWN } = settings;
  return {
    image: settings.image ?? IMAGES.relay,
    network,
    aliases,
    hostname: settings.hostname,
    command: settings.command,
    env: settings.env,
    files: settings.files,
    dns: settings.dns,
    exposedPorts: settings.exposedPorts,
    healthEverySeconds: settings.healthEverySeconds,
    volumes: { ...volumes, ...(spool && { '/var/spool/postfix': spool }) },
    lockedDown: lockedDown || undefined,
    init: settings.init,
    memory: settings.memory,
    sysctls: settings.sysctls,
  };
}
