import { randomUUID } from 'node:crypto';
import { type Target, targetName } from './client.ts';
import { startContainer, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';
import type { SenderTask, SentMessage } from './provider/sender-task.ts';

/** The properties of many messages; see provider/sender-task.ts. */
export type Batch = Partial<Omit<SenderTask, 'host'>>;

/** The reply for each message, by its X-Test-Id. */
export interface SentBatch {
  readonly accepted: readonly string[];
  readonly refused: readonly SentMessage[];
  /** The connection ended before a reply, so the result is unknown. */
  readonly lost: readonly SentMessage[];
}

/** A client that is sending many messages, fast. */
export class Sender implements AsyncDisposable {
  readonly container: TestContainer;
  readonly #deadlineMs: number;

  constructor(container: TestContainer, deadlineMs: number) {
    this.container = container;
    this.#deadlineMs = deadlineMs;
  }

  /** The replies so far. */
  async progress(): Promise<SentBatch> {
    return readSentMessages((await this.container.output()).stdout);
  }

  /** The number of opened connections so far; equals the maximum if no connection was lost. */
  async connections(): Promise<number> {
    return (await this.container.output()).stderr.match(/^connected$/gm)?.length ?? 0;
  }

  /** Waits until it has sent everything, or given up. */
  async finished(): Promise<SentBatch> {
    const exitCode = await this.container.waitForExit({ timeoutMs: this.#deadlineMs + 90_000 });
    if (exitCode !== 0) throw new Error(`the sender failed:\n${await this.container.logs()}`);
    return this.progress();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]();
  }
}

/** Sorts the sender's lines of JSON. */
export function readSentMessages(lines: string): SentBatch {
  const messages: SentMessage[] = lines
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line));
  const of = (outcome: SentMessage['outcome']) =>
    messages.filter((message) => message.outcome === outcome);
  return {
    accepted: of('accepted').map(({ id }) => id),
    refused: of('refused'),
    lost: of('lost'),
  };
}

/** Starts to send many messages; each has its own X-Test-Id and is tried once. */
export async function startSender(
  network: TestNetwork,
  target: Target,
  batch: Batch = {},
): Promise<Sender> {
  const count = batch.count ?? 100;
  const task: SenderTask = {
    host: targetName(target),
    port: 25,
    from: 'sender@client.example',
    to: 'recipient@example.com',
    count,
    attempts: count,
    concurrency: 5,
    bytes: 500,
    prefix: randomUUID().slice(0, 8),
    deadline_ms: 300_000,
    ...batch,
  };
  const container = await startContainer({
    image: IMAGES.provider,
    network,
    aliases: [`sender-${task.prefix}`],
    healthEverySeconds: 'never',
    command: ['node', '/provider/sender.mjs', JSON.stringify(task)],
  });
  return new Sender(container, task.deadline_ms);
}

/** Sends many messages and waits until it is done. */
export async function sendMany(
  network: TestNetwork,
  target: Target,
  batch?: Batch,
): Promise<SentBatch> {
  await using sender = await startSender(network, target, batch);
  return await sender.finished();
}
