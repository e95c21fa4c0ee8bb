/** The part of bootstrap that runs on a current Node.js: engine, base images, images, command. */
import { availableParallelism } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { describeError, EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { ensureBaseImages } from '../../src/base-images/base-images.ts';
import { buildArgsFromEnvironment } from '../../src/build-args.ts';
import { buildImage } from '../../src/docker/build.ts';
import { defaultSocket } from '../../src/docker/engine.ts';
import { createProgress } from '../../src/progress.ts';
import { relayImage } from '../../src/recipes.ts';
import { which } from '../command.ts';
import { testImages } from '../images.ts';
import { ensureCompose } from './compose.ts';
import { ensureEngine } from './engine.ts';
import { type Options, parseOptions } from './options.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const cache = path.join(root, '.cache');

type Environment = Record<string, string | undefined>;

/** Carries out what the options ask for; gives the environment for the command. */
async function prepare(options: Options): Promise<Environment> {
  const images = options.image || options.testImages.length > 0;
  if (!options.engine && !options.compose && !images) return process.env;

  const progress = createProgress(process.stderr);
  const { docker, address } = await ensureEngine(cache, progress);
  const env: Environment = { ...process.env };
  // An engine in a place of its own: testcontainers and Compose look for it in DOCKER_HOST only.
  if (address !== defaultSocket) env['DOCKER_HOST'] = address;
  // testcontainers would start a container that removes what a killed test leaves behind, from an
  // image in a public registry that cannot be counted on: our tests remove their own themselves.
  env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true';
  if (!options.compose && !images) return env;

  const setting = { docker, progress, root, cache };
  const { debian, node } = await ensureBaseImages(setting);
  env['HIKYAKU_DEBIAN_IMAGE'] = debian;
  env['HIKYAKU_NODE_IMAGE'] = node;
  const recipes = [
    ...(options.image ? [await relayImage(root)] : []),
    ...testImages(root, options.testImages),
  ];
  const args = buildArgsFromEnvironment(env);
  const [compose] = await Promise.all([
    options.compose ? ensureCompose(setting, debian) : undefined,
    inParallel(recipes, (recipe) => buildImage(docker, recipe, args, progress)),
  ]);
  // execve(2) takes no variable without a value.
  if (compose !== undefined) env['HIKYAKU_COMPOSE'] = compose;
  return env;
}

/** One more than there are processors: a build waits for Debian's archive, then packs on one of them. */
const AT_ONCE = availableParallelism() + 1;

/** Does something with each, several at a time. */
async function inParallel<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  const queue = all.values();
  const worker = async (): Promise<void> => {
    for (const one of queue) await work(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

/** Replaces this process by the command, so that its signals and its exit status are its own. */
async function become(command: readonly string[], env: Environment): Promise<never> {
  const [program = '', ...args] = command;
  // execve(2) wants a path, and Node.js aborts when the call fails.
  const file = await which(program, env['PATH']);
  if (file === undefined) throw new UserError(`there is no program "${program}"`);
  if (process.execve === undefined) throw new UserError('this system has no execve');
  return process.execve(file, [program, ...args], env);
}

try {
  const options = parseOptions(process.argv.slice(2));
  const env = await prepare(options);
  if (options.command.length > 0) await become(options.command, env);
} catch (error) {
  process.stderr.write(`bootstrap: ${describeError(error)}\n`);
  process.exitCode = EXIT.failed;
}
