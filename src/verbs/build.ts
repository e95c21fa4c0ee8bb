/** `hikyaku build` */
import path from 'node:path';
import { EXIT } from '../../entrypoint/cli/errors.ts';
import { ensureBaseImages, foreignBaseImages, givenImages } from '../base-images/base-images.ts';
import { buildArgsFromEnvironment } from '../build-args.ts';
import { buildVisibly } from '../docker/build-progress.ts';
import { connectEngine } from '../docker/engine.ts';
import { enginePlatform, explainForeign, readPlatform, samePlatform } from '../docker/platform.ts';
import { readImageName } from '../image-name.ts';
import { createJsonProgress } from '../json-progress.ts';
import { createProgress } from '../progress.ts';
import { relayImage, relayTag } from '../recipes.ts';
import { hostVerb } from './host-verb.ts';

const options = {
  tag: { type: 'string', default: relayTag, value: 'NAME', about: `its name (${relayTag})` },
  platform: {
    type: 'string',
    value: 'OS/ARCH',
    about: 'such as linux/arm64 (default: that of the engine)',
  },
  base: { type: 'string', value: 'IMAGE', about: 'the Debian image to build from' },
  'no-cache': { type: 'boolean', default: false, about: 'do not use the build cache' },
  json: { type: 'boolean', default: false, about: 'print progress as JSON, one object per line' },
} as const;

export const buildVerb = hostVerb(
  {
    name: 'build',
    summary: "Build the relay's image.",
    details:
      'The images that it is made from are pulled, or made from Debian packages where no registry\nanswers (docs/building.md).',
    options,
  },
  async ({ root, environment, stdout, print, ...values }) => {
    const tag = readImageName(values.tag);
    const wanted = values.platform === undefined ? undefined : readPlatform(values.platform);
    const progress = values.json ? createJsonProgress(print) : createProgress(stdout);
    const { docker } = await connectEngine(environment);
    const own = await enginePlatform(docker);
    const platform = wanted ?? own;
    const setting = { docker, progress, root, cache: path.join(root, '.cache') };
    const named = givenImages(environment);
    const given = { ...named, debian: values.base ?? named.debian };
    const base = samePlatform(platform, own)
      ? await ensureBaseImages(setting, given)
      : await foreignBaseImages(setting, platform, given);
    const args = {
      ...buildArgsFromEnvironment(environment),
      DEBIAN_IMAGE: base.debian,
      NODE_IMAGE: base.node,
    };
    const how = { noCache: values['no-cache'], platform: wanted };
    try {
      const id = await buildVisibly(docker, await relayImage(root, tag), args, progress, how);
      if (values.json) print(JSON.stringify({ event: 'built', tag, id }));
    } catch (error) {
      throw explainForeign(error, platform, own);
    }
    return EXIT.ok;
  },
);
