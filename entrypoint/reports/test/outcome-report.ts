import { advise } from '../../advice/advice.ts';
import { readRefusal } from '../../advice/foreign/client.ts';
import { readDelivery } from '../../advice/foreign/delivery.ts';
import type { Trouble } from '../../advice/trouble.ts';
import { queuedMessage, queueOf } from '../../postfix/running/list-queue.ts';
import { serverFor, serversOf } from '../../probe/servers.ts';
import { type Say, type Sentence, words } from '../../settings/naming/sentence.ts';
import type { Settings } from '../../settings/settings.ts';
import { aboutServer } from '../about.ts';
import { withSender } from '../status/waiting.ts';
import { deliveredWords, destinationOf } from './destination.ts';
import { follow, type Look, type Outcome } from './follow.ts';
import type { HandedIn } from './hand-in.ts';
import type { TestMail } from './test-mail.ts';

/** Longer than Postfix waits for a connection (smtp_connect_timeout), twice. */
const PATIENCE_MS = 70_000;

/** The report of `hikyaku test`. */
export interface OutcomeReport {
  readonly ok: boolean;
  readonly id?: string;
  readonly fate: Outcome['kind'] | 'refused';
  /** The meaning in a sentence. */
  readonly words: Sentence;
  /** In the words of Postfix or of the server. */
  readonly reason?: string;
  readonly trouble?: Trouble;
  readonly remedy?: Sentence;
  /** The Maildirs of this relay that it was delivered into. */
  readonly mailboxes?: readonly string[];
}

type Addresses = Pick<TestMail, 'from' | 'to'>;

const LOOK: Look = { queueOf, entryOf: queuedMessage };

/** Follows a mail that was handed in, and tells what became of it. */
export async function outcomeReport(
  handedIn: HandedIn,
  addresses: Addresses,
  settings: Settings,
): Promise<OutcomeReport> {
  if ('refused' in handedIn) {
    const reason = handedIn.refused;
    const trouble = readRefusal(reason);
    const { remedy } = advise(trouble, aboutServer(undefined));
    return {
      ok: false,
      fate: 'refused',
      words: words`this relay itself did not take it`,
      reason,
      trouble,
      remedy,
    };
  }
  const { id, log, second } = handedIn;
  try {
    const first = await follow(id, log, LOOK, PATIENCE_MS);
    const next = first.kind === 'delivered' ? second?.found : undefined;
    if (next !== undefined) {
      const outcome = await follow(next.id, next.log, LOOK, PATIENCE_MS);
      return { id, ...(await told(next.id, outcome, addresses, settings)) };
    }
    const isMissed =
      first.kind === 'delivered' && second !== undefined && (await isSigned(addresses));
    const outcome: Outcome = isMissed ? { kind: 'unknown' } : first;
    return { id, ...(await told(id, outcome, addresses, settings)) };
  } finally {
    log?.close();
    second?.[Symbol.dispose]();
  }
}

const isSigned = async ({ from, to }: Addresses): Promise<boolean> =>
  (await destinationOf(from, to)).isSigned;

async function told(
  id: string,
  outcome: Outcome,
  { from, to }: Addresses,
  settings: Settings,
): Promise<OutcomeReport> {
  const { kind } = outcome;
  const failed = { ok: false, fate: kind };
  switch (outcome.kind) {
    case 'delivered': {
      const destination = await destinationOf(from, to);
      const { mailboxes } = destination;
      return { ok: true, fate: kind, words: words`${deliveredWords(destination)}`, mailboxes };
    }
    case 'bounced': {
      const [{ reason } = { reason: '' }] = outcome.bounces;
      const all = outcome.bounces.map((one) => `${one.recipient}: ${one.reason}`).join('; ');
      return { ...failed, ...failure('came back', reason, from, settings, true), reason: all };
    }
    case 'deferred': {
      const { reason } = outcome;
      return {
        ...failed,
        ...failure(`waits in the queue as ${id}`, reason, from, settings, false),
      };
    }
    case 'held':
      return { ...failed, words: words`held in the queue: "hikyaku queue release ${id}"` };
    case 'pending':
      return {
        ...failed,
        words: words`still being delivered; "hikyaku doctor" looks for what holds it up`,
      };
    case 'unknown':
      return {
        ...failed,
        words: words`left the queue; whether it was delivered stands in the log, under ${id}`,
      };
  }
}

function failure(
  what: string,
  reason: string,
  from: string,
  settings: Settings,
  isReturned: boolean,
): Pick<OutcomeReport, 'words' | 'reason' | 'trouble' | 'remedy'> {
  const server = serverFor(serversOf(settings), from);
  const trouble = withSender(readDelivery(reason), from);
  const { cause, remedy } = advise(trouble, { ...aboutServer(server), isReturned });
  return {
    words: words`${what}: ${cause}`,
    reason,
    ...(trouble === undefined ? {} : { trouble }),
    remedy,
  };
}

/** The answer for people. */
export const outcomeLines = (report: OutcomeReport, say: Say): readonly string[] => [
  say(report.words),
  ...(report.remedy === undefined ? [] : [`  -> ${say(report.remedy)}`]),
  ...(report.reason === undefined ? [] : [`  in its own words: ${report.reason}`]),
];
