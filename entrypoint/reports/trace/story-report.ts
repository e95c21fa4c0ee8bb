import { type Advice, advise } from '../../advice/advice.ts';
import { readDelivery } from '../../advice/foreign/delivery.ts';
import type { Trouble } from '../../advice/trouble.ts';
import type { Attempt, Refusal } from '../../log/event.ts';
import type { Story } from '../../log/story.ts';
import { lastAttempts, type Verdict, verdictOf } from '../../log/verdict.ts';
import { SIGN } from '../../postfix/inside-services.ts';
import { ageWords } from '../../postfix/queue-entry.ts';
import { type Server, serverFor } from '../../probe/servers.ts';
import { type Sentence, setting, words } from '../../settings/naming/sentence.ts';
import { aboutServer, aboutService, serviceWords } from '../about.ts';
import { withSender } from '../status/waiting.ts';
import { placeWords } from '../words.ts';

/** One thing that happened to a message. */
export interface Step {
  readonly kind: 'origin' | 'rewritten' | 'refused' | 'signed' | 'handed-on' | 'attempt' | 'notice';
  readonly time: Date | undefined;
  readonly words: Sentence;
  /** The text from Postfix or the server. */
  readonly said?: string;
  readonly trouble?: Trouble;
  readonly remedy?: Sentence;
}

/** The report of a story. */
export interface StoryReport {
  readonly id: string;
  readonly start: Date | undefined;
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly messageId: string | undefined;
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  readonly result: Sentence;
  /** The bounces to the sender, each a message of its own. */
  readonly notices: readonly StoryReport[];
}

/** The context of the report. */
export interface Background {
  readonly servers: readonly Server[];
  readonly queueKnown: boolean;
  /** The address that another becomes when mail leaves (generic), when that is known. */
  readonly leavesAs: (address: string) => string;
  /** The address that a sender's mail leaves as by `send_as`; undefined without one. */
  readonly sentAs: (sender: string) => string | undefined;
  readonly now: Date;
}

/** The recipients, before they are rewritten on leaving: of the attempts, or else of the queue. */
function recipientsOf({ id, attempts, queued }: Story): readonly string[] {
  const first = attempts.filter((attempt) => attempt.id === id);
  const isRewritten = first.length > 0 && queued?.id !== id;
  return [
    ...new Set([
      ...(first.length > 0 ? first : attempts).map(({ to }) => to),
      ...(isRewritten ? [] : (queued?.recipients ?? []).map(({ address }) => address)),
    ]),
  ];
}

/** Tells a story: where the mail came from, what was rewritten, each attempt, and how it ended. */
export function storyReport(story: Story, background: Background): StoryReport {
  const verdict = verdictOf(story, background.queueKnown);
  return {
    id: story.id,
    start: story.start,
    from: story.from,
    to: recipientsOf(story),
    messageId: story.messageId,
    steps: [
      ...originSteps(story),
      ...rewritingSteps(story, background),
      ...laterSteps(story, background),
    ],
    verdict,
    result: resultWords(story, verdict, background),
    notices: story.notices.flatMap((notice) =>
      notice.story === undefined ? [] : [storyReport(notice.story, background)],
    ),
  };
}

function originSteps({ origin, start, messageId, size, about }: Story): readonly Step[] {
  const facts = [
    messageId === undefined ? '' : `message-id <${messageId}>`,
    size === undefined ? '' : `${size} bytes`,
  ].filter((fact) => fact !== '');
  const with_ = facts.length === 0 ? '' : `: ${facts.join(', ')}`;
  return [{ kind: 'origin', time: start, words: words`${originWords(origin, about)}${with_}` }];
}

function originWords(origin: Story['origin'], about: Story | undefined): string {
  if (about !== undefined) return `made by Postfix as a notice about ${about.id}`;
  switch (origin?.kind) {
    case 'client':
      return `handed in by ${origin.client}${origin.login === undefined ? '' : `, logged in as ${origin.login}`}`;
    case 'program':
      return `handed in by sendmail in the container, by ${origin.from}`;
    case 'postfix':
      return 'made by Postfix: a notice to a sender';
    case undefined:
      return 'handed in before the log begins';
  }
}

/** Redirected recipients, and the addresses that the next server sees. */
function rewritingSteps(story: Story, { leavesAs, sentAs }: Background): readonly Step[] {
  const { attempts, from, origin, file, queued } = story;
  const redirected = attempts.flatMap(({ to, origTo }) =>
    origTo === undefined ? [] : [[origTo, to]],
  );
  const recipients = recipientsOf(story);
  const renamed = (file?.originals ?? [])
    .filter((original) => queued?.recipients.length === 1 && !recipients.includes(original))
    .map((original) => [original, recipients[0] ?? '']);
  const submitted =
    origin?.kind === 'program' && from !== undefined && origin.from !== from
      ? [[origin.from, from]]
      : [];
  const leaves = attempts.length === 0 || attempts.some(({ relay }) => relay.includes('['));
  const sender = from === undefined || from === '' || !leaves ? undefined : sentAs(from);
  const sentOn = sender === undefined || sender === from ? [] : [[from ?? '', sender]];
  const outward = leaves
    ? [sender === undefined ? (from ?? '') : '', ...recipients]
        .filter((address) => address !== '')
        .map((address) => [address, leavesAs(address)])
        .filter(([before, after]) => before !== after)
    : [];
  const VIRTUAL = words`recipient, ${setting('virtual')} or ${setting('canonical')}`;
  const all = [
    ...submitted.map((pair) => ({ pair, why: words`on coming in` })),
    ...[...redirected, ...renamed].map((pair) => ({ pair, why: VIRTUAL })),
    ...sentOn.map((pair) => ({
      pair,
      why: words`sender on leaving, ${setting('send_as')} as it is now`,
    })),
    ...outward.map((pair) => ({
      pair,
      why: words`on leaving, ${setting('generic')} as it is now`,
    })),
  ];
  const once = new Map(all.map(({ pair, why }) => [pair.join(' '), { pair, why }]));
  return [...once.values()].map(({ pair: [before = '', after = ''], why }) => ({
    kind: 'rewritten',
    time: undefined,
    words: words`rewritten: ${before} -> ${after} (${why})`,
  }));
}

function laterSteps(story: Story, background: Background): readonly Step[] {
  const steps: readonly Step[] = [
    ...story.refusals.map(refusalStep),
    ...story.attempts
      .filter((attempt, index, all) => !isSameHandOver(attempt, all[index - 1]))
      .map((attempt) => attemptStep(attempt, story, background)),
    ...story.notices.map(
      ({ time, what, id }): Step => ({
        kind: 'notice',
        time,
        words: words`${what} sent as ${id}`,
      }),
    ),
    ...(story.attempts.length === 0 ? waitingSteps(story, background) : []),
  ];
  const sorted = [...steps].sort((a, b) => (a.time?.getTime() ?? 0) - (b.time?.getTime() ?? 0));
  return sorted.map((step, index) => onlyLastRemedy(step, sorted.slice(index + 1)));
}

/** Several recipients go on under one ID. */
const isSameHandOver = ({ handedTo }: Attempt, before: Attempt | undefined): boolean =>
  handedTo !== undefined && handedTo === before?.handedTo;

/** The remedy appears once, at the last attempt that needs it. */
function onlyLastRemedy(step: Step, later: readonly Step[]): Step {
  const { remedy, ...rest } = step;
  const isSaidLater = later.some((one) => isSame(one.remedy, remedy));
  return remedy !== undefined && isSaidLater ? rest : step;
}

const isSame = (a: Sentence | undefined, b: Sentence | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** A refusal by this relay itself, with the setting that would let the mail in. */
export function refusalStep({ time, client, reply, from, to, trouble }: Refusal): Step {
  const { cause, remedy } = advise(trouble, aboutServer(undefined));
  const who = [
    client ?? '',
    from === undefined ? '' : `from ${from || '<>'}`,
    to === undefined ? '' : `to ${to}`,
  ].filter((one) => one !== '');
  return {
    kind: 'refused',
    time,
    words: words`refused by this relay: ${[...who, ''].join(', ').replace(/, $/, ': ')}${cause}`,
    ...(reply === undefined ? {} : { said: reply }),
    trouble,
    remedy,
  };
}

const STATUS_WORDS: Readonly<Record<Attempt['status'], string>> = {
  sent: 'delivered',
  deferred: 'not delivered this time',
  bounced: 'refused for good',
  expired: 'given up',
  other: 'tried',
};

function attemptStep(attempt: Attempt, story: Story, { servers }: Background): Step {
  const { time, to, relay, service, status, reason, handedTo } = attempt;
  if (handedTo !== undefined) {
    return service === SIGN
      ? { kind: 'signed', time, words: words`passed the signer, and goes on as ${handedTo}` }
      : {
          kind: 'handed-on',
          time,
          words: words`goes on to the backup that has a sender of its own, as ${handedTo}`,
        };
  }
  const isServer = relay.includes('[');
  const place = placeWords(relay) + (isServer ? serviceWords(service, servers) : '');
  const head = `${to}: ${STATUS_WORDS[status]}${place}`;
  if (status === 'sent') return { kind: 'attempt', time, words: words`${head}`, said: reason };
  const trouble = withSender(attempt.trouble, story.from ?? '');
  const isReturned = status === 'bounced' || status === 'expired' || story.expired !== undefined;
  const advice = advise(trouble, { ...aboutService(service, servers), isReturned });
  return { ...failed(advice, trouble), time, words: words`${head}: ${advice.cause}`, said: reason };
}

const failed = ({ remedy }: Advice, trouble: Trouble | undefined) => ({
  kind: 'attempt' as const,
  remedy,
  ...(trouble === undefined ? {} : { trouble }),
});

/** The queue shows why a message waits, even without a log. */
function waitingSteps({ queued }: Story, { servers }: Background): readonly Step[] {
  const server = queued === undefined ? undefined : serverFor(servers, queued.sender);
  return (queued?.recipients ?? []).flatMap(({ address, reason }) => {
    if (reason === undefined) return [];
    const trouble = withSender(readDelivery(reason), queued?.sender ?? '');
    const advice = advise(trouble, aboutServer(server));
    return [
      {
        ...failed(advice, trouble),
        time: undefined,
        words: words`${address}: not delivered the last time: ${advice.cause}`,
        said: reason,
      },
    ];
  });
}

function resultWords(story: Story, verdict: Verdict, { now }: Background): Sentence {
  const sent = lastAttempts(story).filter(({ status }) => status === 'sent');
  const answers = [...new Set(sent.map(({ reason }) => reason))].join('; ');
  const last = story.notices.at(-1);
  const back =
    last === undefined
      ? 'nothing went back: it had no sender, or Postfix was told not to'
      : `it went back to its sender as ${last.id}`;
  switch (verdict) {
    case 'delivered':
      return words`delivered (${answers})`;
    case 'partly delivered':
      return words`delivered to ${sent.map(({ to }) => to).join(', ')}; for the others ${back}`;
    case 'returned':
      return words`not delivered: ${back}`;
    case 'expired':
      return words`not delivered within ${setting('queue_lifetime')}: ${back}`;
    case 'waiting':
      return words`still waiting${nextTryWords(story, now)}`;
    case 'being delivered':
      return words`being delivered now, or about to be`;
    case 'on hold':
      return words`on hold: "hikyaku queue release ${story.queued?.id ?? story.id}" lets it go`;
    case 'refused':
      return words`not taken: the client was told, or went away before the end`;
    case 'deleted':
      return words`deleted from the queue by hand`;
    case 'unknown':
      return words`it has left the queue, and this log does not say how`;
  }
}

function nextTryWords({ file, queued, id }: Story, now: Date): string {
  const retry = `"hikyaku queue retry ${queued?.id ?? id}" tries at once`;
  if (file?.nextTry === undefined) return `; ${retry}`;
  const seconds = (file.nextTry - now.getTime()) / 1000;
  const when =
    seconds <= 0 ? 'with the next look at the queue, within 5 min' : `in ${ageWords(seconds)}`;
  return `, next try ${when}; ${retry}`;
}
