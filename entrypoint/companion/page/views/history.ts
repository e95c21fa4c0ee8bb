import { STATUSES } from '../../../log/history-message.ts';
import { type Html, html } from '../html.ts';
import { type Listed, mailTable } from './mail-table.ts';
import { page, type View } from './view.ts';

/** The search in the address. */
export interface Query {
  readonly text: string;
  readonly status: string;
  /** From 0. */
  readonly sheet: number;
}

/** The history: a search, and one page of its results. */
export function historyView(
  view: View,
  { text, status, sheet }: Query,
  messages: readonly Listed[],
  hasMore: boolean,
): Html {
  const { words, link, language } = view;
  const sheetLink = (number: number): string =>
    link('/history', { q: text, status, sheet: String(number) });
  const option = (value: string, name: string): Html =>
    html`<option value="${value}"${value === status ? html` selected` : ''}>${name}</option>`;
  return page(
    view,
    words.history,
    '/history',
    html`<h1>${words.history}</h1>
<form class="search" action="/history" method="get" role="search">
<input type="hidden" name="lang" value="${language}">
<label>${words.searchHint} <input type="search" name="q" value="${text}" maxlength="320"></label>
<label>${words.status} <select name="status">${option('', words.anyStatus)}${STATUSES.map((one) => option(one, words.statuses[one]))}</select></label>
<button>${words.search}</button>
</form>
${mailTable(view, messages)}
<nav class="sheets">${sheet > 0 ? html`<a rel="prev" href="${sheetLink(sheet - 1)}">${words.newer}</a> ` : ''}${hasMore ? html`<a rel="next" href="${sheetLink(sheet + 1)}">${words.older}</a>` : ''}</nav>`,
  );
}
