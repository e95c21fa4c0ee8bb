/** Building an image through the Engine API, with the engine's classic builder (no BuildKit). */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CommandFailed } from '../../entrypoint/cli/errors.ts';
import type { Progress } from '../progress.ts';
import { type Context, packContext } from './context.ts';
import type { Docker } from './engine.ts';
import { imageId } from './images.ts';
import { type EngineEvent, follow, plainText } from './progress-stream.ts';

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
 * Builds and tags an image, says how it goes, and at the end whether anything changed.
 * @returns the image's id
 * @param buildArgs those that the Dockerfile declares are passed on, the rest is left out
 * @throws CommandFailed with the output of the step that failed
 */
export async function buildImage(
  docker: Docker,
  recipe: ImageRecipe,
  buildArgs: BuildArgs,
  progress: Progress,
  options: BuildOptions = {},
): Promise<string> {
  const { tag } = recipe;
  const before = await imageId(docker, tag);
  const task = progress.task(`building ${tag}`);
  let summary: string | undefined;
  try {
    const reader = new BuildReader(tag, task.detail);
    await follow(docker, await sendBuild(docker, recipe, buildArgs, options), reader.read);
    const id = reader.result();
    summary = id === before ? `${tag} is up to date` : `built ${tag}`;
    return id;
  } finally {
    task.done(summary);
  }
}

async function sendBuild(
  docker: Docker,
  { tag, dockerfile, context: { root, ...files } }: ImageRecipe,
  buildArgs: BuildArgs,
  { noCache = false, platform }: BuildOptions,
): Promise<NodeJS.ReadableStream> {
  const text = await readFile(path.join(root, dockerfile), 'utf8');
  const context = packContext({ root, ...files });
  const unpacked = new Promise<never>((_, reject) =>
    context.once('error', ({ message }) =>
      reject(new CommandFailed(`packing failed: ${message}`, '')),
    ),
  );
  const request = docker.buildImage(context, {
    t: tag,
    dockerfile,
    buildargs: declaredArgs(text, buildArgs),
    rm: true,
    forcerm: true,
    nocache: noCache,
    ...(platform === undefined ? {} : { platform }),
  });
  return Promise.race([request, unpacked]).finally(() => context.unpipe());
}

/** How the classic builder announces a step. */
const STEP = /^Step (\d+\/\d+) : (.*)/s;
/** The builder's own lines between the output of the steps. */
const BUILDER_TALK = /^(Step \d| ---> |Removing intermediate container |Successfully )/;

/** Reads what a build says, and keeps the output of the step that runs. */
export class BuildReader {
  readonly #tag: string;
  readonly #show: (text: string) => void;
  #step = '';
  #output = '';
  #id = '';
  #error: string | undefined;

  constructor(tag: string, show: (text: string) => void) {
    this.#tag = tag;
    this.#show = show;
  }

  readonly read = (event: EngineEvent): void => {
    const text = plainText(event);
    const [, number, instruction] = STEP.exec(text) ?? [];
    if (number !== undefined) {
      this.#step = `step ${number} (${instruction?.trim()})`;
      this.#output = '';
    } else if (event.stream !== undefined) {
      if (!BUILDER_TALK.test(text)) this.#output += text;
    }
    this.#id = event.aux?.ID ?? this.#id;
    this.#error ??= event.error?.trim();
    // Cached steps are not shown.
    if (text.startsWith(' ---> Running in ')) this.#show(this.#step);
    else if (text.trim() !== '' && !BUILDER_TALK.test(text)) this.#show(text);
  };

  /** @returns the image's id @throws CommandFailed with the output of the step that failed */
  result(): string {
    const where = this.#step === '' ? 'before the first step' : `at ${this.#step}`;
    if (this.#error !== undefined) {
      throw new CommandFailed(
        `building ${this.#tag} failed ${where}: ${this.#error}`,
        this.#output,
      );
    }
    if (this.#id !== '') return this.#id;
    throw new CommandFailed(`building ${this.#tag} ended without an image`, this.#output);
  }
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
