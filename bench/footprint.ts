import { spawn } from 'node:child_process';
import { pipeline } from 'node:stream/promises';
import { startReady } from '../test/support/container.ts';
import { engine } from '../test/support/engine.ts';
import { startNetwork } from '../test/support/network.ts';
import { type Contestant, specOf } from './contestants.ts';

const MB = 1_000_000;

export interface Size {
  readonly diskMB: number;
  /** `docker save | gzip`, what a registry would carry, roughly. */
  readonly compressedMB: number;
}

/** How much room an image takes; nothing of it is run. */
export async function measureSize({ image }: Contestant): Promise<Size> {
  const docker = await engine();
  const { Size: bytes } = await docker.getImage(image).inspect();
  const gzip = spawn('gzip', { stdio: ['pipe', 'pipe', 'inherit'] });
  const sent = pipeline(await docker.getImage(image).get(), gzip.stdin);
  let compressed = 0;
  for await (const chunk of gzip.stdout) compressed += chunk.length;
  await sent;
  return { diskMB: bytes / MB, compressedMB: compressed / MB };
}

/** Memory of a container at rest, a second after its start: what is in use, caches left out. */
export async function measureMemory(contestant: Contestant, ca: string): Promise<number> {
  await using network = await startNetwork();
  await using relay = await startReady(specOf(contestant, network, ca), /daemon started/);
  const container = (await engine()).getContainer(relay.id);
  // Two samples a second apart, of which this is the second.
  const { memory_stats: memory } = await container.stats({ stream: false });
  const cache = memory.stats.inactive_file ?? memory.stats['total_inactive_file'] ?? 0;
  return (memory.usage - Number(cache)) / MB;
}
