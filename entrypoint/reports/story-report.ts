import { explainReason } from '../advice/reason-words.ts';
import { refusalRemedy } from '../advice/refusal-words.ts';
import type { Attempt, Refusal, Timed } from '../log/event.ts';
import type { Story } from '../log/story.ts';
import { lastAttempts, type Verdict, verdictOf } from '../log/verdict.ts';
import { ageWords } from '../postfix/queue-entry.ts';
import { type Server, serverFor, settingName } from '../probe/servers.ts';
import { placeWords } from './place-words.ts';
import { serviceWords, settingsOfService } from './service.ts';

/** One thing that happened to a message. */
export interface Step {
  readonly time: Date | undefined;
  readonly words: string;
  /** What Postfix or the server said. */
  readonly said?: string;
  readonly remedy?: string;
}

/** A story as it is told. */
export interface StoryReport {
  readonly id: string;
  readonly from: string | undefined;
  readonly to: readonly string[];
  readonly messageId: string | undefined;
  readonly steps: readonly Step[];
  readonly verdict: Verdict;
  readonly result: string;
  /** What went back to the sender because of it, each a message of its own. */
  readonly notices: readonly StoryReport[];
}

/** What the telling needs to know besides. */
export interface Background {
  readonly servers: readonly Server[];
  readonly queueKnown: boolean;
  /** The address that another becomes when mail leaves (generic), when that is known. */
  readonly leavesAs: (address: string) => string;
  readonly now: Date;
}

/** The recipients: of the attempts, or else of the queue. */
const recipientsOf = ({ attempts, queued }: Story): readonly string[] => [
  ...new Set([
    ...attempts.map(({ to }) => to),
    ...(queued?.recipients.map(({ address }) => address) ?? []),
  ]),
];

/** Tells a story: where the mail came from, what was rewritten, each attempt, and how it ended. */
export function storyReport(story: Story, background: Background): StoryReport {
  const verdict = verdictOf(story, background.queueKnown);
  return {
    id: story.id,
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
  return [{ time: start, words: `${originWords(origin, about)}${with_}` }];
}

function originWords(origin: Story['origin'], about: Story | undefined): string {
  if (about !== undefined) return `made by Postfix as a notice about ${about.id}`;
  switch (origin?.kind) {
    case 'client':
      return `handed in by ${origin.client}`;
    case 'program':
      return `handed in by sendmail in the container, by ${origin.from}`;
    case 'postfix':
      return 'made by Postfix: a notice to a sender';
    case undefined:
      return 'handed in before the log begins';
  }
}

/** Redirected recipients, and the addresses that the next server sees. */
function rewritingSteps(story: Story, { leavesAs }: Background): readonly Step[] {
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
  const outward = leaves
    ? [from ?? '', ...recipients]
        .filter((address) => address !== '')
        .map((address) => [address, leavesAs(address)])
        .filter(([before, after]) => before !== after)
    : [];
  const line = ([before, after]: readonly string[], why: string) =>
    `${before} -> ${after} (${why})`;
  const words = [
    ...submitted.map((pair) => line(pair, 'on coming in')),
    ...[...redirected, ...renamed].map((pair) =>
      line(pair, 'recipient, RELAY_VIRTUAL or RELAY_CANONICAL'),
    ),
    ...outward.map((pair) => line(pair, 'on leaving, RELAY_GENERIC as it is now')),
  ];
  return [...new Set(words)].map((one) => ({ time: undefined, words: `rewritten: ${one}` }));
}

function laterSteps(story: Story, background: Background): readonly Step[] {
  const steps: readonly Step[] = [
    ...story.refusals.map(refusalStep),
    ...story.attempts.map((attempt) => attemptStep(attempt, background)),
    ...story.notices.map(({ time, what, id }) => ({ time, words: `${what} sent as ${id}` })),
    ...(story.tooLarge === undefined ? [] : [tooLargeStep(story.tooLarge)]),
    ...(story.attempts.length === 0 ? waitingSteps(story, background) : []),
  ];
  const sorted = [...steps].sort((a, b) => (a.time?.getTime() ?? 0) - (b.time?.getTime() ?? 0));
  return sorted.map((step, index) => onlyLastRemedy(step, sorted.slice(index + 1)));
}

/** What to do is said once, at the last attempt that it is about. */
function onlyLastRemedy(step: Step, later: readonly Step[]): Step {
  if (!later.some(({ remedy }) => remedy === step.remedy)) return step;
  const { remedy: _, ...rest } = step;
  return rest;
}

const tooLargeStep = (time: Date): Step => ({
  time,
  words: 'refused: the message is larger than this relay takes',
  remedy: refusalRemedy('552'),
});

/** A refusal by this relay itself, with the setting that would let the mail in. */
export const refusalStep = ({ time, client, reply, from, to }: Timed<Refusal>): Step => ({
  time,
  words:
    `refused by this relay: ${client}` +
    `${from === undefined ? '' : `, from ${from || '<>'}`}${to === undefined ? '' : `, to ${to}`}`,
  said: reply,
  remedy: refusalRemedy(reply),
});

const STATUS_WORDS: Readonly<Record<Attempt['status'], string>> = {
  sent: 'delivered',
  deferred: 'not delivered this time',
  bounced: 'refused for good',
  expired: 'given up',
  other: 'tried',
};

function attemptStep(attempt: Timed<Attempt>, { servers }: Background): Step {
  const { time, to, relay, service, status, reason } = attempt;
  const isServer = relay.includes('[');
  const place = placeWords(relay) + (isServer ? serviceWords(service, servers) : '');
  const head = `${to}: ${STATUS_WORDS[status]}${place}`;
  if (status === 'sent') return { time, words: head, said: reason };
  const { cause, remedy } = explainReason(reason, settingsOfService(service, servers));
  return { time, words: `${head}: ${cause}`, said: reason, remedy };
}

/** Without a log the queue still tells why a message waits. */
function waitingSteps({ queued }: Story, { servers }: Background): readonly Step[] {
  const server = queued === undefined ? undefined : serverFor(servers, queued.sender);
  return (queued?.recipients ?? []).flatMap(({ address, reason }) => {
    if (reason === undefined) return [];
    const { cause, remedy } = explainReason(reason, settingName(server?.path ?? 'relay'));
    const words = `${address}: not delivered the last time: ${cause}`;
    return [{ time: undefined, words, said: reason, remedy }];
  });
}

function resultWords(story: Story, verdict: Verdict, { now }: Background): string {
  const sent = lastAttempts(story).filter(({ status }) => status === 'sent');
  const answers = [...new Set(sent.map(({ reason }) => reason))].join('; ');
  const last = story.notices.at(-1);
  const back =
    last === undefined
      ? 'nothing went back: it had no sender, or Postfix was told not to'
      : `it went back to its sender as ${last.id}`;
  switch (verdict) {
    case 'delivered':
      return `delivered (${answers})`;
    case 'partly delivered':
      return `delivered to ${sent.map(({ to }) => to).join(', ')}; for the others ${back}`;
    case 'returned':
      return `not delivered: ${back}`;
    case 'expired':
      return `not delivered within RELAY_QUEUE_LIFETIME: ${back}`;
    case 'waiting':
      return `still waiting${nextTryWords(story, now)}`;
    case 'being delivered':
      return 'being delivered now, or about to be';
    case 'on hold':
      return `on hold: "hikyaku queue release ${story.id}" lets it go`;
    case 'refused':
      return 'not taken: the client was told, or went away before the end';
    case 'deleted':
      return 'deleted from the queue by hand';
    case 'unknown':
      return 'it has left the queue, and this log does not say how';
  }
}

function nextTryWords({ file, id }: Story, now: Date): string {
  const retry = `"hikyaku queue retry ${id}" tries at once`;
  if (file?.nextTry === undefined) return `; ${retry}`;
  const seconds = (file.nextTry - now.getTime()) / 1000;
  const when =
    seconds <= 0 ? 'with the next look at the queue, within 5 min' : `in ${ageWords(seconds)}`;
  return `, next try ${when}; ${retry}`;
}
