import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { startReady } from '../test/support/container.ts';
import { engine } from '../test/support/engine.ts';
import { startNetwork } from '../test/support/network.ts';
import { createVolume } from '../test/support/volume.ts';
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

/** What each program takes: what is its own and what it shares, and the second by halves (proc(5)). */
export interface Part {
  readonly name: string;
  readonly rssMB: number;
  readonly pssMB: number;
}

/** Programs that are one each; what Postfix has besides is added up. */
const PROGRAMS = ['recorder.js', 'page.js', 'bash'];

const fieldOf = (rollup: string, name: string): number =>
  (Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) * 1024) / MB;

/**
 * The parts of a container, seconds after its start. The engine has to run on this machine.
 * @returns none where their memory may not be looked at
 */
export async function measureParts(contestant: Contestant, ca: string): Promise<readonly Part[]> {
  await using network = await startNetwork();
  await using state = await createVolume();
  const volumes = contestant.state === undefined ? {} : { [contestant.state]: state };
  const spec = specOf(contestant, network, ca, { volumes });
  await using relay = await startReady(spec, /daemon started/);
  await pause(5_000);
  const container = (await engine()).getContainer(relay.id);
  const { Processes: processes } = await container.top({ ps_args: '-eo pid,args' });
  const parts = new Map<string, Part>();
  for (const [pid = '', words = ''] of processes) {
    const name = PROGRAMS.find((one) => words.includes(one)) ?? 'Postfix';
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    const { rssMB, pssMB } = parts.get(name) ?? { rssMB: 0, pssMB: 0 };
    parts.set(name, {
      name,
      rssMB: rssMB + fieldOf(rollup, 'Rss'),
      pssMB: pssMB + fieldOf(rollup, 'Pss'),
    });
  }
  return [...parts.values()].filter(({ rssMB }) => rssMB > 0);
}

/** Memory of a container at rest, a second after its start: what is in use, caches left out. */
export async function measureMemory(contestant: Contestant, ca: string): Promise<number> {
  await using network = await startNetwork();
  await using state = await createVolume();
  const volumes = contestant.state === undefined ? {} : { [contestant.state]: state };
  const spec = specOf(contestant, network, ca, { volumes });
  await using relay = await startReady(spec, /daemon started/);
  const container = (await engine()).getContainer(relay.id);
  // Two samples a second apart, of which this is the second.
  const { memory_stats: memory } = await container.stats({ stream: false });
  const cache = memory.stats.inactive_file ?? memory.stats['total_inactive_file'] ?? 0;
  return (memory.usage - Number(cache)) / MB;
}
