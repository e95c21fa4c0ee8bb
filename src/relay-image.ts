/** The image that this repository is about. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ImageRecipe } from './docker/build.ts';
import { contextFromDockerignore } from './docker/context.ts';

export const relayTag = 'hikyaku:dev';

export async function relayImage(root: string, tag: string = relayTag): Promise<ImageRecipe> {
  const { entries, ignore } = contextFromDockerignore(
    await readFile(path.join(root, '.dockerignore'), 'utf8'),
  );
  return {
    tag,
    dockerfile: 'Dockerfile',
    context: { root, entries: ['Dockerfile', ...entries], ignore },
  };
}
