/** Images that are already there, or can be had. */
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { COMMAND } from '../command-name.ts';
import { engineMessage, isNotFound } from './answers.ts';
import { readBuildEvents } from './build-events.ts';

/** A name or an id; anything else would lead elsewhere in the path of a request. */
const NAME = /^[A-Za-z0-9][\w.:@/-]{0,511}$/;
const LEAVES = /(?:^|\/)\.{1,2}(?:\/|$)/;

/** What the engine has recorded of a local image, or `undefined` when there is no such image. */
async function imageRecord(docker: Docker, name: string) {
  if (!NAME.test(name) || LEAVES.test(name)) return undefined;
  try {
    return await docker.getImage(name).inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The id of a local image, or `undefined`. */
export const imageId = async (docker: Docker, name: string): Promise<string | undefined> =>
  (await imageRecord(docker, name))?.Id;

/** Operating system and architecture of a local image, as `linux/amd64`, or `undefined`. */
export async function imagePlatform(docker: Docker, name: string): Promise<string | undefined> {
  const record = await imageRecord(docker, name);
  return record === undefined ? undefined : `${record.Os}/${record.Architecture}`;
}

/** The one sentence about an image that is missing. */
export const noSuchImage = (name: string): string =>
  `there is no image "${name}" here: "docker images" lists those that are, "${COMMAND} build" makes one of the relay`;

/** @throws UserError when there is no such image here */
export async function existingImage(docker: Docker, name: string) {
  const record = await imageRecord(docker, name);
  if (record === undefined) throw new UserError(noSuchImage(name));
  return record;
}

type Labels = Readonly<Record<string, string>> | null | undefined;

const TITLE = ['org.opencontainers.image.title', 'Hikyaku'] as const;

/** The relay's label, as the engine filters by it. */
export const RELAY_LABEL = TITLE.join('=');

/** Whether an image, or a container, is one of a relay, or was made from one: both keep the label. */
export const isOfRelay = (labels: Labels): boolean => labels?.[TITLE[0]] === TITLE[1];

/**
 * Makes sure that an image is one of a relay, or was made from one.
 * @throws UserError when it is not there, or is something else
 */
export async function requireRelay(docker: Docker, name: string): Promise<void> {
  const { Config } = await existingImage(docker, name);
  if (isOfRelay(Config.Labels)) return;
  throw new UserError(
    `the image "${name}" is no relay of Hikyaku, nor made from one: "${COMMAND} build" makes one, "${COMMAND} bake" one with settings inside`,
    EXIT.failed,
  );
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
