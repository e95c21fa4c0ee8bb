/** `hikyaku build` */
import path from 'node:path';
import process from 'node:process';
import { EXIT } from '../../entrypoint/cli/errors.ts';
import { JSON_OPTION } from '../../entrypoint/cli/verb.ts';
import { ensureBaseImages, givenImages } from '../base-images/base-images.ts';
import { buildArgsFromEnvironment } from '../build-args.ts';
import { buildImage } from '../docker/build.ts';
import { connectEngine } from '../docker/engine.ts';
import { createProgress } from '../progress.ts';
import { relayImage, relayTag } from '../recipes.ts';
import { hostVerb } from './host-verb.ts';

const options = {
  tag: { type: 'string', default: relayTag, value: 'NAME', about: `its name (${relayTag})` },
  base: { type: 'string', value: 'IMAGE', about: 'the Debian image to build from' },
  'no-cache': { type: 'boolean', default: false, about: 'do not use the build cache' },
  ...JSON_OPTION,
} as const;

export const buildVerb = hostVerb(
  {
    name: 'build',
    summary: "Build the relay's image.",
    details:
      'The images that it is made from are pulled, or made from Debian packages where no registry\nanswers (docs/building.md).',
    options,
  },
  async ({ root, environment, print, tag, base, json, ...values }) => {
    // Standard output is for the result.
    const progress = createProgress(process.stderr);
    const { docker } = await connectEngine(environment);
    const setting = { docker, progress, root, cache: path.join(root, '.cache') };
    const given = givenImages(environment);
    const bases = await ensureBaseImages(setting, { ...given, debian: base ?? given.debian });
    const args = {
      ...buildArgsFromEnvironment(environment),
      DEBIAN_IMAGE: bases.debian,
      NODE_IMAGE: bases.node,
    };
    const how = { noCache: values['no-cache'] };
    const id = await buildImage(docker, await relayImage(root, tag), args, progress, how);
    if (json) print(JSON.stringify({ tag, id }));
    return EXIT.ok;
  },
);
