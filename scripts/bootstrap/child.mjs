import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * Runs a command in the foreground as if it were this process: its output is ours, a signal that
 * reaches us reaches it, and its exit status is what the promise gives.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<number>}
 */
export function runChild(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env });
    // Ctrl-C on a terminal goes to the whole foreground group, the child included: passing it on
    // would deliver it twice, and a second one means "at once" to many programs.
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      if (signal !== 'SIGINT' || process.stdin.isTTY !== true) child.kill(signal);
    };
    /** @type {readonly NodeJS.Signals[]} */
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, pass);
    child.once('error', reject);
    child.once('close', (status, signal) => {
      for (const name of signals) process.off(name, pass);
      resolve(signal === null ? (status ?? 1) : 1);
    });
  });
}
