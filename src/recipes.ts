/** The images that the builder makes: the relay's, and the mock provider's for tests and `verify`. */
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

export const providerTag = 'hikyaku-test/provider:dev';

/** @param root of the checkout */
export function providerImage(root: string): ImageRecipe {
  const entries = [
    'package.json',
    'package-lock.json',
    '.npmrc',
    'entrypoint/package.json',
    'test/support/provider',
    'test/support/oidc/package.json',
  ];
  return {
    tag: providerTag,
    dockerfile: 'test/support/provider/Dockerfile',
    context: { root, entries, ignore: '**/node_modules' },
  };
}
