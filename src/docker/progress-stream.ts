/**
 * The streams that `POST /build` and `POST /images/create` answer with: one JSON object a line.
 * A failed step is not an HTTP error, it is an object with `error` in a response that has already
 * said 200 (Docker Engine API, "Build an image").
 */
import { stripVTControlCharacters } from 'node:util';
import type { Docker } from './engine.ts';

/** The fields that this program uses; the engine sends more. */
export interface EngineEvent {
  /** Output, of the builder itself or of a step. */
  readonly stream?: string;
  /** News about a pull. */
  readonly status?: string;
  readonly error?: string;
  /** The image that a build made. */
  readonly aux?: { readonly ID?: string };
}

/** Reads such a stream to its end. @param onEvent sees each object, the one with `error` too */
export function follow(
  docker: Docker,
  stream: NodeJS.ReadableStream,
  onEvent: (event: EngineEvent) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (fault: Error | null) => (fault === null ? resolve() : reject(fault)),
      onEvent,
    );
  });
}

/** The builder paints a step's standard error red, terminal or not. */
export const plainText = ({ stream, status }: EngineEvent): string =>
  stripVTControlCharacters(stream ?? status ?? '');
