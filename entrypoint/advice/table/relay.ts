import { setting as ref, type Sentence, words } from '../../settings/naming/sentence.ts';
import type { Table } from '../entry.ts';
import type { DatabaseFault, RelayTrouble } from '../trouble.ts';

const RELOAD = words`run "hikyaku reload", which writes and indexes everything anew`;

/** Postfix waits a minute before it starts a part again that did not start (service_throttle_time). */
const RESTART = words`run "hikyaku reload", and look again after a minute; if it lasts, look in the container's log for a line with "fatal"`;

const ROOM = words`make room on the volume of /var/spool/postfix`;

const NAME = ref('database.name');
const USER = ref('database.user');
const HOSTS = ref('database.hosts');
const PASSWORD = ref('database.password');

const DATABASE: Readonly<Record<DatabaseFault, Sentence>> = {
  columns: words`the table of accounts has other columns than those of examples/database: give them those names, or give queries of your own (${ref('database.relay_query')}, ${ref('database.credentials_query')})`,
  table: words`make the table accounts in that database, as in examples/database, or correct ${NAME}`,
  database: words`correct ${NAME}: there is no database of that name`,
  rights: words`let ${USER} read the table: GRANT SELECT ON accounts`,
  login: words`correct ${USER} and ${PASSWORD}, or let that user in from this container`,
  host: words`correct ${HOSTS}: there is no host of that name; a database in a container has to run, on a network of this one`,
  away: words`start the database, and check host and port in ${HOSTS}`,
  file: words`${NAME} has to be a file of SQLite that is whole and readable: put the right one there`,
  other: words`check that the database runs and lets this relay in (${HOSTS}, ${USER}, ${PASSWORD})`,
};

const megabytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MB`;

/** Faults of this relay itself. */
export const RELAY: Table<RelayTrouble['kind']> = {
  database: ({ fault, complaint }) => ({
    cause: words`the table of accounts cannot be read${complaint === undefined ? '' : `: ${complaint}`}`,
    remedy: DATABASE[fault],
  }),
  row: ({ row }) => ({
    cause: words`the row of ${row} in the database has no usable server`,
    remedy: words`give it a host, and a port from 1 to 65535`,
  }),
  // Its message is not shown, since it may quote a password.
  table: ({ reference, fault }) => ({
    cause:
      fault === 'unreadable'
        ? words`the table ${reference} cannot be read`
        : words`the table ${reference} answers something else than the settings say`,
    remedy: RELOAD,
  }),
  tables: () => ({
    cause: words`a table or the database of accounts cannot be read`,
    remedy: words`${DATABASE.other}; "hikyaku doctor" says which table it is`,
  }),
  mailbox: () => ({
    cause: words`the mail cannot be put into the mailbox here`,
    remedy: words`check that /var/mail is a volume that can be written, and has room`,
  }),
  service: () => ({
    cause: words`a part of Postfix does not work`,
    remedy: words`look in the container's log for the line with "fatal" or "warning" before it`,
  }),
  paused: () => ({
    cause: words`delivery is switched off in the settings (defer_transports)`,
    remedy: words`remove ${ref('postfix.defer_transports')}, and then "hikyaku queue retry"`,
  }),
  disk: ({ freeBytes, neededBytes }) => ({
    cause:
      freeBytes === undefined || neededBytes === undefined
        ? words`the disk with the queue is full`
        : words`${megabytes(freeBytes)} free: Postfix needs ${megabytes(neededBytes)} to take mail`,
    remedy: words`${ROOM}, or lower ${ref('message_size')}`,
  }),
  inodes: () => ({
    cause: words`no more files can be made on the disk of the queue, although it has room (inodes)`,
    remedy: words`remove small files from the disk of /var/spool/postfix, or give it a disk made for more of them`,
  }),
  'postfix-down': () => ({
    cause: words`Postfix does not run here`,
    remedy: words`start the container, and look at its log`,
  }),
  'queue-manager-down': () => ({
    cause: words`the queue manager does not run (qmgr): mail is taken in, and goes nowhere`,
    remedy: words`look in the container's log for a line of qmgr with "fatal", and restart the container`,
  }),
  'queue-unlisted': () => ({
    cause: words`Postfix does not list its queue (showq does not answer)`,
    remedy: RESTART,
  }),
  'program-away': ({ programs }) => ({
    cause: words`a program beside Postfix does not run: ${programs.join(', ')}`,
    remedy: words`look in the container's log for what it says; "hikyaku reload" starts it again`,
  }),
  'signer-away': () => ({
    cause: words`the program that signs mail (opendkim) does not answer; no mail leaves unsigned`,
    remedy: words`nothing at once: it is started again by itself. If it stays away, look in the container's log for what it says`,
  }),
  'queue-stuck': ({ count, seconds }) => ({
    cause: words`${count} messages have not been looked at for ${seconds} s: a part of Postfix does not work`,
    remedy: words`look in the container's log for a line with "fatal", and restart the container`,
  }),
  intake: ({ text }) => ({
    cause: words`a client could not hand in a mail: ${text}`,
    remedy: RESTART,
  }),
  'not-in-force': ({ files }) => ({
    cause: words`the settings have changed and are not in force yet: ${files.join(', ')}`,
    remedy: words`run "hikyaku reload"`,
  }),
  'secret-file': ({ path, fault }) => ({
    cause: {
      readable: words`${path} can be read by others than root`,
      missing: words`${path} is not there`,
      'index-older': words`the index of ${path} is older than the file itself`,
    }[fault],
    remedy: RELOAD,
  }),
  spool: ({ faults }) => ({
    cause: words`${faults.join('; ')}`,
    remedy: words`restart the container, which puts them in order; if its log says that it may not, start it once with the capabilities CHOWN and FOWNER (cap_add)`,
  }),
  clock: ({ now, notBefore }) => ({
    cause: words`the clock shows ${now}, which is before this image was made (${notBefore})`,
    remedy: words`set the host's clock`,
  }),
  'own-certificate': ({ where }) => ({
    cause: words`the certificate of this relay is not good (${where})`,
    remedy: words`give another one, then "hikyaku reload"`,
  }),
};
