import { readRefusal } from '../advice/foreign/client.ts';
import { CommandFailed, EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { changedFiles } from '../install/install-files.ts';
import { disorder } from '../install/spool.ts';
import type { QueuedMessage } from '../postfix/queue-entry.ts';
import { isPostfixRunning } from '../postfix/running/master.ts';
import { queuedMessages } from '../postfix/running/queue.ts';
import { queueManagerLives } from '../postfix/running/queue-manager.ts';
import { SPOOL } from '../postfix/spool.ts';
import { addressesOf } from '../probe/dns.ts';
import { policyGetter } from '../probe/receivers/sts.ts';
import { isAddress } from '../probe/senders.ts';
import { nameOf, type RenderedFile } from '../render/file.ts';
import { clientWords } from '../render/policy.ts';
import { render } from '../render/render.ts';
import type { CheckedRecord } from '../reports/dkim-report.ts';
import { doctorLines, type Finding, isWrong, ok, wrongHere } from '../reports/doctor/finding.ts';
import {
  clockFinding,
  diskFinding,
  queueFinding,
  secretFileFindings,
  spoolFinding,
  tableFindings,
  warningFindings,
} from '../reports/doctor/inside.ts';
import { outsideFindings, senderFindings } from '../reports/doctor/outside.ts';
import { recipientFindings } from '../reports/doctor/recipient.ts';
import { databaseNote } from '../reports/doctor/sender-route.ts';
import type { Problem } from '../settings/problem.ts';
import { said, sayIn, setting, words } from '../settings/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { checkedRecords } from './dkim.ts';
import { checkIntake } from './health.ts';
import { loadSettings } from './load.ts';
import { builtAt, probeContext, trustedCas } from './probe-context.ts';

/** A slow or busy machine answers within this time. */
const PATIENCE_MS = 10_000;

const OPTIONS = {
  sender: {
    type: 'string',
    value: 'ADDRESS',
    about: "look at the way of this sender's mail only",
  },
  to: {
    type: 'string',
    value: 'ADDRESS',
    about: "look at the way straight to this recipient's domain only: its hosts, DANE, MTA-STS",
  },
  ...JSON_OPTION,
} as const;

async function doctor(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { settings, warnings, names } = await loadSettings(call.environment);
  const { sender, to } = call;
  const findings = (
    await Promise.all([
      ...(sender === undefined ? [] : [lookAtSender(sender, settings)]),
      ...(to === undefined ? [] : [lookAtRecipient(to, settings)]),
      ...(sender === undefined && to === undefined ? [lookAtAll(settings, warnings)] : []),
    ])
  ).flat();
  const isWell = !findings.some(isWrong);
  const say = sayIn(names);
  printReport(call, said({ ok: isWell, findings }, say), () => doctorLines(findings, say));
  return isWell ? EXIT.ok : EXIT.failed;
}

async function lookAtAll(
  settings: Settings,
  warnings: readonly Problem[],
): Promise<readonly Finding[]> {
  const queue = lookAtQueue();
  const [outside, inside] = await Promise.all([
    outsideFindings(settings, {
      context: probeContext(settings),
      messages: queue.then(({ messages }) => messages),
      keys: keysOf(settings),
    }),
    lookInside(settings, queue),
  ]);
  return [...inside, ...warningFindings(warnings), ...outside, ...databaseNote(settings)];
}

async function lookAtSender(sender: string, settings: Settings): Promise<readonly Finding[]> {
  if (!isAddress(sender)) throw new UsageError('--sender has to be an address');
  return senderFindings(sender, settings, probeContext(settings));
}

/** The way of mail to one recipient's domain, without a relay host. */
async function lookAtRecipient(to: string, settings: Settings): Promise<readonly Finding[]> {
  if (!isAddress(to)) throw new UsageError('--to has to be an address');
  const domain = to.slice(to.lastIndexOf('@') + 1).toLowerCase();
  const context = probeContext(settings);
  const getText = policyGetter(trustedCas(settings), async (host) => {
    const lookup = await addressesOf(host, context.families, context.names);
    return 'found' in lookup ? lookup.found[0] : undefined;
  });
  return recipientFindings(domain, settings.route, context, getText);
}

async function keysOf({ signing }: Settings): Promise<readonly CheckedRecord[]> {
  const records = signing === undefined ? [] : await checkedRecords(signing);
  return records.filter(({ isCurrent }) => isCurrent);
}

interface QueueLook {
  readonly messages: readonly QueuedMessage[];
  readonly finding: Finding;
}

async function lookAtQueue(): Promise<QueueLook> {
  try {
    const messages = await queuedMessages();
    return { messages, finding: queueFinding(messages, new Date()) };
  } catch (fault) {
    if (!(fault instanceof CommandFailed)) throw fault;
    return { messages: [], finding: wrongHere('queue', { kind: 'queue-unlisted' }) };
  }
}

async function lookInside(
  settings: Settings,
  queue: Promise<QueueLook>,
): Promise<readonly Finding[]> {
  const running = runningFinding();
  const own = [
    clockFinding(new Date(), builtAt()),
    diskFinding(SPOOL, settings.messageSize),
    clientsFinding(settings),
    spoolFinding(await disorder(settings.local.domains.length > 0)),
  ];
  if (isWrong(running)) return [running, ...own];
  const files = render(settings);
  const [intake, manager, tables] = await Promise.all([
    intakeFinding(),
    managerFinding(),
    tableFindings(files),
  ]);
  return [
    running,
    intake,
    manager,
    ...own,
    (await queue).finding,
    inForceFinding(files),
    ...secretFileFindings(files),
    ...tables,
  ];
}

const runningFinding = (): Finding =>
  isPostfixRunning()
    ? ok('postfix', 'Postfix', words`runs`)
    : wrongHere('Postfix', { kind: 'postfix-down' });

/** What the container's health check does. */
async function intakeFinding(): Promise<Finding> {
  try {
    await checkIntake(PATIENCE_MS);
    return ok('intake', 'intake', words`a client could hand in a mail now`);
  } catch (fault) {
    if (!(fault instanceof UserError)) throw fault;
    const trouble = readRefusal(fault.message);
    if (trouble.kind !== 'no-room' && trouble.kind !== 'filter-away') {
      return wrongHere('intake', { kind: 'intake', text: fault.message });
    }
    const finding = wrongHere('intake', trouble);
    return { ...finding, words: words`${finding.words}: ${fault.message}` };
  }
}

const managerFinding = async (): Promise<Finding> =>
  (await queueManagerLives())
    ? ok('queue-manager', 'queue manager', words`runs`)
    : wrongHere('queue manager', { kind: 'queue-manager-down' });

const clientsFinding = ({ clients }: Settings): Finding =>
  ok(
    'clients',
    'may send',
    words`${clientWords(clients)} (${setting('networks')}, ${setting('trust_gateway')})`,
  );

function inForceFinding(files: readonly RenderedFile[]): Finding {
  const changed = changedFiles(files).map(nameOf);
  return changed.length === 0
    ? ok('in-force', 'configuration', words`what is in force is what the settings say`)
    : wrongHere('configuration', { kind: 'not-in-force', files: changed });
}

export const doctorVerb = verb(
  {
    name: 'doctor',
    summary: 'Check every server and the relay itself; say what is wrong and how to mend it.',
    options: OPTIONS,
  },
  doctor,
);
