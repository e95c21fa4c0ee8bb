/** Getting a Docker engine to answer. */
import { spawn } from 'node:child_process';
import { access, mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandFailed, UserError } from '../../entrypoint/cli/errors.ts';
import { aptInstall, NO_INSTALL } from '../../src/base-images/apt.ts';
import { type Engine, type EngineProbe, findEngine } from '../../src/docker/engine.ts';
import type { Progress } from '../../src/progress.ts';
import { run, which } from '../command.ts';
import { planEngine, type StartWay } from './engine-plan.ts';
import { removeStaleFiles } from './stale-files.ts';

/** How long an engine may take from its start to its first answer; a second is usual. */
const START_MS = 60_000;

/** Finds an engine; installs and starts one where that is ours to do. */
export async function ensureEngine(cache: string, progress: Progress): Promise<Engine> {
  const found = await findEngine(process.env);
  if (found.engine !== undefined) return found.engine;
  const plan = planEngine(await lookAround(found.probes));
  switch (plan.action) {
    case 'explain':
      throw new UserError(plan.message);
    case 'start':
      return start(plan.way, cache, progress);
    case 'install':
      await aptInstall(plan.packages, 'Docker is not installed', progress);
      // Since Debian 13 the command is a package of its own, which Debian 12 does not have.
      if ((await which('docker', process.env['PATH'])) === undefined) {
        await aptInstall(['docker-cli'], 'the docker command is not installed', progress);
      }
      return start(plan.way, cache, progress);
  }
}

async function lookAround(probes: readonly EngineProbe[]) {
  return {
    probes,
    hostGiven: (process.env['DOCKER_HOST'] ?? '') !== '',
    root: process.getuid?.() === 0,
    linux: process.platform === 'linux',
    aptGet: (await which('apt-get', process.env['PATH'])) !== undefined,
    dockerd: (await findDockerd()) !== undefined,
    // sd_booted(3) looks at the same directory.
    systemd: await exists('/run/systemd/system'),
    noInstall: (process.env[NO_INSTALL] ?? '') !== '',
  };
}

/** dockerd lives in /usr/sbin, which is not in every user's PATH. */
function findDockerd(): Promise<string | undefined> {
  return which('dockerd', `${process.env['PATH']}:/usr/sbin:/usr/local/sbin`);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

async function start(way: StartWay, cache: string, progress: Progress): Promise<Engine> {
  // A package's script or another program may have started the engine a moment ago.
  const early = await waitForEngine(await removeStaleFiles(progress));
  if (early !== undefined) return early;
  const task = progress.task(`starting the Docker engine (${way})`);
  try {
    const daemon = way === 'systemd' ? undefined : await startByHand(cache);
    if (daemon === undefined) await run('systemctl', ['start', 'docker']);
    const engine = await waitForEngine(START_MS, daemon?.ended);
    if (engine === undefined) throw await startFailed(daemon?.log);
    const more =
      daemon === undefined
        ? 'to stop it: systemctl stop docker docker.socket'
        : `its log: ${daemon.log}; it goes on until the machine stops, or: kill ${daemon.pid}`;
    task.done(`started the Docker engine; ${more}`);
    return engine;
  } finally {
    task.done();
  }
}

interface Daemon {
  readonly log: string;
  readonly pid: number | undefined;
  /** Set when the daemon has ended, which it should not. */
  readonly ended: AbortSignal;
}

/** Starts dockerd so that it outlives this process. */
async function startByHand(cache: string): Promise<Daemon> {
  const dockerd = await findDockerd();
  if (dockerd === undefined) throw new Error('docker.io is installed but brought no dockerd');
  await mkdir(cache, { recursive: true });
  const log = path.join(cache, 'dockerd.log');
  const file = await open(log, 'w');
  const child = spawn(dockerd, [], {
    detached: true,
    stdio: ['ignore', file.fd, file.fd],
    // It looks for containerd, runc and iptables in PATH.
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
  });
  const ended = new AbortController();
  child.once('exit', () => ended.abort());
  child.unref();
  await file.close();
  return { log, pid: child.pid, ended: ended.signal };
}

async function waitForEngine(
  patienceMs: number,
  hopeless?: AbortSignal,
): Promise<Engine | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const { engine } = await findEngine(process.env);
    if (engine !== undefined || hopeless?.aborted === true || Date.now() >= deadline) return engine;
    await delay(250);
  }
}

async function startFailed(log: string | undefined): Promise<CommandFailed> {
  const what = 'The Docker engine was started but does not answer';
  if (log === undefined) {
    return new CommandFailed(`${what}; "journalctl -u docker" tells more.`, '');
  }
  const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
  return new CommandFailed(`${what}. The end of ${log}:`, lines.slice(-25).join('\n'));
}
