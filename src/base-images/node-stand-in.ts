/** Stand-ins for the public Node.js image: one made from npm packages, one with the host's CA. */
import { copyFile, link, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { run } from '../command.ts';
import { buildImage } from '../docker/build.ts';
import type { Docker } from '../docker/engine.ts';
import { imageId } from '../docker/images.ts';
import { nodeStandIn, publicNode } from './base-image-plan.ts';
import type { Setting } from './setting.ts';

export interface StandIn {
  readonly tag: string;
  make(): Promise<void>;
}

/** A Node.js image from the npm packages "node" (the binary this very process runs on) and "npm". */
export async function nodeFromNpm(
  setting: Setting,
  debian: string,
  caBundle: string,
): Promise<StandIn> {
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
      await buildImage(
        docker,
        { tag, dockerfile: 'Dockerfile', context: { root: directory, entries, ignore: '' } },
        { BASE: debian },
        progress,
      );
    });
  return { tag, make };
}

/** The public image as it is, or with the host's CA bundle where the host has one of its own. */
export async function withHostCa(setting: Setting, caBundle: string): Promise<string> {
  if (caBundle === '') return publicNode;
  const { docker, progress, root } = setting;
  const dockerfile = await readStandInDockerfile(root, 'node-with-ca.Dockerfile');
  const base = (await imageId(docker, publicNode)) ?? publicNode;
  const tag = nodeStandIn({ base, dockerfile, nodeVersion: '', caBundle });
  if ((await imageId(docker, tag)) === undefined) {
    await withContext(setting, dockerfile, caBundle, async (directory) => {
      await buildImage(
        docker,
        {
          tag,
          dockerfile: 'Dockerfile',
          context: { root: directory, entries: ['Dockerfile', 'ca.pem'], ignore: '' },
        },
        { BASE: publicNode },
        progress,
      );
    });
  }
  return tag;
}

function readStandInDockerfile(root: string, name: string): Promise<string> {
  return readFile(path.join(root, 'src', 'base-images', 'stand-ins', name), 'utf8');
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
    `no image registry can be reached, and a stand-in for ${publicNode} on ${Os}/${Arch} cannot be made on ${process.platform}/${architecture}: load that image (docker load) or name another (HIKYAKU_NODE_IMAGE).`,
  );
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  await link(from, to).catch(() => copyFile(from, to));
}
