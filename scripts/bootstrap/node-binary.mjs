import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { runTool } from './tool.mjs';

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
  if (!(await exists(installed))) {
    console.error('node modules: fetching a current Node.js');
    // Runs the script of the npm package "node", which fetches the binary, and links it.
    const options = ['--ignore-scripts=false', '--loglevel=error'];
    await runTool('npm', ['rebuild', 'node', ...options], { cwd: root, quiet: true });
  }
  let reason = await whyNot(installed);
  if (reason?.includes(LIBRARY) === true) {
    await installLibrary();
    reason = await whyNot(installed);
  }
  if (reason === undefined) return installed;
  if (isCurrent(process.versions.node)) return process.execPath;
  throw new Error(
    `the Node.js of the npm package "node" does not run here (${reason}), and this machine's own ` +
      `is ${process.version}: install Node.js ${FIRST.major}.${FIRST.minor} or later`,
  );
}

/** Node.js is linked with it since version 25; a small Debian system lacks it. */
const LIBRARY = 'libatomic.so.1';
const PACKAGE = 'libatomic1';

async function installLibrary() {
  if (!(await exists('/usr/bin/apt-get'))) return;
  if (process.env['HIKYAKU_NO_INSTALL'] || process.getuid?.() !== 0) {
    throw new Error(
      `Node.js needs ${LIBRARY}: install the Debian package ${PACKAGE} ` +
        `(sudo apt-get install ${PACKAGE}), or run this as root without HIKYAKU_NO_INSTALL`,
    );
  }
  console.error(`Node.js needs ${LIBRARY}: installing ${PACKAGE} from Debian's packages`);
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-qq', '-y', '--no-install-recommends', '--no-remove', PACKAGE];
  // Only the installation must succeed, since a third-party source may be broken.
  await runTool('apt-get', ['update', '-qq'], { env }).catch(() => {});
  await runTool('apt-get', install, { env, quiet: true });
}

/**
 * @param {string} version such as 22.19.0
 * @returns {boolean}
 */
export function isCurrent(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > FIRST.major || (major === FIRST.major && minor >= FIRST.minor);
}

/**
 * Why a Node.js cannot be used; undefined if it can.
 *
 * @param {string} node
 * @returns {Promise<string | undefined>}
 */
async function whyNot(node) {
  try {
    const { stdout } = await run(node, ['--version']);
    const version = stdout.trim().replace(/^v/, '');
    return isCurrent(version) ? undefined : `it is version ${version}`;
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    return said === '' ? String(error) : said;
  }
}

/** @param {string} file */
async function exists(file) {
  return access(file).then(
    () => true,
    () => false,
  );
}
