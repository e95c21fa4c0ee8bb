/** An appliance: the relay's image with one configuration inside. */
import { chmod, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DEFAULT_FILE } from '../../entrypoint/inputs/merge.ts';
import { buildImage } from '../docker/build.ts';
import type { Docker } from '../docker/engine.ts';
import type { Progress } from '../progress.ts';

export interface Appliance {
  /** The relay's image. */
  readonly from: string;
  readonly tag: string;
  /** The content of relay.yaml. */
  readonly settings: string;
}

/** Bakes settings that were checked before. @returns the image's id */
export async function bake(
  docker: Docker,
  { from, tag, settings }: Appliance,
  progress: Progress,
): Promise<string> {
  const root = await mkdtemp(path.join(tmpdir(), 'hikyaku-bake-'));
  try {
    const dockerfile = `ARG RELAY_IMAGE\nFROM \${RELAY_IMAGE}\nCOPY relay.yaml ${DEFAULT_FILE}\n`;
    await writeFile(path.join(root, 'Dockerfile'), dockerfile);
    const file = path.join(root, 'relay.yaml');
    await writeFile(file, settings);
    await chmod(file, 0o644);
    // The date is no part of the settings: the same settings make the same image.
    await utimes(file, 0, 0);
    const context = { root, entries: ['Dockerfile', 'relay.yaml'], ignore: '' };
    const recipe = { tag, dockerfile: 'Dockerfile', context };
    return await buildImage(docker, recipe, { RELAY_IMAGE: from }, progress);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
