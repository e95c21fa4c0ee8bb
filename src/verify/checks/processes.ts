/** What runs in the container, as whom, and where the password is. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { USERS } from '../home.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';

export async function checkProcess1(observer: ScratchContainer): Promise<Finding> {
  const { stdout } = await observer.exec(['readlink', '/proc/1/exe']);
  const ok = /\/postfix\/sbin\/master$/.test(stdout.trim());
  return finding('process 1', "Postfix's master", ok, stdout);
}

interface Process {
  readonly pid: string;
  readonly parent: string;
  readonly name: string;
  readonly uid: string;
}

const LIST =
  'for p in /proc/[0-9]*; do sed -n "s/^\\(Name\\|PPid\\|Uid\\):[[:space:]]*//p" $p/status 2>/dev/null | tr "\\n\\t" "  "; echo "$p"; done';

/** Name, parent, four user ids (the second is the effective one), /proc/PID. */
function readProcesses(text: string): Process[] {
  return text.split('\n').flatMap((line) => {
    const [name, parent, , uid, , , proc] = line.trim().split(/ +/);
    if (name === undefined || parent === undefined || uid === undefined || proc === undefined) {
      return [];
    }
    return [{ name, parent, uid, pid: proc.slice('/proc/'.length) }];
  });
}

/** The container's own: what is executed from outside, as this look is, has no parent inside. */
function ownProcesses(all: readonly Process[]): Process[] {
  const isOwn = ({ pid, parent }: Process): boolean =>
    pid === '1' || all.some((other) => other.pid === parent && isOwn(other));
  return all.filter(isOwn);
}

/** @param observer sees all processes of the relay */
export async function checkUsers(observer: ScratchContainer): Promise<Finding> {
  let found = '';
  // A program is root for the moment before it gives its rights up.
  const ok = await within(5, async () => {
    const own = ownProcesses(readProcesses((await observer.exec(['sh', '-c', LIST])).stdout));
    const roots = own.filter(({ uid }) => uid === '0').map(({ name }) => name);
    found = `${own.length} processes, as root: ${roots.join(', ')}`;
    return own.length > 1 && roots.join() === 'master' ? true : undefined;
  });
  return finding('users', 'only master is root', ok === true, ok ? '' : found);
}

/** Where Debian has the programs that master starts. */
const PROGRAMS = '/usr/lib/postfix/sbin/';

/** @param observer sees what each process is, whatever it calls itself */
export async function checkPrograms(observer: ScratchContainer): Promise<Finding> {
  const own = ownProcesses(readProcesses((await observer.exec(['sh', '-c', LIST])).stdout));
  const look = 'for p in "$@"; do readlink "/proc/$p/exe"; done';
  const { stdout } = await observer.exec(['sh', '-c', look, 'sh', ...own.map(({ pid }) => pid)]);
  const programs = stdout.split('\n').filter((line) => line !== '');
  const others = programs.filter((program) => !program.startsWith(PROGRAMS));
  const ok = programs.length > 1 && others.length === 0;
  const found = [...new Set(others)].join(', ') || `${programs.length} programs`;
  return finding('programs', `those of ${PROGRAMS} and no other`, ok, ok ? '' : found);
}

/** Local address and state of every socket; the engine's own DNS server is at 127.0.0.11. */
const SOCKETS = 'for t in tcp tcp6 udp udp6; do sed "1d; s/^/$t /" /proc/1/net/$t; done';
const ENGINE = '0B00007F';
/** TCP sockets that listen, and UDP sockets that are connected to nobody. */
const OPEN = new Map([
  ['tcp', '0A'],
  ['udp', '07'],
]);

/** @param observer sees the sockets of the relay */
export async function checkListening(observer: ScratchContainer): Promise<Finding> {
  const { stdout } = await observer.exec(['sh', '-c', SOCKETS]);
  const open = new Set(stdout.split('\n').flatMap(openPort));
  const ports = [...open].toSorted();
  const ok = ports.join() === '25/tcp,587/tcp';
  return finding('listening', 'on 25 and 587 and no other port', ok, ok ? '' : ports.join(', '));
}

/** `tcp   0: 00000000:0019 00000000:0000 0A …` */
function openPort(line: string): readonly string[] {
  const [kind = '', , local = '', , state] = line.trim().split(/ +/);
  const [address, port = ''] = local.split(':');
  const transport = kind.slice(0, 3);
  if (state === undefined || state !== OPEN.get(transport) || address === ENGINE) return [];
  return [`${Number.parseInt(port, 16)}/${transport}`];
}

/** The places that can be written to. The password comes on standard input, not as an argument. */
const FILES =
  'grep -rlsF -D skip -f - /etc /run /tmp /root /home /opt /srv /var /dev/shm | while read -r f; do stat -c "%a %U %n" "$f"; done';

export async function checkSecretFiles(
  relay: ScratchContainer,
  password: string,
): Promise<Finding> {
  const { stdout } = await relay.exec(['sh', '-c', FILES], { input: `${password}\n` });
  const files = stdout.split('\n').filter((line) => line !== '');
  const table = files.some((line) => /\/sasl_passwd\.\w+$/.test(line));
  const open = files.filter((line) => !line.startsWith('600 root '));
  return finding(
    'secret files',
    'the password in sasl_passwd and its table alone, 0600 root',
    table && open.length === 0 && files.every((line) => /\/sasl_passwd(\.\w+)?$/.test(line)),
    files.join(', '),
  );
}

/** The password itself, and as it is said to a server (AUTH PLAIN and LOGIN). */
export function tells(text: string, password: string): boolean {
  const base64 = (words: string): string => Buffer.from(words).toString('base64');
  const said = USERS.map((user) => base64(`\0${user}\0${password}`));
  return [password, base64(password), ...said].some((form) => text.includes(form));
}

/** @param observer sees all processes of the relay, to which the password came in a variable */
export async function checkSecretsUnseen(
  relay: ScratchContainer,
  observer: ScratchContainer,
  password: string,
): Promise<Finding> {
  // A health check has the variables of the container, and so the password, by the engine's doing.
  const own = ownProcesses(readProcesses((await observer.exec(['sh', '-c', LIST])).stdout));
  const files = own.flatMap(({ pid }) => [`/proc/${pid}/environ`, `/proc/${pid}/cmdline`]);
  const { stdout } = await observer.exec(['cat', ...files]);
  const places = [
    // What is always there, so that a look that saw nothing is no good news.
    ...(stdout.includes('master') || stdout.includes('hikyaku') ? [] : ['no process']),
    ...(tells(stdout, password) ? ['an environment, or arguments'] : []),
    ...(tells(await relay.log(), password) ? ['the log'] : []),
  ];
  const expected = 'no password in an environment, arguments or the log';
  return finding('secrets', expected, places.length === 0, places.join(', '));
}
