import { randomUUID } from 'node:crypto';
import { explainReason } from '../advice/reason-words.ts';
import { refusalRemedy } from '../advice/refusal-words.ts';
import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { queuedMessages } from '../postfix/running/queue.ts';
import { SPOOL } from '../postfix/spool.ts';
import { serverFor, serversOf, settingName } from '../probe/servers.ts';
import { type Fate, follow } from '../reports/fate.ts';
import { type HandedIn, handIn } from '../reports/hand-in.ts';
import { composeTestMail, type TestMail, testSender } from '../reports/test-mail.ts';
import { deliveredWords, whereaboutsOf } from '../reports/whereabouts.ts';
import type { Settings } from '../settings/settings.ts';
import { reportInUserNames } from '../settings/user-names.ts';
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
  const { settings, say: inTheirNames } = await loadSettings(call.environment);
  const to = readAddress(call.words[0], 'the recipient', settings);
  const from = readAddress(call.from ?? testSender(settings), '--from', settings);
  const mail = composeTestMail({ from, to, mark: randomUUID() }, settings.myhostname, new Date());
  const [port = 25] = settings.listen;
  const say = call.json ? () => undefined : call.print;
  say(`from ${from} to ${to}, handed in on port ${port}`);
  const handedIn = await handIn(mail, port, SPOOL).catch((fault: unknown): never => {
    const words = fault instanceof Error ? fault.message : String(fault);
    throw new UserError(`Postfix takes no mail on port ${port}: ${words}`, EXIT.unavailable);
  });
  if ('id' in handedIn) say(`taken as ${handedIn.id}; on its way`);
  const found = await reportOn(handedIn, { from, to }, settings);
  const report = reportInUserNames(found, inTheirNames);
  printReport(call, { from, to, ...report }, () => reportLines(report));
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
  readonly fate: Fate['kind'] | 'refused';
  /** What it means, in a sentence. */
  readonly words: string;
  /** In the words of Postfix or of the server. */
  readonly reason?: string;
  readonly remedy?: string;
  /** The Maildirs of this relay that it was delivered into. */
  readonly mailboxes?: readonly string[];
}

type Addresses = Pick<TestMail, 'from' | 'to'>;

async function reportOn(
  handedIn: HandedIn,
  addresses: Addresses,
  settings: Settings,
): Promise<Report> {
  if ('refused' in handedIn) {
    const reason = handedIn.refused;
    const remedy = refusalRemedy(reason);
    return {
      ok: false,
      fate: 'refused',
      words: 'this relay itself did not take it',
      reason,
      remedy,
    };
  }
  const { id, log } = handedIn;
  try {
    const fate = await follow(id, log, queuedMessages, PATIENCE_MS);
    return { id, ...(await fateReport(id, fate, addresses, settings)) };
  } finally {
    log?.close();
  }
}

async function fateReport(
  id: string,
  fate: Fate,
  { from, to }: Addresses,
  settings: Settings,
): Promise<Report> {
  const { kind } = fate;
  switch (fate.kind) {
    case 'delivered': {
      const where = await whereaboutsOf(from, to);
      const { mailboxes } = where;
      return { ok: true, fate: kind, words: deliveredWords(where), mailboxes };
    }
    case 'bounced': {
      const reason = fate.bounces.map((one) => `${one.recipient}: ${one.reason}`).join('; ');
      return failure(kind, 'came back', reason, from, settings);
    }
    case 'deferred':
      return failure(kind, `waits in the queue as ${id}`, fate.reason, from, settings);
    case 'held':
      return { ok: false, fate: kind, words: `held in the queue: "hikyaku queue release ${id}"` };
    case 'pending':
      return {
        ok: false,
        fate: kind,
        words: 'still being delivered; "hikyaku doctor" looks for what holds it up',
      };
    case 'unknown':
      return {
        ok: false,
        fate: kind,
        words: `left the queue; whether it was delivered stands in the log, under ${id}`,
      };
  }
}

function failure(
  fate: Fate['kind'],
  what: string,
  reason: string,
  from: string,
  settings: Settings,
): Report {
  const server = serverFor(serversOf(settings), from);
  const { cause, remedy } = explainReason(reason, settingName(server?.path ?? 'relay'));
  return { ok: false, fate, words: `${what}: ${cause}`, reason, remedy };
}

const reportLines = ({ words, reason, remedy }: Report): readonly string[] => [
  words,
  ...(remedy === undefined ? [] : [`  -> ${remedy}`]),
  ...(reason === undefined ? [] : [`  in its own words: ${reason}`]),
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
