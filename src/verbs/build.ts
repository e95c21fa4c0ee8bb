/** `hikyaku build` */
import { buildArgsFromEnvironment } from '../build-args.ts';
import { buildVisibly } from '../docker/build-progress.ts';
import { connectEngine } from '../docker/engine.ts';
import { CommandFailed, exitCode, UserError } from '../errors.ts';
import { createProgress } from '../progress.ts';
import { relayImage, relayTag } from '../relay-image.ts';
import { verb } from './verb.ts';

export const buildVerb = verb(
  {
    name: 'build',
    summary: "build the relay's image",
    options: {
      tag: { type: 'string', default: relayTag, value: 'NAME', about: `its name (${relayTag})` },
    },
  },
  async ({ tag }, _words, { root, environment, stdout }) => {
    const { docker } = await connectEngine(environment);
    const recipe = await relayImage(root, tag);
    const buildArgs = buildArgsFromEnvironment(environment);
    try {
      await buildVisibly(docker, recipe, buildArgs, createProgress(stdout));
    } catch (error) {
      throw withoutRegistry(error) ?? error;
    }
    return exitCode.ok;
  },
);

/** What to do when a base image cannot be pulled; nothing for any other failure. */
function withoutRegistry(error: unknown): UserError | undefined {
  if (!(error instanceof CommandFailed) || !/ \(FROM /.test(error.message)) return undefined;
  return new UserError(
    `${error.message}\nWhere no image registry can be reached, "npm run image" makes the base images itself.`,
  );
}
