import { ageWords } from '../../../postfix/queue-entry.ts';
import type {
  BouncedGroup,
  LogSummary,
  RefusedGroup,
} from '../../../reports/status/log-summary.ts';
import type { WaitingReport } from '../../../reports/status/status-report.ts';
import { some, stamp } from '../../../reports/words.ts';
import { type Html, html } from '../html.ts';
import type { State } from '../sources.ts';
import { type Listed, mailTable } from './mail-table.ts';
import { english, page, say, type View } from './view.ts';

/** The data of the first page; the last three are null without a history. */
export interface Overview {
  readonly state: State;
  readonly lately: LogSummary | null;
  readonly lastMail: readonly Listed[] | null;
  /** Whether the history is kept, and cannot be read now. */
  readonly isHistoryAway: boolean;
  /** The number of doctor's checks with trouble. */
  readonly wrong: number;
}

/** Maximum number of groups; `hikyaku status` and the history show the others. */
const MOST = 10;
const MOST_IDS = 5;

/** One look: whether mail gets out, what waits and why, what went wrong lately. */
export function overview(
  view: View,
  { state, lately, lastMail, isHistoryAway, wrong }: Overview,
): Html {
  const { words, link } = view;
  const { verdict, queue } = state;
  return page(
    view,
    words.verdict[verdict.state],
    '/',
    html`<section class="verdict ${verdict.state}">
<h1>${words.verdict[verdict.state]}</h1>
${verdictFacts(view, state).map((fact) => html`<p>${fact}</p>\n`)}${lastDelivery(view, lately)}${wrong === 0 ? '' : html`<p><a href="${link('/checks')}">${words.wrongThings(wrong)}</a></p>\n`}</section>
${section(
  words.waits,
  (queue?.waiting ?? []).map((one) => waitingItem(view, one, lastMail !== null)),
)}
${section(
  words.returned,
  (lately?.bounced ?? []).map((one) => bouncedItem(view, one)),
)}
${section(
  words.refused,
  (lately?.refused ?? []).map((one) => refusedItem(view, one)),
)}
<section>
<h2>${words.lastMail}</h2>
${lastMail === null ? html`<p>${isHistoryAway ? words.historyAway : words.noHistory}</p>` : mailTable(view, lastMail)}
</section>`,
  );
}

function verdictFacts({ words }: View, { verdict, queue }: State): readonly string[] {
  const { untried = 0, held = 0 } = queue ?? {};
  return [
    ...(verdict.count > 0 ? [words.stuckFor(verdict.count, ageWords(verdict.seconds))] : []),
    ...(verdict.state === 'ok' && untried + held === 0 ? [words.nothingWaits] : []),
    ...(untried > 0 ? [words.moving(untried)] : []),
    ...(held > 0 ? [words.held(held)] : []),
  ];
}

function lastDelivery({ words }: View, lately: LogSummary | null): Html {
  if (lately === null) return html``;
  const { lastDelivery: last } = lately;
  if (last === null) return html`<p>${words.noDelivery}</p>\n`;
  return html`<p>${words.lastDelivery(stamp(last.time), last.to, last.relay)}</p>\n`;
}

const section = (title: string, items: readonly Html[]): Html =>
  items.length === 0
    ? html``
    : html`<section>\n<h2>${title}</h2>\n${items.slice(0, MOST)}</section>`;

/** A heading, and what is to be known about it. */
const item = (title: string, facts: readonly (readonly [name: string, value: Html])[]): Html =>
  html`<article>
<h3>${title}</h3>
<dl>
${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
</article>
`;

function waitingItem(view: View, group: WaitingReport, hasHistory: boolean): Html {
  const { words, link } = view;
  const { count, server, oldest, cause, remedy, reason, ids } = group;
  const named = ids
    .slice(0, MOST_IDS)
    .map((id) =>
      hasHistory
        ? html`<a href="${link('/history', { q: id })}"><code>${id}</code></a> `
        : html`<code>${id}</code> `,
    );
  return item(
    [
      words.messages(count),
      ...(server === undefined ? [] : [server]),
      words.oldest(ageWords(oldest)),
    ].join(', '),
    [
      [words.cause, english(say(cause))],
      [words.remedy, english(say(remedy))],
      [words.said, html`<code>${reason}</code>`],
      [words.theMessages, html`${named}`],
    ],
  );
}

const bouncedItem = ({ words }: View, group: BouncedGroup): Html =>
  item(
    `${words.messages(group.count)}, ${some(group.recipients, MOST_IDS)}, ${words.last(stamp(group.last))}`,
    [
      [words.cause, english(say(group.cause))],
      [words.remedy, english(say(group.remedy))],
      [words.said, html`<code>${group.reason}</code>`],
    ],
  );

const refusedItem = ({ words }: View, group: RefusedGroup): Html =>
  item(`${group.client}, ${words.times(group.count)}, ${words.last(stamp(group.last))}`, [
    ...(group.senders.length === 0
      ? []
      : [[words.from, html`${some(group.senders, MOST_IDS)}`] as const]),
    [words.cause, english(say(group.cause))],
    [words.remedy, english(say(group.remedy))],
    ...(group.reply === null ? [] : [[words.said, html`<code>${group.reply}</code>`] as const]),
  ]);
