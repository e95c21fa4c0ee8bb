import { ageWords, type QueuedMessage, reasonOf } from '../../../postfix/queue-entry.ts';
import { some } from '../../../reports/words.ts';
import { ACTIONS, type Action } from '../attendant.ts';
import { type Html, html } from '../html.ts';
import type { Words } from '../words.ts';
import { languageField, page, type View } from './view.ts';

/** One page of the queue. */
export interface QueueSheet {
  readonly text: string;
  /** From 0. */
  readonly sheet: number;
  readonly messages: readonly QueuedMessage[];
  readonly hasMore: boolean;
  /** The number of queued messages that the page does not list. */
  readonly unlisted: number;
  /** Whether Postfix lists its queue. */
  readonly isKnown: boolean;
  readonly areAllChosen: boolean;
  readonly hasHistory: boolean;
  /** The last action, and the number of its messages. */
  readonly done:
    | { readonly what: Action | 'retry-all' | 'nothing'; readonly count: number }
    | undefined;
  /** In seconds since 1970. */
  readonly now: number;
}

const MOST_RECIPIENTS = 3;

/** The queue, message by message; with a password also the forms for actions. */
export function queueView(view: View, queue: QueueSheet): Html {
  const { words, link, token } = view;
  const { text, sheet, hasMore, unlisted, isKnown, done } = queue;
  const sheetLink = (number: number): string => link('/queue', { q: text, sheet: String(number) });
  return page(
    view,
    words.queue,
    '/queue',
    html`<h1>${words.queue}</h1>
${done === undefined ? '' : html`<p class="done" role="status">${words.done[done.what](done.count)}</p>\n`}<form class="search" action="/queue" method="get" role="search">
${languageField(view)}<label>${words.queueSearch} <input type="search" name="q" value="${text}" maxlength="320"></label>
<button>${words.search}</button>
</form>
${isKnown ? list(view, queue) : html`<p>${words.verdict.unknown}</p>`}
${unlisted > 0 ? html`<p class="hint">${words.unlisted(unlisted)}</p>\n` : ''}${token === undefined ? html`<p class="hint">${words.readOnly}</p>\n` : ''}<nav class="sheets">${sheet > 0 ? html`<a rel="prev" href="${sheetLink(sheet - 1)}">${words.back}</a> ` : ''}${hasMore ? html`<a rel="next" href="${sheetLink(sheet + 1)}">${words.further}</a>` : ''}</nav>`,
  );
}

function list(view: View, queue: QueueSheet): Html {
  const { words, token } = view;
  const { messages, text } = queue;
  if (messages.length === 0) return html`<p>${text === '' ? words.nothingWaits : words.none}</p>`;
  if (token === undefined) return table(view, queue);
  return html`<form class="deal" action="/queue" method="post">
${hidden(view, token)}${actionBar(view, queue)}
${table(view, queue)}
</form>`;
}

function actionBar({ words, link }: View, { text, sheet, areAllChosen }: QueueSheet): Html {
  const parameters = { q: text, sheet: String(sheet), ...(areAllChosen ? {} : { all: '1' }) };
  return html`<div class="bar">
${ACTIONS.map((action) => html`<button name="action" value="${action}"${action === 'delete' ? html` class="grave"` : ''}>${words.actions[action]}</button>\n`)}<a href="${link('/queue', parameters)}">${areAllChosen ? words.chooseNone : words.chooseAll}</a>
<button class="apart" name="action" value="retry-all">${words.retryAll}</button>
</div>`;
}

function table(view: View, queue: QueueSheet): Html {
  const { words, token } = view;
  const heads = [words.message, words.from, words.to, words.why];
  return html`<table>
<thead><tr>${token === undefined ? '' : html`<td></td>`}${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${queue.messages.map((message) => row(view, queue, message))}</tbody>
</table>`;
}

function row(view: View, queue: QueueSheet, message: QueuedMessage): Html {
  const { words, token, link } = view;
  const { id, sender, arrival } = message;
  const isChosen = queue.areAllChosen ? html` checked` : '';
  const code = html`<code>${id}</code>`;
  return html`<tr>${token === undefined ? '' : html`<td class="choice"><input type="checkbox" name="id" value="${id}" aria-label="${words.choose(id)}"${isChosen}></td>`}<td class="id">${queue.hasHistory ? html`<a href="${link('/history', { q: id })}">${code}</a>` : code}<br><span class="state ${message.queue}">${stateWords(words, message.queue)}</span> <span class="faint">${ageWords(Math.max(0, queue.now - arrival))}</span></td><td data-name="${words.from}">${sender || '<>'}</td><td data-name="${words.to}">${recipientsOf(message)}</td><td class="reason" data-name="${words.why}">${reasonOf(message) ?? ''}</td></tr>\n`;
}

const stateWords = ({ queues }: Words, queue: string): string =>
  Object.entries(queues).find(([name]) => name === queue)?.[1] ?? queue;

const recipientsOf = ({ recipients }: QueuedMessage): string =>
  some(
    recipients.map(({ address }) => address),
    MOST_RECIPIENTS,
  );

const hidden = (view: View, token: string): Html =>
  html`${languageField(view)}<input type="hidden" name="token" value="${token}">\n`;

/** Asks before messages are deleted. */
export function questionView(view: View, messages: readonly QueuedMessage[]): Html {
  const { words, link, token = '' } = view;
  const title = words.deleteQuestion(messages.length);
  return page(
    view,
    title,
    '/queue',
    html`<h1>${title}</h1>
<p>${words.deleteMeans}</p>
<ul>
${messages.map((one) => html`<li><code>${one.id}</code> ${one.sender || '<>'} → ${recipientsOf(one)}</li>\n`)}</ul>
<form action="/queue" method="post">
${hidden(view, token)}<input type="hidden" name="sure" value="yes">
${messages.map(({ id }) => html`<input type="hidden" name="id" value="${id}">\n`)}<button name="action" value="delete" class="grave">${words.actions.delete}</button>
<a href="${link('/queue')}">${words.cancel}</a>
</form>`,
  );
}
