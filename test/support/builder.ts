import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { run } from '../../scripts/command.ts';
import { engine } from './engine.ts';

/** The builder's program, for who has to send it signals. */
export const MAIN = path.resolve(import.meta.dirname, '..', '..', 'src', 'main.ts');

/** Runs the builder's command line; gives its standard output, and rejects when it fails. */
export const hikyaku = (...args: readonly string[]): Promise<string> =>
  run(process.execPath, [MAIN, ...args]);

/** The name of an image that nobody else has; whatever has it in the end is removed. */
export function imageTag(): AsyncDisposable & { readonly tag: string } {
  const tag = `hikyaku-test/made:${randomBytes(6).toString('hex')}`;
  return {
    tag,
    async [Symbol.asyncDispose]() {
      const docker = await engine();
      const made = await docker.listImages({ filters: { reference: [tag] } });
      if (made.length > 0) await docker.getImage(tag).remove({ force: true });
    },
  };
}
