/** Images that are already there, or can be had. */
import type Docker from 'dockerode';
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { COMMAND } from '../command-name.ts';
import { engineMessage, isNotFound } from './answers.ts';
import { follow, plainText } from './progress-stream.ts';

/** The engine's record of a local image; `undefined` if the image does not exist. */
export async function imageRecord(docker: Docker, name: string) {
  try {
    // In the path of a request anything else than a name would lead elsewhere.
    return await docker.getImage(encodeURIComponent(name)).inspect();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** The id of a local image, or `undefined`. */
export const imageId = async (docker: Docker, name: string): Promise<string | undefined> =>
  (await imageRecord(docker, name))?.Id;

/** @throws UserError when the image is not on this machine */
export async function existingImage(docker: Docker, name: string) {
  const record = await imageRecord(docker, name);
  if (record !== undefined) return record;
  throw new UserError(
    `there is no image "${name}" here: "docker images" lists those that are, "${COMMAND} build" makes one of the relay`,
  );
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

/**
 * Pulls an image, and gives up when the engine says nothing for `silenceMs`: behind a firewall that
 * drops packets a pull otherwise hangs for minutes.
 * @returns why the pull failed; undefined after a success
 */
export async function pullImage(
  docker: Docker,
  name: string,
  silenceMs: number,
  onStatus: (text: string) => void,
  platform?: string,
): Promise<string | undefined> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), silenceMs);
  try {
    const stream = await docker.createImage({
      ...reference(name),
      ...(platform === undefined ? {} : { platform }),
      abortSignal: controller.signal,
    });
    let reason: string | undefined;
    await follow(docker, stream, (event) => {
      timer.refresh();
      reason ??= event.error;
      onStatus(plainText(event));
    });
    return reason;
  } catch (error) {
    return controller.signal.aborted ? `no answer in ${silenceMs / 1000} s` : engineMessage(error);
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
  let reason: string | undefined;
  await follow(docker, await docker.importImage(tar, { repo, tag, changes }), ({ error }) => {
    reason ??= error;
  });
  if (reason !== undefined) throw new Error(`importing ${name}: ${reason}`);
}

/** `a/b:tag` in the two parts that the Engine API wants. */
function reference(name: string): { readonly fromImage: string; readonly tag: string } {
  const colon = name.lastIndexOf(':');
  return colon > name.lastIndexOf('/')
    ? { fromImage: name.slice(0, colon), tag: name.slice(colon + 1) }
    : { fromImage: name, tag: 'latest' };
}
