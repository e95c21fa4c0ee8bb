#!/usr/bin/env node
/**
 * What `npm run demo`, `npm test` and the others call first:
 *
 *     node scripts/bootstrap.mjs [--engine] [--compose] [--image] [--test-image NAME]...
 *                                [--test-images] [command argument...]
 *
 * It makes sure that everything the command needs is there, says what it does, and then becomes
 * the command. This file is plain JavaScript for the machine's own Node.js, with nothing installed:
 * it installs the node modules, and leaves the rest to TypeScript under the Node.js that is one of
 * them.
 */
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runChild } from './bootstrap/child.mjs';
import { installModules } from './bootstrap/install-modules.mjs';
import { findCurrentNode } from './bootstrap/node-binary.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const binaries = path.join(root, 'node_modules', '.bin');

try {
  await installModules(root);
  const node = await findCurrentNode(root);
  const rest = [path.join(root, 'scripts', 'bootstrap', 'main.ts'), ...process.argv.slice(2)];
  // The programs in node_modules/.bin start with "env node": that must find this Node.js.
  const PATH = [path.dirname(node), binaries, process.env['PATH']].join(path.delimiter);
  process.exitCode = await runChild(node, rest, { ...process.env, PATH });
} catch (error) {
  console.error(`bootstrap: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
