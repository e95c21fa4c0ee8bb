import { confirm } from '../cli/confirm.ts';
import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call as CallOf, JSON_OPTION, verb } from '../cli/verb.ts';
import type { QueuedMessage } from '../postfix/queue-entry.ts';
import {
  askPostfix,
  changeQueue,
  queuedMessage,
  queuedMessages,
  queueOf,
} from '../postfix/running/list-queue.ts';
import { listLines, messageLines } from '../reports/queue-lines.ts';

const ACTIONS = ['list', 'show', 'retry', 'hold', 'release', 'delete'] as const;
type Action = (typeof ACTIONS)[number];

const ACTION_WORDS = 'list, show ID, retry [ID], hold ID, release ID, delete ID or delete all';

const OPTIONS = {
  yes: { type: 'boolean', short: 'y', default: false, about: 'delete without asking' },
  ...JSON_OPTION,
} as const;

type Call = CallOf<typeof OPTIONS>;

async function queue(call: Call): Promise<ExitCode> {
  const [action = 'list', id] = call.words;
  const known = ACTIONS.find((one) => one === action);
  if (known === undefined) throw new UsageError(`"${action}" is no action: use ${ACTION_WORDS}`);
  if (known === 'list' && id !== undefined) throw new UsageError(`"${id}" is one word too many`);
  await act(known, id, call);
  return EXIT.ok;
}

async function act(action: Action, id: string | undefined, call: Call): Promise<void> {
  switch (action) {
    case 'list':
      return list(call);
    case 'show':
      return show(await find(id), call);
    case 'retry':
      if (id === undefined) await askPostfix('postqueue', '-f');
      else await askPostfix('postqueue', '-i', waiting(id));
      return done(call, id, 'retried', 'Postfix tries to deliver it now');
    case 'hold':
      await changeQueue('-h', waiting(id));
      return done(call, id, 'held', 'it stays until "hikyaku queue release"');
    case 'release':
      await changeQueue('-H', waiting(id));
      return done(call, id, 'released', 'Postfix tries it again with the next round');
    case 'delete':
      return id === 'all' ? deleteAll(call) : deleteOne(await find(id), call);
  }
}

async function list(call: Call): Promise<void> {
  const messages = await queuedMessages();
  printReport(call, messages, () => listLines(messages, seconds()));
}

const noSuch = (id: string): UserError =>
  new UserError(`there is no message ${id} in the queue (any more)`, EXIT.failed);

/** The ID of a message that is there. */
function waiting(id: string | undefined): string {
  if (id === undefined) throw new UsageError(`name a message by its ID: ${ACTION_WORDS}`);
  if (!/^\w+$/.test(id) || queueOf(id) === undefined) throw noSuch(id);
  return id;
}

async function find(id: string | undefined): Promise<QueuedMessage> {
  const known = waiting(id);
  const found = await queuedMessage(known);
  if (found === undefined) throw noSuch(known);
  return found;
}

const seconds = (): number => Date.now() / 1000;

/** Envelope and headers, without the body: that is the sender's and the recipient's business. */
async function show(message: QueuedMessage, call: Call): Promise<void> {
  const content = await askPostfix('postcat', '-qeh', message.id);
  printReport(call, { ...message, content }, () => [
    ...messageLines(message, seconds()),
    content.trimEnd(),
  ]);
}

function done({ json, print }: Call, id: string | undefined, what: string, words: string): void {
  const whole = id === undefined ? 'the whole queue' : id;
  print(json ? JSON.stringify({ ok: true, [what]: id ?? 'all' }) : `${whole}: ${words}`);
}

async function deleteOne({ id, sender, recipients }: QueuedMessage, call: Call): Promise<void> {
  const to = recipients.map(({ address }) => address).join(', ');
  await confirm(`Delete ${id}, from ${sender || 'nobody (a bounce)'} to ${to}?`, call.yes);
  await changeQueue('-d', id);
  done(call, id, 'deleted', 'deleted');
}

async function deleteAll(call: Call): Promise<void> {
  const messages = await queuedMessages();
  if (messages.length > 0) {
    await confirm(`Delete all ${messages.length} messages in the queue?`, call.yes);
    await deleteThese(messages.map(({ id }) => id));
  }
  done(call, undefined, 'deleted', `${messages.length} messages deleted`);
}

/** Number of queue IDs that fits safely on one command line. */
const AT_ONCE = 1_000;

/** Deletes the messages that the question listed. Newer mail stays; a missing one is no error. */
async function deleteThese(ids: readonly string[]): Promise<void> {
  for (let first = 0; first < ids.length; first += AT_ONCE) {
    const some = ids.slice(first, first + AT_ONCE).flatMap((id) => ['-d', id]);
    await changeQueue(...some);
  }
}

export const queueVerb = verb(
  {
    name: 'queue',
    words: ['[ACTION]', '[ID]'],
    summary: 'List the mail that waits and why; show, retry, hold, release or delete it.',
    details: `ACTION is one of: ${ACTION_WORDS}.`,
    options: OPTIONS,
  },
  queue,
);
