/** The mock provider's image: the tests' and that of "hikyaku verify". */
import type { ImageRecipe } from './docker/build.ts';

export const providerTag = 'hikyaku-test/provider:dev';

/** @param root of the checkout */
export function providerImage(root: string): ImageRecipe {
  const entries = [
    'package.json',
    'package-lock.json',
    '.npmrc',
    'entrypoint/package.json',
    'test/support/provider',
  ];
  return {
    tag: providerTag,
    dockerfile: 'test/support/provider/Dockerfile',
    context: { root, entries, ignore: '**/node_modules' },
  };
}
