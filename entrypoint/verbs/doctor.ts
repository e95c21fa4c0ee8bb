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
import { inAllMailAs, leavesAs } from '../probe/rewriting.ts';
import { isAddress, sendersAt } from '../probe/senders.ts';
import { mailServerOf, serversOf } from '../probe/servers.ts';
import { probe } from '../probe/walk.ts';
import { nameOf, type RenderedFile } from '../render/file.ts';
import { clientWords } from '../render/policy.ts';
import { render } from '../render/render.ts';
import { directFinding, domainsToTry } from '../reports/doctor/direct.ts';
import { doctorLines, type Finding, isWrong, ok, wrongHere } from '../reports/doctor/finding.ts';
import {
  askForKey,
  clockFinding,
  diskFinding,
  queueFinding,
  secretFileFindings,
  spoolFinding,
  tableFindings,
  warningFindings,
} from '../reports/doctor/inside.ts';
import { databaseNote, routeOf } from '../reports/doctor/sender-route.ts';
import { serverFindings } from '../reports/doctor/server.ts';
import type { Problem } from '../settings/problem.ts';
import { said, sayIn, setting, words } from '../settings/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { checkIntake } from './health.ts';
import { loadSettings } from './load.ts';
import { builtAt, probeContext } from './probe-context.ts';

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
  const { settings, warnings, names } = await loadSettings(call.environment);
  const findings =
    call.sender === undefined
      ? await lookAtAll(settings, warnings)
      : await lookAtSender(call.sender, settings);
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
    lookOutside(settings, queue),
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
    return { messages: [], finding: wrongHere('queue', { kind: 'queue-unlisted' }) };
  }
}

/** The way of one sender's mail: which account the tables in force give it, and its server. */
async function lookAtSender(sender: string, settings: Settings): Promise<readonly Finding[]> {
  if (!isAddress(sender)) {
    throw new UsageError('--sender has to be an address');
  }
  // Postfix asks for the account under the name that canonical has given (cleanup(8)).
  const known = inAllMailAs(settings, sender);
  const { server, findings } = await routeOf(known, settings, askForKey);
  if (server === undefined) return findings;
  const result = await probe(
    server,
    [server.sendAs ?? leavesAs(settings, known)],
    probeContext(settings),
  );
  return [...findings, ...serverFindings(result, settings)];
}

/** Every server at the same time, so that all of it takes as long as the slowest. */
async function lookOutside(
  settings: Settings,
  queue: Promise<QueueLook>,
): Promise<readonly Finding[]> {
  const { route } = settings;
  const context = probeContext(settings);
  const direct =
    route.kind === 'direct'
      ? domainsToTry((await queue).messages).map((domain) => mailServerOf(domain, route))
      : [];
  const findings = await Promise.all([
    ...serversOf(settings).map(async (server) =>
      serverFindings(await probe(server, sendersAt(server, settings), context), settings),
    ),
    ...direct.map(async (server) => [directFinding(await probe(server, [], context))]),
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
