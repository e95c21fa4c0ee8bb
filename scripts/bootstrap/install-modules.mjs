import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { lockIsInstalled } from './lock-file.mjs';
import { runTool } from './tool.mjs';

/**
 * Runs npm unless node_modules already is what package-lock.json describes.
 *
 * @param {string} root
 */
export async function installModules(root) {
  const lock = await readFile(path.join(root, 'package-lock.json'), 'utf8');
  // npm keeps the description of what it installed here (npm help package-lock-json,
  // "Hidden Lockfiles").
  const hidden = await readOrUndefined(path.join(root, 'node_modules', '.package-lock.json'));
  if (hidden !== undefined && lockIsInstalled(JSON.parse(lock), JSON.parse(hidden))) return;
  const state = hidden === undefined ? 'missing' : 'out of date';
  console.error(`node modules: ${state}, running npm install`);
  // It takes the locked versions as `npm ci` does, which refuses a lock file that lacks the optional
  // packages of platforms which the registry at hand does not carry. Without scripts: the only one
  // we need is that of the package "node", see node-binary.mjs, and the others would already run
  // on the binary that this one brings.
  const options = ['--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await runTool('npm', ['install', ...options], { cwd: root });
}

/** @param {string} file */
async function readOrUndefined(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}
