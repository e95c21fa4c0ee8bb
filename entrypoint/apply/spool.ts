import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  mkdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { isSystemError, UserError } from '../errors.ts';

export const SPOOL = '/var/spool/postfix';

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

/** Where the Maildirs of local users are. */
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

/**
 * Puts the queue's directories in order: those that are missing are made, wrong owners and modes
 * are set right. On a sound queue this is a look at sixteen directories.
 * @param hasMailboxes whether mail is kept here, so that the mailboxes' directory is needed too
 */
export function prepareSpool(hasMailboxes: boolean): void {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const group = readFileSync('/etc/group', 'utf8');
  const uids: Readonly<Record<Owner, number>> = {
    root: 0,
    postfix: idOf(passwd, 'postfix'),
    mailbox: idOf(passwd, 'mailbox'),
  };
  prepareData(uids.postfix);
  const postdrop = idOf(group, 'postdrop');
  for (const directory of hasMailboxes ? [...DIRECTORIES, MAILBOXES] : DIRECTORIES) {
    putInOrder(
      directory,
      uids[directory.owner],
      directory.group === 'postdrop' ? postdrop : undefined,
    );
  }
}

/**
 * A tmpfs is born root's, and without the capability CHOWN it stays so: then anybody may write
 * there, as in /tmp. Only root and Postfix are in this container.
 */
function prepareData(uid: number): void {
  const stat = statSync(DATA);
  if (stat.uid !== uid) chmodSync(DATA, 0o1777);
}

/**
 * The directories that are not as Postfix needs them, each with what is wrong; none when all is well.
 * @param hasMailboxes whether mail is kept here
 */
export function disorder(hasMailboxes: boolean): readonly string[] {
  const passwd = readFileSync('/etc/passwd', 'utf8');
  const gid = idOf(readFileSync('/etc/group', 'utf8'), 'postdrop');
  return (hasMailboxes ? [...DIRECTORIES, MAILBOXES] : DIRECTORIES).flatMap(
    ({ path, owner, group, mode }) => {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) return [`${path} is missing`];
      const found = (stat.mode & 0o777).toString(8).padStart(4, '0');
      if ((stat.mode & 0o777) !== mode) {
        return [`${path} has the mode ${found} instead of ${mode.toString(8).padStart(4, '0')}`];
      }
      const isOwned = stat.uid === (owner === 'root' ? 0 : idOf(passwd, owner));
      if (!isOwned || (group !== undefined && stat.gid !== gid)) {
        return [`${path} belongs to somebody else than ${owner}${group ? `, group ${group}` : ''}`];
      }
      return [];
    },
  );
}

function putInOrder({ path, mode }: Directory, uid: number, gid: number | undefined): void {
  try {
    mkdirSync(path, { recursive: true });
    const stat = statSync(path);
    if ((stat.mode & 0o777) !== mode) chmodSync(path, mode);
    if (stat.uid !== uid || (gid !== undefined && stat.gid !== gid)) {
      chownSync(path, uid, gid ?? stat.gid);
    }
    accessSync(path, constants.W_OK);
  } catch (fault) {
    throw spoolError(path, fault);
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
      return new UserError(`${path} cannot be written: mount a volume or a tmpfs there`);
    case 'ENOSPC':
      return new UserError(`${path} cannot be made: the disk is full`);
    default:
      return fault;
  }
}
