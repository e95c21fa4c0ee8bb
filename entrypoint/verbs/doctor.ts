import { intakeRemedy } from '../advice/refusal-words.ts';
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
import { domainsToTry, probeDomain } from '../probe/direct.ts';
import { type Finding, findingLines, isWrong, ok, wrong } from '../probe/finding.ts';
import { inAllMailAs, leavesAs } from '../probe/rewriting.ts';
import { isAddress } from '../probe/senders.ts';
import { type Outlook, probeServer } from '../probe/server.ts';
import { serversOf } from '../probe/servers.ts';
import { nameOf, type RenderedFile } from '../render/file.ts';
import { clientWords } from '../render/policy.ts';
import { render } from '../render/render.ts';
import {
  askForKey,
  clockFinding,
  diskFinding,
  queueFinding,
  secretFileFindings,
  spoolFinding,
  tableFindings,
  warningFindings,
} from '../reports/inside.ts';
import { databaseNote, routeOf } from '../reports/sender-route.ts';
import type { Problem } from '../settings/problem.ts';
import type { Settings } from '../settings/settings.ts';
import { reportInUserNames } from '../settings/user-names.ts';
import { checkIntake } from './health.ts';
import { loadSettings } from './load.ts';
import { builtAt, outlookOf } from './outlook.ts';

/** A slow or busy machine answers within this time. */
const PATIENCE_MS = 10_000;

const OPTIONS = {
  sender: {
    type: 'string',
    value: 'ADDRESS',
    about: "look at the way of this sender's mail only",
  },
  ...JSON_OPTION,
} as const;

async function doctor(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const { settings, warnings, say } = await loadSettings(call.environment);
  const found =
    call.sender === undefined
      ? await lookAtAll(settings, warnings)
      : await lookAtSender(call.sender, settings);
  const findings = reportInUserNames(found, say);
  const isWell = !findings.some(isWrong);
  printReport(call, { ok: isWell, findings }, () => findings.flatMap(findingLines));
  return isWell ? EXIT.ok : EXIT.failed;
}

async function lookAtAll(
  settings: Settings,
  warnings: readonly Problem[],
): Promise<readonly Finding[]> {
  const queue = lookAtQueue();
  const [outside, inside] = await Promise.all([
    lookOutside(outlookOf(settings), queue),
    lookInside(settings, queue),
  ]);
  return [...inside, ...warningFindings(warnings), ...outside, ...databaseNote(settings)];
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
    const words = 'Postfix does not list it (showq)';
    return { messages: [], finding: wrong('queue', words, LOOK_IN_LOG) };
  }
}

const LOOK_IN_LOG =
  'run "hikyaku reload", and look again after a minute: so long Postfix waits before it starts a part ' +
  'again that did not start. If it lasts, look in the container\'s log for a line with "fatal"';

/** The way of one sender's mail: which account the tables in force give it, and its server. */
async function lookAtSender(sender: string, settings: Settings): Promise<readonly Finding[]> {
  if (!isAddress(sender)) {
    throw new UsageError('--sender has to be an address');
  }
  // Postfix asks for the account under the name that canonical has given (cleanup(8)).
  const known = inAllMailAs(settings, sender);
  const { server, findings } = await routeOf(known, settings, askForKey);
  if (server === undefined) return findings;
  const outward = [leavesAs(settings, known)];
  return [...findings, ...(await probeServer(server, outlookOf(settings), outward))];
}

/** Every server at the same time, so that all of it takes as long as the slowest. */
async function lookOutside(
  outlook: Outlook,
  queue: Promise<QueueLook>,
): Promise<readonly Finding[]> {
  const { settings, families } = outlook;
  const domains = settings.route.kind === 'direct' ? domainsToTry((await queue).messages) : [];
  const findings = await Promise.all([
    ...serversOf(settings).map((server) => probeServer(server, outlook)),
    ...domains.map(async (domain) => [await probeDomain(domain, families)]),
  ]);
  return findings.flat();
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
    ? ok('Postfix', 'runs')
    : wrong('Postfix', 'does not run here', 'start the container, and look at its log');

/** What the container's health check does. */
async function intakeFinding(): Promise<Finding> {
  try {
    await checkIntake(PATIENCE_MS);
    return ok('intake', 'a client could hand in a mail now');
  } catch (fault) {
    if (!(fault instanceof UserError)) throw fault;
    return wrong('intake', fault.message, intakeRemedy(fault.message) ?? LOOK_IN_LOG);
  }
}

async function managerFinding(): Promise<Finding> {
  if (await queueManagerLives()) return ok('queue manager', 'runs');
  return wrong(
    'queue manager',
    'does not run (qmgr): mail is taken in, and goes nowhere',
    'look in the container\'s log for a line of qmgr with "fatal", and restart the container',
  );
}

const clientsFinding = ({ clients }: Settings): Finding =>
  ok('may send', `${clientWords(clients)} (RELAY_NETWORKS, RELAY_TRUST_GATEWAY)`);

function inForceFinding(files: readonly RenderedFile[]): Finding {
  const changed = changedFiles(files).map(nameOf);
  if (changed.length === 0) return ok('configuration', 'what is in force is what the settings say');
  return wrong(
    'configuration',
    `the settings have changed and are not in force yet: ${changed.join(', ')}`,
    'run "hikyaku reload"',
  );
}

export const doctorVerb = verb(
  {
    name: 'doctor',
    summary: 'Look at every server and at the relay itself; say what is wrong and how to mend it.',
    options: OPTIONS,
  },
  doctor,
);
