import { execFile } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The first version that runs TypeScript as it is and that all our modules accept. */
const FIRST = { major: 22, minor: 19 };

/**
 * The Node.js to run everything else with: the one in node_modules, or the machine's own where
 * that one is current and the other cannot run here.
 *
 * @param {string} root
 * @returns {Promise<string>} a path
 */
export async function findCurrentNode(root) {
  const installed = path.join(root, 'node_modules', 'node', 'bin', 'node');
  if (await works(installed)) return installed;
  // The npm package "node" fetches its binary in a script of its own, which a npm that is told to
  // ignore scripts leaves out.
  console.log('node modules: fetching the Node.js binary');
  const cwd = path.join(root, 'node_modules', 'node');
  const reason = await run(process.execPath, ['installArchSpecificPackage.js'], { cwd }).then(
    () => 'it does not run on this machine',
    (error) => (error instanceof Error ? error.message : String(error)),
  );
  if (await works(installed)) return installed;
  if (isCurrent(process.versions.node)) return process.execPath;
  throw new Error(
    `the npm package "node" brought no Node.js (${reason}), and this machine's own is ` +
      `${process.version}: install Node.js ${FIRST.major}.${FIRST.minor} or later`,
  );
}

/**
 * @param {string} version such as 22.19.0
 * @returns {boolean}
 */
export function isCurrent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > FIRST.major || (major === FIRST.major && minor >= FIRST.minor);
}

/** @param {string} node */
async function works(node) {
  try {
    const { stdout } = await run(node, ['--version']);
    return isCurrent(stdout.trim().replace(/^v/, ''));
  } catch {
    return false;
  }
}
