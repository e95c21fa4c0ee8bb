import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Target, targetName } from './client.ts';
import { startContainer, type TestContainer } from './container.ts';
import { eventually } from './eventually.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';
import type { Dialogue, TalkResult, Task } from './talk/talk.ts';

export type { Dialogue };

const PROGRAM = '/tmp/talk.mts';
const STAY_MS = 600_000;

type Manner = Partial<Pick<Task, 'port' | 'deadlineMs'>>;

/** A machine whose clients send exact bytes, valid SMTP or not. */
export class Talker implements AsyncDisposable {
  readonly container: TestContainer;
  #tasks = 0;

  constructor(container: TestContainer) {
    this.container = container;
  }

  /** The replies in each of these simultaneous dialogues. */
  async talk(
    target: Target,
    dialogues: readonly Dialogue[],
    manner: Manner = {},
  ): Promise<TalkResult[]> {
    const file = await this.#give(target, dialogues, 0, manner);
    return resultsOf(await this.container.run(['node', PROGRAM, file]));
  }

  /** The replies in one dialogue. */
  async say(target: Target, dialogue: Dialogue, manner: Manner = {}): Promise<TalkResult> {
    const [result] = await this.talk(target, [dialogue], manner);
    if (result === undefined) throw new Error('the talker has said nothing');
    return result;
  }

  /** Holds these dialogues, and then the connections, until it is disposed of. */
  async hold(
    target: Target,
    dialogues: readonly Dialogue[],
    manner: Manner = {},
  ): Promise<{ readonly results: readonly TalkResult[] } & AsyncDisposable> {
    const file = await this.#give(target, dialogues, STAY_MS, manner);
    const start = `node ${PROGRAM} ${file} > ${file}.out & echo $!`;
    const pid = (await this.container.run(['sh', '-c', start])).trim();
    const results = await eventually(`${dialogues.length} clients that are held`, async () => {
      const so = resultsOf(await this.container.run(['cat', `${file}.out`]));
      return so.length === dialogues.length && so;
    });
    return {
      results,
      [Symbol.asyncDispose]: async () => {
        await this.container.run(['sh', '-c', `kill ${pid}`]);
      },
    };
  }

  async #give(
    target: Target,
    dialogues: readonly Dialogue[],
    stayMs: number,
    { port = 25, deadlineMs = 300_000 }: Manner,
  ): Promise<string> {
    this.#tasks += 1;
    const file = `/tmp/task-${this.#tasks}`;
    const task: Task = { host: targetName(target), port, dialogues, deadlineMs, stayMs };
    await this.container.copyIn(file, JSON.stringify(task));
    return file;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.container[Symbol.asyncDispose]();
  }
}

function resultsOf(lines: string): TalkResult[] {
  return lines
    .split('\n')
    .filter((line) => line.endsWith('}'))
    .map((line): TalkResult => JSON.parse(line))
    .sort((a, b) => a.index - b.index);
}

/** Starts a machine without any client yet. */
export async function startTalker(network: TestNetwork, alias = 'talker'): Promise<Talker> {
  const container = await startContainer({
    image: IMAGES.provider,
    network,
    aliases: [alias],
    command: ['sleep', 'infinity'],
    healthEverySeconds: 'never',
  });
  const program = readFileSync(join(import.meta.dirname, 'talk', 'talk.ts'), 'utf8');
  await container.copyIn(PROGRAM, program);
  return new Talker(container);
}
