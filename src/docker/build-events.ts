/**
 * The stream that `POST /build` and `POST /images/create` answer with: one JSON object a line.
 * Docker Engine API, "Build an image": a failed step is not an HTTP error, it is an event with
 * `error` in a response that has already said 200. A reader that only waits for the end of the
 * stream takes a failed build for a good one.
 */
import { stripVTControlCharacters } from 'node:util';

export type BuildEvent =
  | {
      readonly kind: 'step';
      readonly number: number;
      readonly total: number;
      readonly instruction: string;
    }
  | { readonly kind: 'cached' }
  /** The step runs in a container: it did not come from the cache. */
  | { readonly kind: 'running' }
  | { readonly kind: 'output'; readonly text: string }
  /** The engine's own news about a pull. */
  | { readonly kind: 'status'; readonly text: string }
  | { readonly kind: 'built'; readonly id: string }
  | { readonly kind: 'error'; readonly message: string };

const STEP = /^Step (\d+)\/(\d+) : (.*)$/s;
/** What the classic builder says about itself between the steps' own output. */
const BUILDER_TALK = /^( ---> |Removing intermediate container |Successfully (built|tagged) |\s*$)/;

/** Reads one line of the stream; `undefined` for what says nothing to a reader. */
export function parseBuildEvent(line: string): BuildEvent | undefined {
  const event: unknown = JSON.parse(line);
  if (!isRecord(event)) return undefined;
  if (typeof event['error'] === 'string') {
    return { kind: 'error', message: event['error'].trim() };
  }
  if (isRecord(event['aux']) && typeof event['aux']['ID'] === 'string') {
    return { kind: 'built', id: event['aux']['ID'] };
  }
  if (typeof event['status'] === 'string') {
    const id = typeof event['id'] === 'string' ? `${event['id']}: ` : '';
    return { kind: 'status', text: id + event['status'] };
  }
  return typeof event['stream'] === 'string' ? parseStreamText(event['stream']) : undefined;
}

function parseStreamText(text: string): BuildEvent | undefined {
  const [, number, total, instruction] = STEP.exec(text) ?? [];
  if (number !== undefined && total !== undefined && instruction !== undefined) {
    return {
      kind: 'step',
      number: Number(number),
      total: Number(total),
      instruction: instruction.trim(),
    };
  }
  if (text.startsWith(' ---> Using cache')) return { kind: 'cached' };
  if (text.startsWith(' ---> Running in ')) return { kind: 'running' };
  if (BUILDER_TALK.test(text)) return undefined;
  // The builder paints a step's standard error red, terminal or not.
  return { kind: 'output', text: stripVTControlCharacters(text) };
}

/** Splits the stream into events; a line may arrive in several pieces. */
export async function* readBuildEvents(
  stream: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<BuildEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of stream) {
    rest += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    yield* events(lines);
  }
  yield* events([rest]);
}

function* events(lines: readonly string[]): Generator<BuildEvent> {
  for (const line of lines) {
    const event = line.trim() === '' ? undefined : parseBuildEvent(line);
    if (event !== undefined) yield event;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
