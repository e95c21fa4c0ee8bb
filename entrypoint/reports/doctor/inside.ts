import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { onOneLine, readComplaint } from '../../advice/foreign/database.ts';
import { ageWords, type QueuedMessage } from '../../postfix/queue-entry.ts';
import { askTable } from '../../postfix/running/tables.ts';
import { CONFIG_DIRECTORY, nameOf, type RenderedFile, SECRET } from '../../render/file.ts';
import type { Problem } from '../../settings/problem.ts';
import { words } from '../../settings/sentence.ts';
import { type Finding, note, ok, wrongHere } from './finding.ts';
import { type Ask, type TableQuestion, tableQuestions } from './tables.ts';

/** Asks every table that main.cf and master.cf name for one entry. */
export async function tableFindings(files: readonly RenderedFile[]): Promise<readonly Finding[]> {
  const configuration = ['main.cf', 'master.cf']
    .map((name) => `${CONFIG_DIRECTORY}/${name}`)
    // One that is away is told of where what is in force is compared with the settings.
    .filter((path) => existsSync(path))
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n');
  return Promise.all(tableQuestions(configuration, files).map(tableFinding));
}

const PATIENCE_SECONDS = 4;

const complaint = (output: string): string =>
  onOneLine(output) || `no answer within ${PATIENCE_SECONDS} s`;

/** One key in one table, through the very reference that Postfix uses. */
export const askForKey: Ask = async (reference, key) => {
  const found = await askTable(reference, key, PATIENCE_SECONDS);
  return 'fault' in found ? { fault: complaint(found.fault) } : found;
};

async function tableFinding({ reference, key, answer }: TableQuestion): Promise<Finding> {
  const found = await askTable(reference, key, PATIENCE_SECONDS);
  const subject = `table ${reference}`;
  if (answer === undefined) {
    if ('answer' in found) return ok('table', subject, words`can be asked`);
    return wrongHere(subject, readComplaint(complaint(found.fault)));
  }
  // What it says is not shown: it may quote a password.
  const fault = 'fault' in found ? 'unreadable' : 'other-answer';
  return 'answer' in found && found.answer === answer
    ? ok('table', subject, words`answers as the settings say`)
    : wrongHere(subject, { kind: 'table', reference, fault });
}

/** Owner, permissions and age of the files that hold secrets, and of what is made from them. */
export const secretFileFindings = (files: readonly RenderedFile[]): readonly Finding[] =>
  files.filter(({ mode }) => mode === SECRET).map(secretFinding);

function secretFinding(file: RenderedFile): Finding {
  const { path } = file;
  const name = nameOf(file);
  const paths = readdirSync(CONFIG_DIRECTORY)
    .filter((one) => one === name || one.startsWith(`${name}.`))
    .map((one) => `${CONFIG_DIRECTORY}/${one}`);
  const stats = paths.map((one) => ({ path: one, stat: statSync(one) }));
  const subject = `file ${path}`;
  const open = stats.find(({ stat }) => stat.uid !== 0 || (stat.mode & 0o077) !== 0);
  if (open !== undefined) {
    return wrongHere(subject, { kind: 'secret-file', path: open.path, fault: 'readable' });
  }
  const source = stats.find((one) => one.path === path);
  if (source === undefined)
    return wrongHere(subject, { kind: 'secret-file', path, fault: 'missing' });
  if (stats.some(({ stat }) => stat.mtimeMs < source.stat.mtimeMs)) {
    return wrongHere(subject, { kind: 'secret-file', path, fault: 'index-older' });
  }
  return ok('secret-file', subject, words`can be read by root only, and so can its index`);
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MB`;

/**
 * Room for mail: Postfix takes none when less than one and a half times the largest message is free
 * (message_size_limit and queue_minfree in postconf(5)).
 */
export function diskFinding(spool: string, messageSize: number): Finding {
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
export const spoolFinding = (faults: readonly string[]): Finding =>
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
