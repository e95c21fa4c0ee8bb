import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const STILL_GOING_MS = 10_000;

/**
 * Runs one of the machine's own tools, its output on the screen, and says now and then that it is
 * still going.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ readonly cwd?: string, readonly env?: NodeJS.ProcessEnv, readonly quiet?: boolean }} [options]
 *   quiet: only errors are shown
 * @returns {Promise<void>}
 */
export function runTool(command, args, { cwd, env, quiet } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...machineEnvironment(), ...env },
      stdio: ['ignore', quiet === true ? 'ignore' : 'inherit', 'inherit'],
    });
    const started = Date.now();
    const timer = setInterval(() => {
      console.error(`  … ${Math.round((Date.now() - started) / 1000)} s`);
    }, STILL_GOING_MS);
    child.once('error', (error) => {
      clearInterval(timer);
      reject(new Error(`${command} cannot be started: ${error.message}`));
    });
    child.once('close', (status) => {
      clearInterval(timer);
      if (status === 0) resolve();
      else reject(new Error(`${command} failed with status ${status}; its message is above`));
    });
  });
}

/**
 * The environment without what `npm run` put there: node_modules/.bin in front of PATH, where a
 * Node.js may be that does not run here or is about to be replaced, and the prefix that would send
 * an npm in another directory to this one.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function machineEnvironment() {
  const { npm_config_local_prefix: _, ...env } = process.env;
  const modules = `${path.sep}node_modules`;
  const PATH = (process.env['PATH'] ?? '')
    .split(path.delimiter)
    .filter((directory) => !directory.includes(`${modules}${path.sep}`))
    .join(path.delimiter);
  return { ...env, PATH };
}
