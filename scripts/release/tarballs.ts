/**
 * `npm run release`: builds the image for each architecture with the engine of this machine, and
 * writes to dist/ a tarball for `docker load`, a bill of materials, and SHA256SUMS. An architecture
 * that this machine cannot build is named, with the reason; `--all` makes that an error.
 */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { describeError } from '../../entrypoint/cli/errors.ts';
import { ensureBaseImages, givenImages } from '../../src/base-images/base-images.ts';
import type { Setting } from '../../src/base-images/setting.ts';
import { buildArgsFromEnvironment } from '../../src/build-args.ts';
import { buildImage } from '../../src/docker/build.ts';
import { connectEngine } from '../../src/docker/engine.ts';
import { cycloneDx } from '../../src/inspection/bill-of-materials.ts';
import { inspectImage } from '../../src/inspection/inspection.ts';
import { createProgress } from '../../src/progress.ts';
import { relayImage } from '../../src/recipes.ts';
import { releaseArgs } from './build-args.ts';
import { enginePlatform, explainForeign, foreignBaseImages } from './platform.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const dist = path.join(root, 'dist');

/** Builds one architecture and writes its two files. */
async function release(setting: Setting, platform: string, own: string): Promise<void> {
  const { docker, progress } = setting;
  const isOwn = platform === own;
  const labels = releaseArgs(root, process.env);
  const architecture = platform.replace('linux/', '');
  const name = `hikyaku-${labels['VERSION']}-${architecture}`;
  const tag = `hikyaku:${labels['VERSION']}${isOwn ? '' : `-${architecture}`}`;
  const given = givenImages(process.env);
  const base = isOwn
    ? await ensureBaseImages(setting, given)
    : await foreignBaseImages(setting, platform, given);
  const args = {
    ...buildArgsFromEnvironment(process.env),
    ...labels,
    DEBIAN_IMAGE: base.debian,
    NODE_IMAGE: base.node,
  };
  const how = isOwn ? {} : { platform };
  try {
    await buildImage(docker, await relayImage(root, tag), args, progress, how);
  } catch (error) {
    throw explainForeign(error, platform, own);
  }
  const task = progress.task(`writing dist/${name}.tar.gz`);
  const archive = await docker.getImage(tag).get();
  await pipeline(archive, createGzip(), createWriteStream(path.join(dist, `${name}.tar.gz`)));
  const bill = cycloneDx(await inspectImage(docker, tag));
  await writeFile(path.join(dist, `${name}.cdx.json`), `${bill}\n`);
  task.done(`wrote dist/${name}.tar.gz and dist/${name}.cdx.json`);
}

async function checksum(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path.join(dist, file)), hash);
  return `${hash.digest('hex')}  ${file}\n`;
}

const progress = createProgress(process.stderr);
const { docker } = await connectEngine(process.env);
const own = await enginePlatform(docker);
const setting = { docker, progress, root, cache: path.join(root, '.cache') };
await rm(dist, { recursive: true, force: true });
await mkdir(dist);
let missing = 0;
for (const platform of ['linux/amd64', 'linux/arm64']) {
  try {
    await release(setting, platform, own);
  } catch (error) {
    if (platform === own) throw error;
    missing += 1;
    progress.line(`${platform} is missing: ${describeError(error)}`);
  }
}
const files = (await readdir(dist)).sort();
await writeFile(path.join(dist, 'SHA256SUMS'), (await Promise.all(files.map(checksum))).join(''));
if (missing > 0 && process.argv.includes('--all')) process.exitCode = 1;
