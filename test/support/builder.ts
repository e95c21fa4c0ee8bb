import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { run } from '../../scripts/command.ts';
import { engine } from './engine.ts';

/** The builder's program, for who has to send it signals. */
export const MAIN = path.resolve(import.meta.dirname, '..', '..', 'src', 'main.ts');

/** Runs the builder's command line; gives its standard output, and rejects when it fails. */
export const hikyaku = (...args: readonly string[]): Promise<string> =>
  run(process.execPath, [MAIN, ...args]);

/** Runs the builder's command line to its end, whatever that is. */
export async function hikyakuSays(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code, stdout, stderr };
}

/** A unique image name; an image with this name is removed in the end. */
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
