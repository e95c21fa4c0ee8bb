import { statfsSync } from 'node:fs';
import { readRefusal } from '../../advice/foreign/client.ts';
import { CommandFailed, UserError } from '../../cli/errors.ts';
import type { Problem } from '../../messages/problem.ts';
import { ageWords, type QueuedMessage } from '../../postfix/queue-entry.ts';
import { queuedMessages } from '../../postfix/running/list-queue.ts';
import { isPostfixRunning } from '../../postfix/running/master.ts';
import { queueManagerLives } from '../../postfix/running/queue-manager.ts';
import { SPOOL } from '../../postfix/spool.ts';
import { nameOf, type RenderedFile } from '../../render/file.ts';
import { clientWords } from '../../render/policy.ts';
import { render } from '../../render/render.ts';
import { setting, words } from '../../settings/naming/sentence.ts';
import type { Settings } from '../../settings/settings.ts';
import { secretFileFindings, tableFindings } from './asked-tables.ts';
import { type Finding, isWrong, note, ok, wrongHere } from './diagnosis.ts';

/** The input of the inner checks, besides the running Postfix. */
export interface InsideView {
  readonly queue: Promise<QueueLook>;
  /** The faults of the queue's directories. */
  readonly disorder: readonly string[];
  /** The names of the programs that should run beside Postfix, and of those that do not come back. */
  readonly programs: readonly string[];
  readonly programsAway: Promise<readonly string[]>;
  /** When this program was built. */
  readonly built: Date;
  /** Which of these files are not in force. */
  readonly changed: (files: readonly RenderedFile[]) => readonly RenderedFile[];
  /** Does what a client does up to RCPT. @throws UserError when that is not possible */
  readonly handIn: () => Promise<void>;
}

/** The relay itself: Postfix, its queue, its tables, and what is in force. */
export async function insideFindings(
  settings: Settings,
  { queue, disorder, programs, programsAway, built, changed, handIn }: InsideView,
): Promise<readonly Finding[]> {
  const running = runningFinding();
  const own = [
    clockFinding(new Date(), built),
    diskFinding(SPOOL, settings.messageSize),
    clientsFinding(settings),
    spoolFinding(disorder),
  ];
  if (isWrong(running)) return [running, ...own];
  const files = render(settings);
  const [intake, manager, beside, tables] = await Promise.all([
    intakeFinding(handIn),
    managerFinding(),
    programFindings(programs, programsAway),
    tableFindings(files),
  ]);
  return [
    running,
    intake,
    manager,
    ...beside,
    ...own,
    (await queue).finding,
    inForceFinding(changed(files).map(nameOf)),
    ...secretFileFindings(files),
    ...tables,
  ];
}

/** The queue's messages, and what its length says. */
export interface QueueLook {
  readonly messages: readonly QueuedMessage[];
  readonly finding: Finding;
}

export async function lookAtQueue(): Promise<QueueLook> {
  try {
    const messages = await queuedMessages();
    return { messages, finding: queueFinding(messages, new Date()) };
  } catch (fault) {
    if (!(fault instanceof CommandFailed)) throw fault;
    return { messages: [], finding: wrongHere('queue', { kind: 'queue-unlisted' }) };
  }
}

const runningFinding = (): Finding =>
  isPostfixRunning()
    ? ok('postfix', 'Postfix', words`runs`)
    : wrongHere('Postfix', { kind: 'postfix-down' });

/** The checks of the container's health check. */
async function intakeFinding(handIn: () => Promise<void>): Promise<Finding> {
  try {
    await handIn();
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

async function programFindings(
  names: readonly string[],
  programsAway: Promise<readonly string[]>,
): Promise<readonly Finding[]> {
  if (names.length === 0) return [];
  const away = await programsAway;
  return away.length === 0
    ? [ok('programs', 'beside Postfix', words`run: ${names.join(', ')}`)]
    : [wrongHere('beside Postfix', { kind: 'program-away', programs: away })];
}

const clientsFinding = ({ clients }: Settings): Finding =>
  ok(
    'clients',
    'may send',
    words`${clientWords(clients)} (${setting('networks')}, ${setting('trust_gateway')})`,
  );

const inForceFinding = (changed: readonly string[]): Finding =>
  changed.length === 0
    ? ok('in-force', 'configuration', words`what is in force is what the settings say`)
    : wrongHere('configuration', { kind: 'not-in-force', files: changed });

const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MB`;

/**
 * Room for mail: Postfix refuses mail if less than one and a half times the largest message is free
 * (message_size_limit and queue_minfree in postconf(5)).
 */
function diskFinding(spool: string, messageSize: number): Finding {
  const { bavail, bsize, files, ffree } = statfsSync(spool);
  const freeBytes = bavail * bsize;
  const neededBytes = messageSize * 1.5;
  const subject = 'disk of the queue';
  if (freeBytes < neededBytes) return wrongHere(subject, { kind: 'disk', freeBytes, neededBytes });
  if (files > 0 && ffree < 100) return wrongHere(subject, { kind: 'inodes' });
  return ok('disk', subject, words`${megabytes(freeBytes)} free`);
}

/** A clock that is plainly wrong breaks TLS and makes mail look old. */
export function clockFinding(now: Date, built: Date): Finding {
  const [shown, notBefore] = [now, built].map((date) => date.toISOString().replace(/\..*/, 'Z'));
  if (now >= built) return ok('clock', 'clock', words`${shown ?? ''}`);
  return wrongHere('clock', { kind: 'clock', now: shown ?? '', notBefore: notBefore ?? '' });
}

/** Mail that the queue manager has not even looked at for so long means that it does not work. */
const TOO_LONG_SECONDS = 120;

/** Whether mail is handled: what waits for another attempt is no fault of the relay's. */
export function queueFinding(messages: readonly QueuedMessage[], now: Date): Finding {
  const nowSeconds = now.getTime() / 1000;
  const stuck = messages.filter(
    ({ queue, arrival }) =>
      ['incoming', 'maildrop'].includes(queue) && nowSeconds - arrival > TOO_LONG_SECONDS,
  );
  if (stuck.length > 0) {
    const count = stuck.length;
    return wrongHere('queue', { kind: 'queue-stuck', count, seconds: TOO_LONG_SECONDS });
  }
  if (messages.length === 0) return ok('queue', 'queue', words`empty`);
  const oldest = messages.reduce((least, { arrival }) => Math.min(least, arrival), nowSeconds);
  return note(
    'queue',
    'queue',
    words`${messages.length} waiting, the oldest for ${ageWords(nowSeconds - oldest)}: "hikyaku status" says why`,
  );
}

/** The queue's directories. @param faults what is wrong with each, if anything */
const spoolFinding = (faults: readonly string[]): Finding =>
  faults.length === 0
    ? ok('spool', 'directories of the queue', words`as Postfix needs them`)
    : wrongHere('directories of the queue', { kind: 'spool', faults });

/** A certificate that clients are shown, and whatever else the settings are warned about. */
export const warningFindings = (warnings: readonly Problem[]): readonly Finding[] =>
  warnings.map(({ where, wrong: fault, right }) =>
    /tls_\w*(cert|key|chain)/.test(where)
      ? {
          ...wrongHere(where, { kind: 'own-certificate', where }),
          words: words`the certificate that clients see ${fault}`,
          remedy: words`${right}, then "hikyaku reload"`,
        }
      : note('warning', where, words`${fault}; ${right}`),
  );
