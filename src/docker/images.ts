/** Images that are already there, or can be had. */
import type { Readable } from 'node:stream';
import { UserError } from '../../entrypoint/errors.ts';
import { readBuildEvents } from './build-events.ts';
import type { Docker } from './engine.ts';

/** The id of a local image, or `undefined`. */
export async function imageId(docker: Docker, name: string): Promise<string | undefined> {
  try {
    return (await docker.getImage(name).inspect()).Id;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Makes sure that an image is one of a relay, or was made from one.
 * @throws UserError when it is not there, or is something else
 */
export async function requireRelay(docker: Docker, name: string): Promise<void> {
  if ((await imageId(docker, name)) === undefined) {
    throw new UserError(`There is no image "${name}": make it with "hikyaku build".`);
  }
  const { Config } = await docker.getImage(name).inspect();
  if (Config.Labels?.['org.opencontainers.image.title'] === 'Hikyaku') return;
  throw new UserError(`The image "${name}" is no relay of Hikyaku, nor made from one.`);
}

export type PullOutcome =
  | { readonly pulled: true }
  | { readonly pulled: false; readonly reason: string };

/**
 * Pulls an image, and gives up when the engine says nothing for `silenceMs`: behind a firewall that
 * drops packets a pull otherwise hangs for minutes.
 */
export async function pullImage(
  docker: Docker,
  name: string,
  silenceMs: number,
  onStatus: (text: string) => void = () => {},
  platform?: string,
): Promise<PullOutcome> {
  const controller = new AbortController();
  let timer = setTimeout(() => controller.abort(), silenceMs);
  const heard = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), silenceMs);
  };
  try {
    const stream = await docker.createImage({
      ...reference(name),
      ...(platform === undefined ? {} : { platform }),
      abortSignal: controller.signal,
    });
    for await (const event of readBuildEvents(stream as Readable)) {
      heard();
      if (event.kind === 'error') return { pulled: false, reason: event.message };
      if (event.kind === 'status') onStatus(event.text);
    }
    return { pulled: true };
  } catch (error) {
    if (controller.signal.aborted) {
      return { pulled: false, reason: `no answer in ${silenceMs / 1000} s` };
    }
    return { pulled: false, reason: engineMessage(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** Makes an image of a root file system in a tar file. */
export async function importImage(
  docker: Docker,
  tar: NodeJS.ReadableStream,
  name: string,
  changes: readonly string[],
): Promise<void> {
  const { fromImage: repo, tag } = reference(name);
  const stream = await docker.importImage(tar, { repo, tag, changes });
  for await (const event of readBuildEvents(stream as Readable)) {
    if (event.kind === 'error') throw new Error(`importing ${name}: ${event.message}`);
  }
}

/** `a/b:tag` in the two parts that the Engine API wants. */
function reference(name: string): { readonly fromImage: string; readonly tag: string } {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/')
    ? { fromImage: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { fromImage: name, tag: 'latest' };
}

/** Operating system and architecture of a local image, as `linux/amd64`, or `undefined`. */
export async function imagePlatform(docker: Docker, name: string): Promise<string | undefined> {
  try {
    const { Os, Architecture } = await docker.getImage(name).inspect();
    return `${Os}/${Architecture}`;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The engine's own words, without the HTTP status that docker-modem puts in front of them. */
export function engineMessage(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/^\(HTTP code \d+\) [^-]* - /, '').trim();
}

export function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'statusCode' in error && error.statusCode === 404;
}
