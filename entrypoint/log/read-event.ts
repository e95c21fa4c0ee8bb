import { readRefusal as troubleOfReply } from '../advice/foreign/client.ts';
import type { Trouble } from '../advice/trouble.ts';
import { isHandOver } from '../postfix/inside-services.ts';
import { unmarked } from '../postfix/sender-mark.ts';
import type { Attempt, Delays, DeliveryStatus, LogEvent, Refusal, Step } from './event.ts';
import type { LogLine } from './line.ts';

/** An ID of a queue file: hexadecimal, or the long form (enable_long_queue_ids in postconf(5)). */
const WITH_ID = /^([0-9A-F]{6,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{11,}): (.*)$/s;

const STATUSES: readonly DeliveryStatus[] = ['sent', 'deferred', 'bounced', 'expired'];

/** `unknown[192.0.2.1]` is a client whose name was not looked up: the address is enough. */
export const clientName = (text: string): string => text.replace(/^unknown\[(.*)\]$/, '$1');

/** How the reason of a failed delivery is explained. */
export type Explain = (reason: string) => Trouble | undefined;

/** Reads what the programs of Postfix say of one message; undefined for all other lines. */
export function readEvent(line: LogLine, explain: Explain): LogEvent | undefined {
  const { program, time, text } = line;
  const refusal = readRefusal(time, text);
  if (refusal !== undefined) return refusal;
  const [, id, words = ''] = WITH_ID.exec(text) ?? [];
  if (id === undefined) return undefined;
  const attempt = readAttempt(line, id, words, explain);
  if (attempt !== undefined) return attempt;
  const step = readStep(program, words);
  return step === undefined ? undefined : { ...step, time, id };
}

/** The log lines of log_whatsup in smtpd_check.c, and of cleanup_message.c about contents. */
const BY_SMTPD = /^(\w+): reject: (\S+) from (\S+): (.*?)(?:;((?: \w+=\S*)+))?$/s;
const BY_CLEANUP = /^(\w+): reject: (\S+) .*? from (\S+?);((?: \w+=\S*)+?): (.*)$/s;

function readRefusal(time: Date, text: string): Refusal | undefined {
  if (!text.includes(': reject: ')) return undefined;
  const bySmtpd = BY_SMTPD.exec(text);
  const byCleanup = BY_CLEANUP.exec(text);
  const [, id, stage = '', client = '', ...rest] = bySmtpd ?? byCleanup ?? [];
  if (id === undefined) return undefined;
  const [reply = '', facts = ''] = bySmtpd === null ? rest.reverse() : rest;
  const address = (name: string): string | undefined =>
    new RegExp(` ${name}=<([^>]*)>`).exec(facts)?.[1];
  return {
    kind: 'refused',
    time,
    id: id === 'NOQUEUE' ? undefined : id,
    stage,
    client: clientName(client),
    login: / sasl_username=<?([^\s>]*)/.exec(facts)?.[1],
    reply,
    from: address('from'),
    to: address('to'),
    trouble: troubleOfReply(reply),
  };
}

/** `to=<a>, orig_to=<b>, relay=…, delay=…, dsn=…, status=sent (250 …)` (log_adhoc in its source). */
const ATTEMPT =
  /^to=<(.*?)>, (?:orig_to=<(.*?)>, )?relay=(.*?), ((?:\w+=[^,]*, )*?)status=([\w-]+)(?: \((.*)\))?$/s;

function readAttempt(
  { time, service }: LogLine,
  id: string,
  words: string,
  explain: Explain,
): Attempt | undefined {
  if (!words.startsWith('to=<')) return undefined;
  const [, to, origTo, relay = 'none', facts = '', shown, reason = ''] = ATTEMPT.exec(words) ?? [];
  if (to === undefined) return undefined;
  const fact = (name: string): string | undefined =>
    new RegExp(`\\b${name}=([^,]*),`).exec(facts)?.[1];
  const delay = fact('delay');
  const status = STATUSES.find((one) => one === shown) ?? 'other';
  return {
    kind: 'attempt',
    time,
    id,
    to,
    origTo: origTo === undefined ? undefined : unmarked(origTo),
    relay,
    service,
    delay: delay === undefined ? undefined : Number(delay),
    delays: readDelays(fact('delays')),
    dsn: fact('dsn'),
    status,
    handedTo: status === 'sent' && isHandOver(service, relay) ? queuedAs(reason) : undefined,
    reason,
    trouble: status === 'sent' ? undefined : explain(reason),
  };
}

/** The ID that the answer of Postfix's own smtpd(8) gives. */
const queuedAs = (reply: string): string | undefined => /queued as (\w+)$/.exec(reply)?.[1];

function readDelays(text: string | undefined): Delays | undefined {
  const [beforeQueue, inQueue, connecting, sending] = (text ?? '').split('/').map(Number);
  if (beforeQueue === undefined || inQueue === undefined) return undefined;
  if (connecting === undefined || sending === undefined) return undefined;
  return { beforeQueue, inQueue, connecting, sending };
}

function readStep(program: string, words: string): Step | undefined {
  const take = (pattern: RegExp): readonly string[] => pattern.exec(words)?.slice(1) ?? [];
  switch (program) {
    case 'smtpd': {
      const [client] = take(/^client=([^,]*)/);
      const [login] = take(/, sasl_username=([^,]*)/);
      return client === undefined
        ? undefined
        : { kind: 'client', client: clientName(client), login };
    }
    case 'pickup': {
      const [from] = take(/^uid=\d+ from=<(.*?)>/);
      return from === undefined ? undefined : { kind: 'program', from };
    }
    case 'cleanup': {
      if (words.startsWith('removed (')) return { kind: 'canceled' };
      const [messageId] = take(/^(?:resent-)?message-id=<?(.*?)>?$/);
      return messageId === undefined ? undefined : { kind: 'message-id', messageId };
    }
    case 'bounce': {
      const [what, by] = take(/^(sender .* notification): (\w+)$/);
      return what === undefined || by === undefined ? undefined : { kind: 'notified', what, by };
    }
    case 'postsuper':
      return words === 'removed' ? { kind: 'deleted' } : undefined;
    case 'qmgr':
      return readQueueManager(words);
    default:
      return undefined;
  }
}

function readQueueManager(words: string): Step | undefined {
  if (words === 'removed') return { kind: 'removed' };
  const [, sender, rest = ''] = /^from=<(.*?)>, (.*)$/.exec(words) ?? [];
  const from = sender === undefined ? undefined : unmarked(sender);
  if (from === undefined) return undefined;
  if (/^status=(force-)?expired/.test(rest)) return { kind: 'expired', from };
  const [, size] = /^size=(\d+), nrcpt=\d+/.exec(rest) ?? [];
  return size === undefined ? undefined : { kind: 'queued', from, size: Number(size) };
}
