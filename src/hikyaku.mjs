#!/usr/bin/env node
/**
 * `./hikyaku VERB` in the checkout. Plain JavaScript for the machine's own Node.js, with nothing
 * installed: it installs the node modules, and leaves the rest to TypeScript under the Node.js that
 * is one of them.
 */
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { runChild } from '../scripts/bootstrap/child.mjs';
import { installModules } from '../scripts/bootstrap/install-modules.mjs';
import { findCurrentNode } from '../scripts/bootstrap/node-binary.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

try {
  await installModules(root);
  const node = await findCurrentNode(root);
  const words = [path.join(root, 'src', 'main.ts'), ...process.argv.slice(2)];
  process.exitCode = await runChild(node, words, process.env);
} catch (error) {
  console.error(`hikyaku: ${error instanceof Error ? error.message : error}`);
  // EXIT.system of entrypoint/cli/errors.ts, which the machine's own Node.js may not be able to read.
  process.exitCode = 71;
}
