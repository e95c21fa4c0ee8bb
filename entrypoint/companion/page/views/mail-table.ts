import type { HistoryEntry } from '../../../reports/history/history-report.ts';
import { some, stamp } from '../../../reports/words.ts';
import { type Html, html } from '../html.ts';
import type { View } from './view.ts';

/** A message of the history, with its number there. */
export interface Listed extends HistoryEntry {
  readonly number: number;
}

const MOST_RECIPIENTS = 3;

/** Messages, a row each; on a narrow screen, a block each. */
export function mailTable(view: View, messages: readonly Listed[]): Html {
  const { words } = view;
  if (messages.length === 0) return html`<p>${words.none}</p>`;
  return html`<table>
<thead><tr><th scope="col">${words.time}</th><th scope="col">${words.status}</th><th scope="col">${words.from}</th><th scope="col">${words.to}</th><th scope="col">${words.client}</th></tr></thead>
<tbody>
${messages.map((one) => row(view, one))}</tbody>
</table>`;
}

function row({ words, link }: View, message: Listed): Html {
  const { number, time, status, sender, recipients, client } = message;
  const to = some(
    recipients.map(({ address }) => address),
    MOST_RECIPIENTS,
  );
  return html`<tr><td class="id"><a href="${link('/mail', { number: String(number) })}">${stamp(time)}</a></td><td><span class="state ${status}">${words.statuses[status]}</span></td><td data-name="${words.from}">${sender || '<>'}</td><td data-name="${words.to}">${to}</td><td data-name="${words.client}">${client ?? ''}</td></tr>\n`;
}
