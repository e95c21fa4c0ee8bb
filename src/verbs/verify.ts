/** `hikyaku verify` */
import path from 'node:path';
import process from 'node:process';
import { EXIT } from '../../entrypoint/cli/errors.ts';
import { JSON_OPTION } from '../../entrypoint/cli/verb.ts';
import { ensureBaseImages, givenImages } from '../base-images/base-images.ts';
import { buildArgsFromEnvironment } from '../build-args.ts';
import { buildVisibly } from '../docker/build-progress.ts';
import { connectEngine, type Docker } from '../docker/engine.ts';
import { imageId, requireRelay } from '../docker/images.ts';
import { removeAbandoned, Scratch } from '../docker/scratch.ts';
import { createProgress } from '../progress.ts';
import { providerImage, providerTag } from '../provider-image.ts';
import { cleanRun } from '../verify/clean-run.ts';
import { reportLine, summaryLine } from '../verify/report.ts';
import { verifyImage } from '../verify/verify.ts';
import { type HostWorld, hostVerb } from './host-verb.ts';

export const verifyVerb = hostVerb(
  {
    name: 'verify',
    words: ['IMAGE'],
    summary: 'Check an image: start it, send mail through it, and see that it keeps its promises.',
    details:
      'The provider is a mock on a network without a way out. Ends with 0 when every check passed,\nwith 1 when one failed, and leaves nothing behind.',
    options: JSON_OPTION,
  },
  async ({ json, words: [image], ...world }) => {
    const { docker } = await connectEngine(world.environment);
    await requireRelay(docker, image);
    await removeAbandoned(docker);
    await ensureProvider(docker, world);
    const scratch = new Scratch(docker);
    const work = () => verifyImage(docker, scratch, image, providerTag);
    const findings = await cleanRun(scratch, work, world.warn);
    const ok = findings.every((one) => one.ok);
    if (json) world.print(JSON.stringify({ image, ok, checks: findings }));
    else for (const one of findings) world.print(reportLine(one));
    if (!json) world.print(summaryLine(image, findings));
    return ok ? EXIT.ok : EXIT.failed;
  },
);

/** Standard output is for the report. */
async function ensureProvider(docker: Docker, { root, environment }: HostWorld): Promise<void> {
  if ((await imageId(docker, providerTag)) !== undefined) return;
  const progress = createProgress(process.stderr);
  const setting = { docker, progress, root, cache: path.join(root, '.cache') };
  const { debian, node } = await ensureBaseImages(setting, givenImages(environment));
  const args = {
    ...buildArgsFromEnvironment(environment),
    DEBIAN_IMAGE: debian,
    NODE_IMAGE: node,
  };
  await buildVisibly(docker, providerImage(root), args, progress);
}
