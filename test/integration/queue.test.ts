import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customerOf, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { startNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { Terminal } from '../support/terminal.ts';

// `hikyaku queue`: what waits, and what an operator does with it.

const stack = new AsyncDisposableStack();
let provider: ProviderHandle;
let relay: Relay;
let ids: string[];

const BUSY = { at: 'mail', reply: '451 4.3.2 come back later' } as const;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  provider = stack.use(await startIsp(network));
  relay = stack.use(await startRelay(network, customerOf(provider)));
});
afterAll(() => stack.disposeAsync());

/** Three messages that wait: from one@, two@ and three@, in that order. */
beforeEach(async () => {
  await provider.setFaults(BUSY);
  await provider.clearMessages();
  await relay.run(['hikyaku', 'queue', 'delete', 'all', '--yes']);
  for (const sender of ['one', 'two', 'three']) {
    const mail = `printf 'Subject: from ${sender}\\n\\nThe body.\\n'`;
    await relay.run(['sh', '-c', `${mail} | sendmail -f ${sender}@isp.example you@example.com`]);
  }
  const waiting = await eventually('three messages that were tried', async () => {
    const messages = await relay.queue();
    const tried = messages.filter(({ queue_name }) => queue_name === 'deferred');
    return tried.length === 3 && tried;
  });
  const idOf = (sender: string) =>
    waiting.find((message) => message.sender === `${sender}@isp.example`)?.queue_id ?? '';
  ids = [idOf('one'), idOf('two'), idOf('three')];
});

const hikyaku = (...words: readonly string[]) => relay.exec(['hikyaku', 'queue', ...words]);

const left = async () => (await relay.queue()).map(({ queue_id }) => queue_id).sort();

describe('list', () => {
  it('shows each message with its age, size, sender, recipient and reason', async () => {
    const { stdout } = await hikyaku();
    const [first = '', second, third] = stdout.split('\n');
    expect(stdout.split('\n')).toHaveLength(3 * 3 + 1);
    expect(first).toMatch(new RegExp(`^(${ids.join('|')})  \\d+ s  1 kB  waits for the next`));
    expect(second).toMatch(/^ {2}from (one|two|three)@isp\.example to you@example\.com$/);
    expect(third).toContain('said: 451 4.3.2 come back later');
  });

  it('is the same for machines', async () => {
    const { stdout } = await hikyaku('list', '--json');
    expect(JSON.parse(stdout)).toContainEqual({
      id: ids[1],
      queue: 'deferred',
      arrival: expect.any(Number),
      size: expect.any(Number),
      sender: 'two@isp.example',
      recipients: [{ address: 'you@example.com', reason: expect.stringContaining('451 4.3.2') }],
    });
  });
});

describe('show', () => {
  it('gives envelope and headers, and keeps the body to itself', async () => {
    const { stdout } = await hikyaku('show', ids[0] ?? '');
    expect(stdout).toContain('sender: one@isp.example');
    expect(stdout).toContain('Subject: from one');
    expect(stdout).not.toContain('The body');
  });
});

describe('retry', () => {
  it('of one message delivers that one alone', async () => {
    await provider.setFaults();
    await hikyaku('retry', ids[1] ?? '');
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope.from).toBe('two@isp.example');
    await eventually('one message less', async () => (await left()).length === 2);
  });

  it('of everything delivers everything', async () => {
    await provider.setFaults();
    await hikyaku('retry');
    await provider.waitForMessages(3);
  });
});

describe('hold', () => {
  it('keeps a message from being tried, until it is released', async () => {
    await hikyaku('hold', ids[0] ?? '');
    await provider.setFaults();
    await hikyaku('retry');
    await provider.waitForMessages(2);
    await eventually('the held one alone', async () => (await left()).length === 1);
    expect((await hikyaku('list')).stdout).toContain('on hold');
    expect((await relay.exec(['hikyaku', 'status'])).stdout).toContain('1 on hold');

    await hikyaku('release', ids[0] ?? '');
    await hikyaku('retry');
    const messages = await provider.waitForMessages(3);
    expect(messages.at(-1)?.envelope.from).toBe('one@isp.example');
  });
});

describe('delete', () => {
  it('does nothing when nobody is there to be asked, and says what to add', async () => {
    for (const what of [ids[0] ?? '', 'all']) {
      const { exitCode, stderr } = await hikyaku('delete', what);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 64,
        stderr: expect.stringContaining('--yes'),
      });
    }
    expect(await left()).toEqual([...ids].sort());
  });

  it('with --yes deletes one message', async () => {
    await hikyaku('delete', ids[0] ?? '', '--yes');
    expect(await left()).toEqual(ids.slice(1).sort());
  });

  it('with --yes deletes all', async () => {
    const { stdout } = await hikyaku('delete', 'all', '--yes');
    expect(stdout).toBe('the whole queue: 3 messages deleted\n');
    expect(await left()).toEqual([]);
  });

  it.each([
    ['n', 3],
    ['', 3],
    ['y', 2],
  ])('asks at a terminal, and takes "%s" for an answer', async (answer, count) => {
    const said = await atTerminal(relay, ['hikyaku', 'queue', 'delete', ids[2] ?? ''], answer);
    expect(said).toContain(`Delete ${ids[2]}, from three@isp.example to you@example.com? [y/N]`);
    expect(await left()).toHaveLength(count);
  });
});

it.each([
  [['show', 'ABCDEF123456'], 1, 'there is no message ABCDEF123456 in the queue'],
  [['hold'], 64, 'name a message by its ID'],
  [['burn'], 64, 'is no action: use list, show ID'],
])('%j is refused', async (words, exitCode, stderr) => {
  const result = await hikyaku(...words);
  expect(result).toMatchObject({ exitCode, stderr: expect.stringContaining(stderr) });
});

/** Types an answer when something is asked, and gives all that the terminal showed. */
async function atTerminal(
  relay: Relay,
  command: readonly string[],
  answer: string,
): Promise<string> {
  const terminal = await Terminal.open(relay, command);
  await terminal.until(/./);
  terminal.type(`${answer}\n`);
  return (await terminal.end()).seen;
}
