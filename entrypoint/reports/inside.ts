import { existsSync, readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { databaseRemedy, onOneLine } from '../advice/table-complaint.ts';
import { ageWords, type QueuedMessage } from '../postfix/queue-entry.ts';
import { askTable } from '../postfix/running/tables.ts';
import { type Finding, note, ok, wrong } from '../probe/finding.ts';
import { CONFIG_DIRECTORY, nameOf, type RenderedFile, SECRET } from '../render/file.ts';
import type { Problem } from '../settings/problem.ts';
import type { Ask } from './sender-route.ts';
import { type TableQuestion, tableQuestions } from './tables.ts';

const AGAIN = 'run "hikyaku reload", which writes and indexes everything anew';

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

async function tableFinding({ name, reference, key, answer }: TableQuestion): Promise<Finding> {
  const found = await askTable(reference, key, PATIENCE_SECONDS);
  const topic = `table ${reference}`;
  if (answer === undefined) {
    if ('answer' in found) return ok(topic, 'can be asked');
    const words = complaint(found.fault);
    return wrong(topic, `cannot be read: ${words}`, databaseRemedy(words));
  }
  // What it says is not shown: it may quote a password.
  if ('fault' in found) return wrong(topic, `${name} cannot be read`, AGAIN);
  if (found.answer === answer) return ok(topic, 'answers as the settings say');
  return wrong(topic, `${name} answers something else than the settings say`, AGAIN);
}

/** Owner, permissions and age of the files that hold secrets, and of what is made from them. */
export function secretFileFindings(files: readonly RenderedFile[]): readonly Finding[] {
  return files.filter(({ mode }) => mode === SECRET).map(secretFinding);
}

function secretFinding(file: RenderedFile): Finding {
  const name = nameOf(file);
  const paths = readdirSync(CONFIG_DIRECTORY)
    .filter((one) => one === name || one.startsWith(`${name}.`))
    .map((one) => `${CONFIG_DIRECTORY}/${one}`);
  const stats = paths.map((path) => ({ path, stat: statSync(path) }));
  const topic = `file ${file.path}`;
  const open = stats.find(({ stat }) => stat.uid !== 0 || (stat.mode & 0o077) !== 0);
  if (open !== undefined) {
    return wrong(topic, `${open.path} can be read by others than root`, AGAIN);
  }
  const source = stats.find(({ path }) => path === file.path);
  if (source === undefined) return wrong(topic, 'is not there', AGAIN);
  if (stats.some(({ stat }) => stat.mtimeMs < source.stat.mtimeMs)) {
    return wrong(topic, 'its index is older than the file itself', AGAIN);
  }
  return ok(topic, "root's alone, and so is its index");
}

/**
 * Room for mail: Postfix takes none when less than one and a half times the largest message is free
 * (message_size_limit and queue_minfree in postconf(5)).
 */
export function diskFinding(spool: string, messageSize: number): Finding {
  const { bavail, bsize, files, ffree } = statfsSync(spool);
  const free = bavail * bsize;
  const needed = messageSize * 1.5;
  const topic = 'disk of the queue';
  const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MB`;
  if (free < needed) {
    const words = `${megabytes(free)} free: Postfix wants ${megabytes(needed)} to take mail`;
    const remedy = `make room on the volume of ${spool}, or lower RELAY_MESSAGE_SIZE`;
    return wrong(topic, words, remedy);
  }
  if (files > 0 && ffree < 100) {
    return wrong(
      topic,
      'no more files can be made on it, although it has room (inodes)',
      `remove small files from the disk of ${spool}, or give it a disk made for more of them`,
    );
  }
  return ok(topic, `${megabytes(free)} free`);
}

/** A clock that is plainly wrong breaks TLS and makes mail look old. */
export function clockFinding(now: Date, notBefore: Date): Finding {
  const shown = now.toISOString().replace(/\..*/, 'Z');
  if (now >= notBefore) return ok('clock', shown);
  return wrong('clock', `${shown} is before this image was made`, "set the host's clock");
}

/** Mail that the queue manager has not even looked at for so long means that it does not work. */
const TOO_LONG_SECONDS = 120;

/** Whether mail is handled: what waits for another attempt is no fault of the relay's. */
export function queueFinding(messages: readonly QueuedMessage[], now: Date): Finding {
  const seconds = now.getTime() / 1000;
  const stuck = messages.filter(
    ({ queue, arrival }) =>
      ['incoming', 'maildrop'].includes(queue) && seconds - arrival > TOO_LONG_SECONDS,
  );
  if (stuck.length > 0) {
    return wrong(
      'queue',
      `${stuck.length} messages have not been looked at for ${TOO_LONG_SECONDS} s: a part of Postfix ` +
        'does not work',
      'look in the container\'s log for a line with "fatal", and restart the container',
    );
  }
  if (messages.length === 0) return ok('queue', 'empty');
  const oldest = messages.reduce((least, { arrival }) => Math.min(least, arrival), seconds);
  const words = `${messages.length} waiting, the oldest for ${ageWords(seconds - oldest)}`;
  return note('queue', `${words}: "hikyaku status" says why`);
}

/** The queue's directories. @param disorder what is wrong with each, if anything */
export const spoolFinding = ([first, ...others]: readonly string[]): Finding =>
  first === undefined
    ? ok('directories of the queue', 'as Postfix needs them')
    : wrong(
        'directories of the queue',
        [first, ...others].join('; '),
        'restart the container, which puts them in order; if its log says that it may not, start ' +
          'it once with the capabilities CHOWN and FOWNER (cap_add)',
      );

/** A certificate that clients are shown, and whatever else the settings are warned about. */
export const warningFindings = (warnings: readonly Problem[]): readonly Finding[] =>
  warnings.map(({ where, wrong: words, right }) =>
    /tls_\w*(cert|key|chain)/.test(where)
      ? wrong(`certificate of this relay (${where})`, words, `${right}, then "hikyaku reload"`)
      : note(where, `${words}; ${right}`),
  );
