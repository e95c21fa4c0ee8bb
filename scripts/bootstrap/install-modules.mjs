import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { lockIsInstalled } from './lock-file.mjs';

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
  console.log(`node modules: ${hidden === undefined ? 'missing' : 'out of date'}, running npm`);
  await npmInstall(root);
}

/** @param {string} file */
async function readOrUndefined(file) {
  try {
    return await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * `npm install` takes the locked versions as `npm ci` does. That one refuses a lock file which lacks
 * the optional packages of platforms that the registry at hand does not carry.
 *
 * @param {string} root
 */
function npmInstall(root) {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, PATH: pathWithoutModules(process.env['PATH'] ?? '') };
    const args = ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'];
    const child = spawn('npm', args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] });
    const started = Date.now();
    const timer = setInterval(() => {
      console.log(`  … npm, ${Math.round((Date.now() - started) / 1000)} s`);
    }, 10_000);
    const ended = () => clearInterval(timer);
    child.once('error', (error) => {
      ended();
      reject(new Error(`npm cannot be started (${error.message}): install Node.js with npm`));
    });
    child.once('close', (status) => {
      ended();
      if (status === 0) resolve(undefined);
      else reject(new Error(`npm failed with status ${status}; its message is above`));
    });
  });
}

/**
 * npm puts node_modules/.bin in front of PATH for a script, and may replace what is in there: it
 * must run on the machine's own Node.js, not on one that it is about to delete.
 *
 * @param {string} value
 */
function pathWithoutModules(value) {
  return value
    .split(path.delimiter)
    .filter((directory) => !directory.includes(`${path.sep}node_modules${path.sep}`))
    .filter((directory) => !directory.endsWith(`${path.sep}node_modules${path.sep}.bin`))
    .join(path.delimiter);
}
