import { readAlien, readHandshake, readHaste, readLoginFailure } from '../advice/foreign/client.ts';
import type { Trouble } from '../advice/trouble.ts';
import type { Refusal } from './event.ts';
import type { LogLine } from './line.ts';
import { clientName } from './read-event.ts';

/** Commands of a mail, which distinguish a refused client from a scanner. */
const COMMANDS = ['helo', 'ehlo', 'mail', 'rcpt', 'data', 'bdat', 'vrfy', 'unknown'];

/** `ehlo=2 starttls=1 mail=0/1`: how many of each command were good, and were said. */
type Counts = ReadonlyMap<string, { readonly good: number; readonly said: number }>;

function readCounts(text: string): Counts {
  const pairs = [...text.matchAll(/\b([a-z]+)=(\d+)(?:\/(\d+))?/g)];
  return new Map(
    pairs.map(([, name = '', good, said]) => [
      name,
      { good: Number(good), said: Number(said ?? good) },
    ]),
  );
}

/**
 * What smtpd(8) logs about clients that never sent a message. Many of them get no "reject" line,
 * for example after an unknown command or a lost connection. The warnings and the counts of
 * commands at the end of a session show the reason.
 */
export class Sessions {
  /** The processes that have already logged why they refused the client's mail. */
  readonly #told = new Set<string>();
  /** The clients whose TLS handshake has failed, by process. */
  readonly #handshakes = new Map<string, string>();

  /** Takes note of a refusal that has a line of its own. */
  tell({ pid }: LogLine): void {
    this.#told.add(pid);
  }

  /** The trouble of a client in a line of smtpd; undefined for other lines. */
  read(line: LogLine): Refusal | undefined {
    const { text, pid } = line;
    const [, shaking] = /^SSL_accept error from (\S+): /.exec(text) ?? [];
    if (shaking !== undefined) this.#handshakes.set(pid, shaking);
    const [, detail] = /^warning: TLS library problem: (.*)$/.exec(text) ?? [];
    if (detail !== undefined) return this.#handshake(line, detail);
    const [, client, counts = ''] = /^disconnect from (\S+) (.*)$/.exec(text) ?? [];
    if (client !== undefined) {
      const failed = this.#handshake(line, undefined);
      if (failed !== undefined) {
        this.#told.delete(pid);
        return failed;
      }
      const trouble = this.#told.delete(pid) ? undefined : troubleIn(readCounts(counts));
      return trouble === undefined ? undefined : refused(line, client, trouble);
    }
    const refusal = readWarning(line);
    if (refusal !== undefined) this.tell(line);
    return refusal;
  }

  /** OpenSSL tells the reason of a failed handshake on the next line, or not at all. */
  #handshake(line: LogLine, detail: string | undefined): Refusal | undefined {
    const client = this.#handshakes.get(line.pid);
    if (client === undefined) return undefined;
    this.#handshakes.delete(line.pid);
    this.tell(line);
    const words = detail?.split(':')[4];
    return { ...refused(line, client, readHandshake(words)), stage: 'STARTTLS' };
  }
}

/** Why a session ended without a message, by its commands. */
function troubleIn(counts: Counts): Trouble | undefined {
  const good = (name: string): number => counts.get(name)?.good ?? 0;
  const failed = (name: string): boolean => {
    const count = counts.get(name);
    return count !== undefined && count.good === 0 && count.said > 0;
  };
  // A client that sends a message in the end has no trouble.
  if (good('data') + good('bdat') > 0) return undefined;
  if (failed('auth')) return { kind: 'login-not-offered' };
  if (failed('starttls')) return { kind: 'starttls-not-offered' };
  const command = COMMANDS.find(failed);
  if (command !== undefined) return { kind: 'command-refused', command: command.toUpperCase() };
  const saidHello = good('ehlo') + good('helo') > 0;
  return saidHello && !counts.has('mail') ? { kind: 'left-after-ehlo' } : undefined;
}

type Reading = readonly [
  pattern: RegExp,
  read: (line: LogLine, groups: Readonly<Record<string, string>>) => Refusal,
];

/** Warnings about a client (smtpd.c, smtpd_sasl_glue.c, smtpd_chat.c in Postfix's source). */
const WARNINGS: readonly Reading[] = [
  [
    /^warning: Message delivery request rate limit exceeded: \d+ from (?<client>\S+)/,
    (line, { client }) => ({ ...refused(line, client, { kind: 'client-rate' }), stage: 'MAIL' }),
  ],
  [
    /^warning: (?<id>\w+): queue file size limit exceeded/,
    (line, { id }) => ({
      ...refused(line, undefined, { kind: 'message-too-large' }),
      stage: 'DATA',
      id,
    }),
  ],
  [
    /^warning: Illegal address syntax from (?<client>\S+) in (?<stage>\w+) command: (?<address>.*)$/s,
    (line, { client, stage = '', address }) => ({
      ...refused(line, client, { kind: 'bad-address' }),
      stage,
      [stage === 'MAIL' ? 'from' : 'to']: address,
    }),
  ],
  [
    /^warning: (?<client>[^\s:]+): SASL \S+ authentication failed(?<reason>.*?)(?:, sasl_username=(?<login>\S+))?$/,
    (line, { client, login, reason = '' }) => ({
      ...refused(line, client, readLoginFailure(reason)),
      stage: 'AUTH',
      login,
    }),
  ],
  [
    /^warning: non-SMTP command from (?<client>\S+): (?<bytes>.*)$/,
    (line, { client, bytes = '' }) => refused(line, client, readAlien(bytes)),
  ],
  // A fast client sends its bytes before the greeting.
  [
    /^improper command pipelining after \S+ from (?<client>\S+): (?<bytes>.*)$/,
    (line, { client, bytes = '' }) => refused(line, client, readHaste(bytes)),
  ],
  [
    /^(?<id>\w+): (?:lost connection|timeout) after (?:DATA|BDAT)\b.* from (?<client>\S+)$/,
    (line, { client, id }) => ({ ...refused(line, client, { kind: 'client-gone' }), id }),
  ],
];

function readWarning(line: LogLine): Refusal | undefined {
  for (const [pattern, read] of WARNINGS) {
    const found = pattern.exec(line.text);
    if (found !== null) return read(line, found.groups ?? {});
  }
  return undefined;
}

const refused = ({ time }: LogLine, client: string | undefined, trouble: Trouble): Refusal => ({
  kind: 'refused',
  time,
  id: undefined,
  stage: 'SESSION',
  client: client === undefined ? undefined : clientName(client),
  login: undefined,
  reply: undefined,
  from: undefined,
  to: undefined,
  trouble,
});
