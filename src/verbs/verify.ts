/** `hikyaku verify` */
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { EXIT } from '../../entrypoint/cli/errors.ts';
import { JSON_OPTION } from '../../entrypoint/cli/verb.ts';
import { ensureBaseImages, givenImages } from '../base-images/base-images.ts';
import { untilBrokenOff } from '../broken-off.ts';
import { buildArgsFromEnvironment } from '../build-args.ts';
import { buildImage } from '../docker/build.ts';
import { connectEngine, type Docker } from '../docker/engine.ts';
import { imageId, requireRelay } from '../docker/images.ts';
import { createProgress } from '../progress.ts';
import { providerImage, providerTag } from '../recipes.ts';
import { type Finding, reportLine, summaryLine } from '../verify/report.ts';
import { type HostWorld, hostVerb } from './host-verb.ts';

export const verifyVerb = hostVerb(
  {
    name: 'verify',
    words: ['IMAGE'],
    summary: 'Test a built image: start it and send mail through it.',
    details:
      'The provider is a mock beside it. Exit codes: 0 if every check passed, 1 if one failed. Everything\nit made is removed.',
    options: JSON_OPTION,
  },
  async ({ json, words: [image], ...world }) => {
    const { docker, address } = await connectEngine(world.environment);
    await requireRelay(docker, image);
    await ensureProvider(docker, world);
    const findings = await untilBrokenOff((signal) => verify(image, address, signal));
    const ok = findings.every((one) => one.ok);
    if (json) world.print(JSON.stringify({ image, ok, checks: findings }));
    else for (const one of findings) world.print(reportLine(one));
    if (!json) world.print(summaryLine(image, findings));
    return ok ? EXIT.ok : EXIT.failed;
  },
);

/** After an interruption, containers and networks are removed by their labels. */
async function verify(
  image: string,
  address: string,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  // testcontainers reads the environment. Its helper image may not be available.
  process.env['DOCKER_HOST'] = address;
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  const { removeLeftovers, removeOwn } = await import('../../test/support/engine.ts');
  const { verifyImage } = await import('../verify/verify.ts');
  const broken = once(signal, 'abort').then(() => signal.throwIfAborted());
  await removeLeftovers();
  try {
    return (await Promise.race([verifyImage(image), broken])) ?? [];
  } finally {
    await removeOwn();
  }
}

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
  await buildImage(docker, providerImage(root), args, progress);
}
