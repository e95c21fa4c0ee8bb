/** The images that the builds start from: the public ones where they can be had, else stand-ins. */
import { createReadStream } from 'node:fs';
import { copyFile, link, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { buildVisibly } from '../../src/docker/build-progress.ts';
import type { Docker } from '../../src/docker/engine.ts';
import { imageId, importImage, pullImage } from '../../src/docker/images.ts';
import { UserError } from '../../src/errors.ts';
import type { Progress } from '../../src/progress.ts';
import { run, which } from '../command.ts';
import { aptInstall, needsRoot } from './apt.ts';
import {
  chooseBase,
  debianStandIn,
  mmdebstrapArgs,
  nodeStandIn,
  publicDebian,
  publicNode,
} from './base-image-plan.ts';
import { hostCaBundle } from './ca-bundle.ts';

export interface Setting {
  readonly docker: Docker;
  readonly progress: Progress;
  readonly root: string;
  readonly cache: string;
}

export interface BaseImages {
  readonly debian: string;
  readonly node: string;
}

/** An engine that says nothing for so long about a pull will not say anything. */
const PULL_SILENCE_MS = 20_000;

export async function ensureBaseImages(setting: Setting): Promise<BaseImages> {
  const debian = await ensureDebian(setting);
  return { debian, node: await ensureNode(setting, debian) };
}

async function ensureDebian(setting: Setting): Promise<string> {
  const { docker } = setting;
  const given = process.env['HIKYAKU_DEBIAN_IMAGE'];
  const standIn = debianStandIn();
  const choice = chooseBase({
    given,
    publicHere: (await imageId(docker, publicDebian)) !== undefined,
    standInHere: (await imageId(docker, standIn)) !== undefined,
  });
  switch (choice) {
    case 'given':
      return given ?? publicDebian;
    case 'public':
      return publicDebian;
    case 'stand-in':
      return standIn;
    case 'pull, else make a stand-in':
      if (await pullVisibly(setting, publicDebian)) return publicDebian;
      await makeDebian(setting, standIn);
      return standIn;
  }
}

async function ensureNode(setting: Setting, debian: string): Promise<string> {
  const { docker } = setting;
  const given = process.env['HIKYAKU_NODE_IMAGE'];
  const caBundle = await hostCaBundle(process.env);
  const standIn = await nodeFromNpm(setting, debian, caBundle);
  const choice = chooseBase({
    given,
    publicHere: (await imageId(docker, publicNode)) !== undefined,
    standInHere: (await imageId(docker, standIn.tag)) !== undefined,
  });
  switch (choice) {
    case 'given':
      return given ?? publicNode;
    case 'public':
      return withHostCa(setting, caBundle);
    case 'stand-in':
      return standIn.tag;
    case 'pull, else make a stand-in':
      if (await pullVisibly(setting, publicNode)) return withHostCa(setting, caBundle);
      await standIn.make();
      return standIn.tag;
  }
}

async function pullVisibly({ docker, progress }: Setting, name: string): Promise<boolean> {
  const task = progress.task(`pulling ${name}`);
  const outcome = await pullImage(docker, name, PULL_SILENCE_MS, task.detail);
  task.done(
    outcome.pulled
      ? `pulled ${name}`
      : `${name} cannot be pulled here (${outcome.reason}): making a stand-in`,
  );
  return outcome.pulled;
}

/** Debian's archive -> root file system -> image. */
async function makeDebian(setting: Setting, tag: string): Promise<void> {
  const { docker, progress, cache } = setting;
  await ensureMmdebstrap(progress);
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(path.join(cache, 'debian-'));
  const task = progress.task(`making ${tag} from Debian's archive`);
  try {
    const tar = path.join(directory, 'trixie.tar');
    await run('mmdebstrap', mmdebstrapArgs(tar), { onLine: task.detail });
    await importImage(docker, createReadStream(tar), tag, ['CMD ["bash"]']);
    task.done(`made ${tag}`);
  } finally {
    task.done();
    await rm(directory, { recursive: true, force: true });
  }
}

async function ensureMmdebstrap(progress: Progress): Promise<void> {
  if ((await which('mmdebstrap', process.env['PATH'])) !== undefined) return;
  const why = 'Making a base image';
  // The keyring may be older than the Debian release that the image is made of.
  const packages = ['mmdebstrap', 'debian-archive-keyring'];
  if ((await which('apt-get', process.env['PATH'])) === undefined) {
    throw new UserError(
      `No image registry can be reached, and a stand-in for ${publicDebian} can be made on Debian and its kin only: load that image (docker load) or name another (HIKYAKU_DEBIAN_IMAGE).`,
    );
  }
  if (process.getuid?.() !== 0) throw needsRoot(why, packages);
  await aptInstall(packages, why, progress);
}

interface StandIn {
  readonly tag: string;
  make(): Promise<void>;
}

/** A Node.js image from the npm packages "node" (the binary this very process runs on) and "npm". */
async function nodeFromNpm(setting: Setting, debian: string, caBundle: string): Promise<StandIn> {
  const { docker, progress, root } = setting;
  const dockerfile = await readStandInDockerfile(root, 'node.Dockerfile');
  const base = (await imageId(docker, debian)) ?? debian;
  const tag = nodeStandIn({ base, dockerfile, nodeVersion: process.version, caBundle });
  const make = (): Promise<void> =>
    withContext(setting, dockerfile, caBundle, async (directory) => {
      await requireSamePlatform(docker);
      await linkOrCopy(process.execPath, path.join(directory, 'node'));
      const npm = progress.task('fetching npm for the image');
      const prefix = path.join(directory, 'prefix');
      const options = ['--prefix', prefix, '--ignore-scripts', '--no-audit', '--no-fund'];
      await mkdir(prefix);
      await run('npm', ['install', ...options, 'npm@11'], { onLine: npm.detail });
      npm.done();
      await rename(path.join(prefix, 'node_modules', 'npm'), path.join(directory, 'npm'));
      const entries = ['Dockerfile', 'ca.pem', 'node', 'npm'];
      await buildVisibly(
        docker,
        { tag, dockerfile: 'Dockerfile', context: { root: directory, entries, exclude: [] } },
        { BASE: debian },
        progress,
      );
    });
  return { tag, make };
}

/** The public image as it is, or with the host's CA bundle where the host has one of its own. */
async function withHostCa(setting: Setting, caBundle: string): Promise<string> {
  if (caBundle === '') return publicNode;
  const { docker, progress, root } = setting;
  const dockerfile = await readStandInDockerfile(root, 'node-with-ca.Dockerfile');
  const base = (await imageId(docker, publicNode)) ?? publicNode;
  const tag = nodeStandIn({ base, dockerfile, nodeVersion: '', caBundle });
  if ((await imageId(docker, tag)) === undefined) {
    await withContext(setting, dockerfile, caBundle, (directory) =>
      buildVisibly(
        docker,
        {
          tag,
          dockerfile: 'Dockerfile',
          context: { root: directory, entries: ['Dockerfile', 'ca.pem'], exclude: [] },
        },
        { BASE: publicNode },
        progress,
      ),
    );
  }
  return tag;
}

function readStandInDockerfile(root: string, name: string): Promise<string> {
  return readFile(path.join(root, 'scripts', 'bootstrap', 'stand-ins', name), 'utf8');
}

/** A directory to build from, with the Dockerfile and the CA bundle in it, while `use` runs. */
async function withContext(
  { cache }: Setting,
  dockerfile: string,
  caBundle: string,
  use: (directory: string) => Promise<void>,
): Promise<void> {
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(path.join(cache, 'image-'));
  try {
    await writeFile(path.join(directory, 'Dockerfile'), dockerfile);
    await writeFile(path.join(directory, 'ca.pem'), caBundle);
    await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The binary that goes into the image is the one that this process runs on. */
async function requireSamePlatform(docker: Docker): Promise<void> {
  const { Os, Arch } = await docker.version();
  const architecture = process.arch === 'x64' ? 'amd64' : process.arch;
  if (Os === process.platform && Arch === architecture) return;
  throw new UserError(
    `No image registry can be reached, and a stand-in for ${publicNode} on ${Os}/${Arch} cannot be made on ${process.platform}/${architecture}: load that image (docker load) or name another (HIKYAKU_NODE_IMAGE).`,
  );
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
