/**
 * Docker Compose, version 2: the one that is there, or the binary of Debian's package. That one is
 * taken out of the package into .cache; nothing is installed on the machine, whose own Debian may
 * be older and have version 1 only.
 */
import { spawn } from 'node:child_process';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { CommandFailed, UserError } from '../../entrypoint/cli/errors.ts';
import type { Setting } from '../../src/base-images/setting.ts';
import type { Docker } from '../../src/docker/engine.ts';
import { run, which } from '../command.ts';
import { enginePlatform } from '../release/platform.ts';

/**
 * @param debian image of the Debian release whose package is used
 * @returns the value of HIKYAKU_COMPOSE: `docker compose`, or the path of a `docker-compose`
 */
export async function ensureCompose(setting: Setting, debian: string): Promise<string> {
  if (await isVersion2('docker', ['compose', 'version', '--short'])) return 'docker compose';
  const installed = await which('docker-compose', process.env['PATH']);
  if (installed !== undefined && (await isVersion2(installed, ['version', '--short']))) {
    return installed;
  }
  const own = path.join(setting.cache, 'bin', 'docker-compose');
  if (await isVersion2(own, ['version', '--short'])) return own;
  // It is taken from an image of the engine's architecture, and runs here.
  const here = `${process.platform}/${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const there = await enginePlatform(setting.docker);
  if (here !== there) {
    throw new UserError(
      `Docker Compose 2 is not installed, and the engine (${there}) has none for ${here}: install Docker's Compose plugin.`,
    );
  }
  await fetchCompose(setting, debian, own);
  return own;
}

async function isVersion2(command: string, args: readonly string[]): Promise<boolean> {
  const version = await run(command, args).catch(() => '');
  return /^v?([2-9]|\d\d)\./.test(version.trim());
}

const PACKAGE = 'docker-compose';
/** In the package: usr/libexec/docker/cli-plugins/docker-compose, a program in its own right. */
const script = `set -e
cd "$(mktemp -d)"
apt-get update
apt-get download ${PACKAGE}
dpkg-deb -x ${PACKAGE}_*.deb package
find package -type f -name docker-compose -exec cp {} /docker-compose \\;
chmod 0755 /docker-compose
`;

async function fetchCompose(
  { docker, progress }: Setting,
  debian: string,
  target: string,
): Promise<void> {
  const task = progress.task(`Docker Compose is not installed: fetching it from Debian's package`);
  try {
    await mkdir(path.dirname(target), { recursive: true });
    await runInContainer(docker, debian, script, task.detail, async (container) => {
      const archive = await container.getArchive({ path: '/docker-compose' });
      const directory = `${target}.new`;
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory);
      await extract(archive, directory);
      await rename(path.join(directory, 'docker-compose'), target);
      await rm(directory, { recursive: true });
    });
    task.done(`fetched Docker Compose: ${target}`);
  } finally {
    task.done();
  }
}

type Container = ReturnType<Docker['getContainer']>;

/** Runs a shell script in a container, then `use`, then removes the container. */
async function runInContainer(
  docker: Docker,
  image: string,
  text: string,
  onLine: (line: string) => void,
  use: (container: Container) => Promise<void>,
): Promise<void> {
  // A terminal's output is one plain stream without frames.
  const container = await docker.createContainer({
    Image: image,
    Cmd: ['sh', '-c', text],
    Tty: true,
  });
  try {
    const output = await container.attach({ stream: true, stdout: true, stderr: true });
    let said = '';
    output.setEncoding('utf8');
    output.on('data', (piece: string) => {
      said += piece;
      onLine(piece);
    });
    await container.start();
    const { StatusCode: status } = await container.wait();
    if (status !== 0) throw new CommandFailed(`a container of ${image} ended with ${status}`, said);
    await use(container);
  } finally {
    await container.remove({ force: true });
  }
}

async function extract(archive: NodeJS.ReadableStream, directory: string): Promise<void> {
  const tar = spawn('tar', ['-x', '-C', directory], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', reject);
    tar.once('close', (status) =>
      status === 0 ? resolve() : reject(new CommandFailed(`tar ended with status ${status}`, '')),
    );
  });
  await Promise.all([pipeline(archive, tar.stdin), ended]);
}
