import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  readFileSync,
  type Stats,
  statSync,
} from 'node:fs';
import { isSystemError, UserError } from '../cli/errors.ts';
import { SPOOL } from '../postfix/spool.ts';
import { CONFIG_DIRECTORY, octal } from '../render/file.ts';
import { adopt, strangers } from './adopt-queue.ts';

type Owner = 'root' | 'postfix' | 'mailbox';
interface Directory {
  readonly path: string;
  readonly owner: Owner;
  readonly group?: 'postdrop';
  readonly mode: number;
}

const queue = (name: string): Directory => ({
  path: `${SPOOL}/${name}`,
  owner: 'postfix',
  mode: 0o700,
});

/** The directories that Postfix expects, as its own postfix-files lists them. */
const DIRECTORIES: readonly Directory[] = [
  { path: SPOOL, owner: 'root', mode: 0o755 },
  ...['active', 'bounce', 'corrupt', 'defer', 'deferred', 'flush', 'hold', 'incoming'].map(queue),
  ...['private', 'saved', 'trace'].map(queue),
  { path: `${SPOOL}/maildrop`, owner: 'postfix', group: 'postdrop', mode: 0o730 },
  { path: `${SPOOL}/public`, owner: 'postfix', group: 'postdrop', mode: 0o710 },
  { path: `${SPOOL}/pid`, owner: 'root', mode: 0o755 },
];

/** The directory of local users' Maildirs. */
const MAILBOXES: Directory = { path: '/var/mail', owner: 'mailbox', mode: 0o750 };

/** Locks and caches: lost without harm, so a tmpfs does. */
const DATA = '/var/lib/postfix';

/** The number of a name in /etc/passwd or /etc/group (passwd(5), group(5): the third field). */
export function idOf(file: string, name: string): number {
  const line = file.split('\n').find((one) => one.startsWith(`${name}:`));
  const id = Number(line?.split(':')[2] ?? Number.NaN);
  if (Number.isInteger(id)) return id;
  throw new Error(`the image has no account "${name}"`);
}

const directories = (hasMailboxes: boolean): readonly Directory[] =>
  hasMailboxes ? [...DIRECTORIES, MAILBOXES] : DIRECTORIES;

/** The numbers that this image gives to owners and group. */
interface Ids {
  readonly owners: Readonly<Record<Owner, number>>;
  readonly postdrop: number;
}

function readIds(): Ids {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  return {
    owners: { root: 0, postfix: idOf(passwd, 'postfix'), mailbox: idOf(passwd, 'mailbox') },
    postdrop: idOf(readFileSync('/etc/group', 'utf8'), 'postdrop'),
  };
}

/** Which traits of a directory are not as Postfix needs them. */
const deviations = (
  { owner, group, mode }: Directory,
  stat: Stats,
  { owners, postdrop }: Ids,
): { readonly mode: boolean; readonly owner: boolean } => ({
  mode: (stat.mode & 0o777) !== mode,
  owner: stat.uid !== owners[owner] || (group !== undefined && stat.gid !== postdrop),
});

/**
 * Puts the queue's directories in order: those that are missing are made, wrong owners and modes
 * are set right. On a sound queue this is a look at sixteen directories.
 * @param hasMailboxes whether mail is kept here, so that the mailboxes' directory is needed too
 * @throws UserError when this container may not do that, or has no room for it
 */
export function prepareSpool(hasMailboxes: boolean): void {
  const ids = readIds();
  for (const directory of directories(hasMailboxes)) putInOrder(directory, ids);
}

/**
 * A new tmpfs belongs to root, and cannot get another owner without the capability CHOWN. In that
 * case every user may write there, as in /tmp. Only root and Postfix run in this container.
 * @throws UserError when the directory is not writable: Postfix would end without a message
 */
export function prepareData(): void {
  try {
    if (statSync(DATA).uid !== readIds().owners.postfix) chmodSync(DATA, 0o1777);
    accessSync(DATA, constants.W_OK);
  } catch (fault) {
    throw spoolError(DATA, fault);
  }
}

/** The files in the queue that Postfix does not own. */
const foundStrangers = (): Promise<readonly string[]> => strangers(SPOOL, readIds().owners.postfix);

/** Whether all that is in the queue is Postfix's own. */
export const isQueueOurs = async (): Promise<boolean> => (await foundStrangers()).length === 0;

/**
 * Makes Postfix the owner of the queue's files. No other process may use the queue.
 * @throws UserError when this container may not do that
 */
export async function adoptQueue(): Promise<void> {
  const found = await foundStrangers();
  try {
    adopt(found, readIds().owners.postfix);
  } catch (fault) {
    if (!isSystemError(fault) || fault.code !== 'EPERM') throw fault;
    throw new UserError(
      `${strangersWords(found)}; with them Postfix could hand on no mail at all, and this ` +
        'container may not change that: start it once with the capabilities CHOWN and FOWNER ' +
        '(cap_add)',
    );
  }
}

const strangersWords = ([first, ...others]: readonly string[]): string =>
  others.length === 0
    ? `${first} belongs to somebody else than postfix`
    : `${first} and ${others.length} more in the queue belong to somebody else than postfix`;

/**
 * The queue directories that Postfix cannot use, each with the reason; empty when all is well.
 * @param hasMailboxes whether mail is kept here
 */
export async function disorder(hasMailboxes: boolean): Promise<readonly string[]> {
  const ids = readIds();
  const found = await foundStrangers();
  return [
    ...directories(hasMailboxes).flatMap((directory) => disorderOf(directory, ids)),
    ...(found.length === 0 ? [] : [strangersWords(found)]),
    ...(canPostfixWrite(DATA, ids) ? [] : [`postfix cannot write to ${DATA}: no TLS, no mail`]),
  ];
}

/** Its own, or like /tmp. */
function canPostfixWrite(path: string, { owners }: Ids): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return false;
  return (stat.mode & (stat.uid === owners.postfix ? 0o200 : 0o002)) !== 0;
}

function disorderOf(directory: Directory, ids: Ids): readonly string[] {
  const { path, owner, group, mode } = directory;
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [`${path} is missing`];
  const wrong = deviations(directory, stat, ids);
  if (wrong.mode) {
    return [`${path} has the mode ${octal(stat.mode & 0o777)} instead of ${octal(mode)}`];
  }
  if (!wrong.owner) return [];
  return [`${path} belongs to somebody else than ${owner}${group ? `, group ${group}` : ''}`];
}

function putInOrder(directory: Directory, ids: Ids): void {
  const { path, owner, group, mode } = directory;
  try {
    mkdirSync(path, { recursive: true });
    const stat = statSync(path);
    const wrong = deviations(directory, stat, ids);
    if (wrong.mode) chmodSync(path, mode);
    if (wrong.owner) {
      chownSync(path, ids.owners[owner], group === undefined ? stat.gid : ids.postdrop);
    }
    accessSync(path, constants.W_OK);
  } catch (fault) {
    throw spoolError(path, fault);
  }
}

/** The mount that a path needs. Accepted mail needs a volume, or it is lost with the container. */
const mountFor = (path: string): string =>
  path.startsWith(SPOOL) || path === MAILBOXES.path
    ? `mount a named volume at ${path.startsWith(SPOOL) ? SPOOL : path}`
    : `mount a tmpfs at ${path} (--tmpfs)`;

/**
 * All places that have to be writable and are not, as with a read-only root, in one message.
 * @throws UserError
 */
export function checkWritable(): void {
  const closed = [CONFIG_DIRECTORY, DATA, SPOOL].filter((path) => isReadOnly(path));
  if (closed.length === 0) return;
  throw new UserError(`${closed.join(', ')} cannot be written: ${closed.map(mountFor).join('; ')}`);
}

function isReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (fault) {
    return isSystemError(fault) && fault.code === 'EROFS';
  }
}

function spoolError(path: string, fault: unknown): unknown {
  if (!isSystemError(fault)) return fault;
  switch (fault.code) {
    case 'EPERM':
    case 'EACCES':
      return new UserError(
        `${path} has the wrong owner, and this container may not change that: use a named ` +
          'volume, or start it once with the capabilities CHOWN and FOWNER (cap_add)',
      );
    case 'EROFS':
      return new UserError(`${path} cannot be written: ${mountFor(path)}`);
    case 'ENOSPC':
      return new UserError(`${path} cannot be made: the disk is full`);
    default:
      return fault;
  }
}
