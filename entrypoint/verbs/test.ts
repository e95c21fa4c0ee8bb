import { randomUUID } from 'node:crypto';
import { advise } from '../advice/advice.ts';
import { readRefusal } from '../advice/foreign/client.ts';
import { readDelivery } from '../advice/foreign/delivery.ts';
import type { Trouble } from '../advice/trouble.ts';
import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { queuedMessages, queueOf } from '../postfix/running/queue.ts';
import { SPOOL } from '../postfix/spool.ts';
import { serverFor, serversOf } from '../probe/servers.ts';
import { aboutServer } from '../reports/about.ts';
import { withSender } from '../reports/status/waiting.ts';
import { deliveredWords, destinationOf } from '../reports/test/destination.ts';
import { follow, type Look, type Outcome } from '../reports/test/follow.ts';
import { type HandedIn, handIn } from '../reports/test/hand-in.ts';
import { composeTestMail, type TestMail, testSender } from '../reports/test/test-mail.ts';
import { type Say, type Sentence, said, sayIn, words } from '../settings/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { addressForm } from '../settings/validators/address.ts';
import { loadSettings } from './load.ts';

/** Longer than Postfix waits for a connection (smtp_connect_timeout), twice. */
const PATIENCE_MS = 70_000;

const OPTIONS = {
  from: { type: 'string', value: 'ADDRESS', about: 'the sender of the test mail' },
  ...JSON_OPTION,
} as const;

const WORDS = ['ADDRESS'] as const;

async function test(call: Call<typeof OPTIONS, typeof WORDS>): Promise<ExitCode> {
  const { settings, names } = await loadSettings(call.environment);
  const to = readAddress(call.words[0], 'the recipient', settings);
  const from = readAddress(call.from ?? testSender(settings), '--from', settings);
  const mail = composeTestMail({ from, to, mark: randomUUID() }, settings.myhostname, new Date());
  const [port = 25] = settings.listen;
  const say = call.json ? () => undefined : call.print;
  say(`from ${from} to ${to}, handed in on port ${port}`);
  const handedIn = await handIn(mail, port, SPOOL).catch((fault: unknown): never => {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new UserError(`Postfix takes no mail on port ${port}: ${why}`, EXIT.unavailable);
  });
  if ('id' in handedIn) say(`taken as ${handedIn.id}; on its way`);
  const report = await reportOn(handedIn, { from, to }, settings);
  const inNames = sayIn(names);
  printReport(call, said({ from, to, ...report }, inNames), () => reportLines(report, inNames));
  return report.ok ? EXIT.ok : EXIT.failed;
}

/** An address, or a bare user name such as root, completed as sendmail(1) would. */
function readAddress(text: string | undefined, what: string, { myorigin }: Settings): string {
  const form = text === undefined ? undefined : addressForm(text);
  if (text !== undefined && form === 'address') return text;
  if (form === 'user') return `${text}@${myorigin}`;
  throw new UsageError(`${what} has to be an address, or a user name such as root`);
}

interface Report {
  readonly ok: boolean;
  readonly id?: string;
  readonly fate: Outcome['kind'] | 'refused';
  /** What it means, in a sentence. */
  readonly words: Sentence;
  /** In the words of Postfix or of the server. */
  readonly reason?: string;
  readonly trouble?: Trouble;
  readonly remedy?: Sentence;
  /** The Maildirs of this relay that it was delivered into. */
  readonly mailboxes?: readonly string[];
}

type Addresses = Pick<TestMail, 'from' | 'to'>;

const LOOK: Look = {
  queueOf,
  entryOf: async (id) => (await queuedMessages()).find((one) => one.id === id),
};

async function reportOn(
  handedIn: HandedIn,
  addresses: Addresses,
  settings: Settings,
): Promise<Report> {
  if ('refused' in handedIn) {
    const reason = handedIn.refused;
    const trouble = readRefusal(reason);
    const { remedy } = advise(trouble, aboutServer(undefined));
    return {
      ok: false,
      fate: 'refused',
      words: words`this relay itself did not take it`,
      reason,
      trouble,
      remedy,
    };
  }
  const { id, log } = handedIn;
  try {
    const outcome = await follow(id, log, LOOK, PATIENCE_MS);
    return { id, ...(await outcomeReport(id, outcome, addresses, settings)) };
  } finally {
    log?.close();
  }
}

async function outcomeReport(
  id: string,
  outcome: Outcome,
  { from, to }: Addresses,
  settings: Settings,
): Promise<Report> {
  const { kind } = outcome;
  const failed = { ok: false, fate: kind };
  switch (outcome.kind) {
    case 'delivered': {
      const destination = await destinationOf(from, to);
      const { mailboxes } = destination;
      return { ok: true, fate: kind, words: words`${deliveredWords(destination)}`, mailboxes };
    }
    case 'bounced': {
      const [{ reason } = { reason: '' }] = outcome.bounces;
      const all = outcome.bounces.map((one) => `${one.recipient}: ${one.reason}`).join('; ');
      return { ...failed, ...failure('came back', reason, from, settings, true), reason: all };
    }
    case 'deferred': {
      const { reason } = outcome;
      return {
        ...failed,
        ...failure(`waits in the queue as ${id}`, reason, from, settings, false),
      };
    }
    case 'held':
      return { ...failed, words: words`held in the queue: "hikyaku queue release ${id}"` };
    case 'pending':
      return {
        ...failed,
        words: words`still being delivered; "hikyaku doctor" looks for what holds it up`,
      };
    case 'unknown':
      return {
        ...failed,
        words: words`left the queue; whether it was delivered stands in the log, under ${id}`,
      };
  }
}

function failure(
  what: string,
  reason: string,
  from: string,
  settings: Settings,
  isReturned: boolean,
): Pick<Report, 'words' | 'reason' | 'trouble' | 'remedy'> {
  const server = serverFor(serversOf(settings), from);
  const trouble = withSender(readDelivery(reason), from);
  const { cause, remedy } = advise(trouble, { ...aboutServer(server), isReturned });
  return {
    words: words`${what}: ${cause}`,
    reason,
    ...(trouble === undefined ? {} : { trouble }),
    remedy,
  };
}

const reportLines = (report: Report, say: Say): readonly string[] => [
  say(report.words),
  ...(report.remedy === undefined ? [] : [`  -> ${say(report.remedy)}`]),
  ...(report.reason === undefined ? [] : [`  in its own words: ${report.reason}`]),
];

export const testVerb = verb(
  {
    name: 'test',
    words: WORDS,
    summary: 'Send a real test mail through the relay, and tell what became of it.',
    options: OPTIONS,
  },
  test,
);
