import type { LogLine } from './line.ts';
import { readUnfit } from './unfit.ts';

/** What became of one recipient in one attempt (the `status=` of a delivery agent). */
export type DeliveryStatus = 'sent' | 'deferred' | 'bounced' | 'expired' | 'other';

/** One attempt to deliver a message to one recipient. */
export interface Attempt {
  readonly kind: 'attempt';
  readonly id: string;
  readonly to: string;
  /** The recipient as it was before it was redirected; undefined when it was not. */
  readonly origTo: string | undefined;
  /** `mail.isp.example[192.0.2.1]:587`, `virtual`, or `none` when no server was reached. */
  readonly relay: string;
  readonly service: string | undefined;
  readonly status: DeliveryStatus;
  /** The server's answer, or why there was none. */
  readonly reason: string;
}

/** A message, or one of its recipients, that was not taken in. */
export interface Refusal {
  readonly kind: 'refused';
  /** Undefined when no recipient of the message had been taken before (NOQUEUE). */
  readonly id: string | undefined;
  /** `RCPT`, `MAIL`, `DATA`, `END-OF-MESSAGE`, `header` …; `SESSION` when it came to none of them. */
  readonly stage: string;
  readonly client: string;
  readonly reply: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** What a line of the log says has happened. */
export type LogEvent =
  | { readonly kind: 'client'; readonly id: string; readonly client: string }
  | { readonly kind: 'program'; readonly id: string; readonly from: string }
  | { readonly kind: 'message-id'; readonly id: string; readonly messageId: string }
  | {
      readonly kind: 'queued';
      readonly id: string;
      readonly from: string;
      readonly size: number;
    }
  | { readonly kind: 'expired'; readonly id: string; readonly from: string }
  | Attempt
  | Refusal
  | { readonly kind: 'notified'; readonly id: string; readonly what: string; readonly by: string }
  | { readonly kind: 'too large'; readonly id: string }
  | { readonly kind: 'put off'; readonly client: string }
  | { readonly kind: 'canceled'; readonly id: string }
  | { readonly kind: 'deleted'; readonly id: string }
  | { readonly kind: 'removed'; readonly id: string };

/** An event, and when it was. */
export type Timed<E extends LogEvent = LogEvent> = E & { readonly time: Date };

/** An ID of a queue file: hexadecimal, or the long form (enable_long_queue_ids in postconf(5)). */
const WITH_ID = /^([0-9A-F]{6,}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{11,}): (.*)$/s;

const STATUSES: readonly DeliveryStatus[] = ['sent', 'deferred', 'bounced', 'expired'];

/** `unknown[192.0.2.1]` is nobody whose name was looked up: the address says all. */
const clientName = (text: string): string => text.replace(/^unknown\[(.*)\]$/, '$1');

/** Reads what the programs of Postfix say; undefined for lines that tell nothing of mail. */
export function readEvent({ program, service, text }: LogLine): LogEvent | undefined {
  const refusal = readRefusal(text);
  if (refusal !== undefined) return refusal;
  if (program === 'smtpd') {
    const putOff = /^warning: Message delivery request rate limit exceeded: \d+ from (\S+)/.exec(
      text,
    );
    if (putOff !== null) return { kind: 'put off', client: clientName(putOff[1] ?? '') };
    const [, tooLarge] = /^warning: (\w+): queue file size limit exceeded/.exec(text) ?? [];
    if (tooLarge !== undefined) return { kind: 'too large', id: tooLarge };
    const unfit = readUnfit(text, clientName);
    if (unfit !== undefined) return unfit;
  }
  const [, id, words = ''] = WITH_ID.exec(text) ?? [];
  if (id === undefined) return undefined;
  return readAttempt(id, service, words) ?? readStep(program, id, words);
}

/** What log_whatsup in smtpd_check.c writes, and cleanup_message.c for what it finds in a message. */
const BY_SMTPD = /^(\w+): reject: (\S+) from (\S+): (.*?)(?:;((?: \w+=\S*)+))?$/s;
const BY_CLEANUP = /^(\w+): reject: (\S+) .*? from (\S+?);((?: \w+=\S*)+?): (.*)$/s;

function readRefusal(text: string): Refusal | undefined {
  const bySmtpd = BY_SMTPD.exec(text);
  const byCleanup = BY_CLEANUP.exec(text);
  const [, id, stage = '', client = '', ...rest] = bySmtpd ?? byCleanup ?? [];
  if (id === undefined) return undefined;
  const [reply = '', facts = ''] = bySmtpd === null ? rest.reverse() : rest;
  const address = (name: string): string | undefined =>
    new RegExp(` ${name}=<([^>]*)>`).exec(facts)?.[1];
  return {
    kind: 'refused',
    id: id === 'NOQUEUE' ? undefined : id,
    stage,
    client: clientName(client),
    reply,
    from: address('from'),
    to: address('to'),
  };
}

/** `to=<a>, orig_to=<b>, relay=…, delay=…, dsn=…, status=sent (250 …)` (log_adhoc in its source). */
function readAttempt(id: string, service: string | undefined, words: string): Attempt | undefined {
  const [, to, origTo, relay = 'none', status, reason = ''] =
    /^to=<(.*?)>, (?:orig_to=<(.*?)>, )?relay=(.*?), (?:\w+=[^,]*, )*?status=([\w-]+)(?: \((.*)\))?$/s.exec(
      words,
    ) ?? [];
  if (to === undefined) return undefined;
  return {
    kind: 'attempt',
    id,
    to,
    origTo,
    relay,
    service,
    status: STATUSES.find((one) => one === status) ?? 'other',
    reason,
  };
}

function readStep(program: string, id: string, words: string): LogEvent | undefined {
  const take = (pattern: RegExp): readonly string[] | undefined =>
    pattern.exec(words)?.slice(1) ?? undefined;
  switch (program) {
    case 'smtpd': {
      const [client] = take(/^client=([^,]*)/) ?? [];
      return client === undefined ? undefined : { kind: 'client', id, client: clientName(client) };
    }
    case 'pickup': {
      const [from] = take(/^uid=\d+ from=<(.*?)>/) ?? [];
      return from === undefined ? undefined : { kind: 'program', id, from };
    }
    case 'cleanup': {
      if (words.startsWith('removed (')) return { kind: 'canceled', id };
      const [messageId] = take(/^(?:resent-)?message-id=<?(.*?)>?$/) ?? [];
      return messageId === undefined ? undefined : { kind: 'message-id', id, messageId };
    }
    case 'bounce': {
      const [what, by] = take(/^(sender .* notification): (\w+)$/) ?? [];
      return what === undefined || by === undefined
        ? undefined
        : { kind: 'notified', id, what, by };
    }
    case 'postsuper':
      return words === 'removed' ? { kind: 'deleted', id } : undefined;
    case 'qmgr':
      return readQueueManager(id, words);
    default:
      return undefined;
  }
}

function readQueueManager(id: string, words: string): LogEvent | undefined {
  if (words === 'removed') return { kind: 'removed', id };
  const [, from, rest = ''] = /^from=<(.*?)>, (.*)$/.exec(words) ?? [];
  if (from === undefined) return undefined;
  if (/^status=(force-)?expired/.test(rest)) return { kind: 'expired', id, from };
  const [, size] = /^size=(\d+), nrcpt=\d+/.exec(rest) ?? [];
  return size === undefined ? undefined : { kind: 'queued', id, from, size: Number(size) };
}
