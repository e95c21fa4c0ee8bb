/** Building an image through the Engine API, with the engine's classic builder (no BuildKit). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { CommandFailed } from '../../entrypoint/cli/errors.ts';
import { type BuildEvent, readBuildEvents } from './build-events.ts';
import { type Context, packContext } from './context.ts';
import type { Docker } from './engine.ts';

export interface ImageRecipe {
  readonly tag: string;
  /** Relative to the context's root, and one of its entries or inside one. */
  readonly dockerfile: string;
  readonly context: Context;
}

export interface BuildOptions {
  /** Every step runs again. */
  readonly noCache?: boolean;
  /** As `linux/arm64`; default: the engine's own. */
  readonly platform?: string | undefined;
}

export type BuildArgs = Readonly<Record<string, string>>;

/**
 * Builds and tags an image.
 * @returns the image's id
 * @param buildArgs those that the Dockerfile declares are passed on, the rest is left out
 * @throws CommandFailed with the output of the step that failed
 */
export async function buildImage(
  docker: Docker,
  recipe: ImageRecipe,
  buildArgs: BuildArgs,
  onEvent: (event: BuildEvent) => void = () => {},
  { noCache = false, platform }: BuildOptions = {},
): Promise<string> {
  const { root } = recipe.context;
  const dockerfile = await readFile(path.join(root, recipe.dockerfile), 'utf8');
  const context = packContext(recipe.context);
  const unpacked = new Promise<never>((_, reject) =>
    context.once('error', ({ message }) =>
      reject(new CommandFailed(`packing failed: ${message}`, '')),
    ),
  );
  const request = docker.buildImage(context, {
    t: recipe.tag,
    dockerfile: recipe.dockerfile,
    buildargs: declaredArgs(dockerfile, buildArgs),
    rm: true,
    forcerm: true,
    nocache: noCache,
    ...(platform === undefined ? {} : { platform }),
  });
  const response = await Promise.race([request, unpacked]).finally(() => context.unpipe());
  // An HTTP response is a Readable; @types/dockerode promises only the older interface.
  return followBuild(recipe.tag, readBuildEvents(response as Readable), onEvent);
}

/** Reads a build's events to the end and gives the image's id. Rejects on an error event, with the failed step's output. */
export async function followBuild(
  tag: string,
  events: AsyncIterable<BuildEvent>,
  onEvent: (event: BuildEvent) => void,
): Promise<string> {
  let step = 'before the first step';
  let output = '';
  let id = '';
  for await (const event of events) {
    onEvent(event);
    switch (event.kind) {
      case 'step':
        step = `at step ${event.number}/${event.total} (${event.instruction})`;
        output = '';
        break;
      case 'output':
        output += event.text;
        break;
      case 'built':
        id = event.id;
        break;
      case 'error':
        throw new CommandFailed(`building ${tag} failed ${step}: ${event.message}`, output);
      case 'cached':
      case 'running':
      case 'status':
        break;
    }
  }
  if (id === '') throw new CommandFailed(`building ${tag} ended without an image`, output);
  return id;
}

const ARG = /^\s*ARG\s+([A-Za-z_][A-Za-z0-9_]*)/gim;
/** Every Dockerfile knows these without declaring them (Dockerfile reference, "Predefined ARGs"). */
const PREDEFINED = /^(HTTP|HTTPS|FTP|NO|ALL)_PROXY$/i;

/** The arguments that the Dockerfile asks for: the builder warns about any other. */
export function declaredArgs(dockerfile: string, args: BuildArgs): Record<string, string> {
  const declared = new Set([...dockerfile.matchAll(ARG)].map(([, name]) => name));
  return Object.fromEntries(
    Object.entries(args).filter(([name]) => declared.has(name) || PREDEFINED.test(name)),
  );
}
