import { createConnection } from 'node:net';
import { engine, ownerLabel } from '../test/support/engine.ts';
import { LOCKED_DOWN } from '../test/support/relay.ts';
import type { Contestant } from './contestants.ts';

/** One try to reach the banner: whether the server said 220. */
function says220(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: 25, timeout: 1000 });
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', (data: Buffer) => done(data.toString().startsWith('220')));
    for (const event of ['error', 'close', 'timeout']) socket.once(event, () => done(false));
  });
}

/** `/tmp`, or `/var/lib/postfix:uid=101,mode=700`, as the engine takes it. */
function mountOf(tmpfs: string): readonly [path: string, options: string] {
  const [path = '', options = ''] = tmpfs.split(/:(.*)/s);
  return [path, options];
}

/** What one start took. */
export interface Start {
  /** From the moment the engine said that the container runs to the 220 banner, in milliseconds. */
  readonly bannerMs: number;
}

/**
 * Starts a container and waits for its banner.
 * @param binds what is mounted, in Docker's form
 */
export async function measureStart(
  contestant: Contestant,
  binds: readonly string[],
): Promise<Start> {
  const docker = await engine();
  const container = await docker.createContainer({
    Image: contestant.image,
    Hostname: 'relay.example',
    Env: Object.entries(contestant.env).map(([name, value]) => `${name}=${value}`),
    ...(contestant.command === undefined ? {} : { Cmd: [...contestant.command] }),
    ...(contestant.entrypoint === undefined ? {} : { Entrypoint: [...contestant.entrypoint] }),
    Labels: ownerLabel(),
    HostConfig: {
      Binds: [...binds],
      // Removed with the container.
      ...(contestant.state === undefined
        ? {}
        : { Mounts: [{ Type: 'volume', Source: '', Target: contestant.state }] }),
      ...(contestant.lockedDown
        ? {
            ReadonlyRootfs: true,
            CapDrop: ['ALL'],
            CapAdd: [...LOCKED_DOWN.capabilities],
            SecurityOpt: ['no-new-privileges'],
            Tmpfs: Object.fromEntries(LOCKED_DOWN.tmpfs.map(mountOf)),
          }
        : {}),
    },
  });
  try {
    await container.start();
    const started = performance.now();
    const { NetworkSettings } = await container.inspect();
    while (!(await says220(NetworkSettings.Networks['bridge']?.IPAddress ?? ''))) {
      if (performance.now() - started > 60_000) throw new Error(`${contestant.name}: no banner`);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    return { bannerMs: performance.now() - started };
  } finally {
    await container.remove({ force: true, v: true });
  }
}
