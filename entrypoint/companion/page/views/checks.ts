import { stamp } from '../../../reports/words.ts';
import type { Checks, Found } from '../checks.ts';
import { type Html, html } from '../html.ts';
import { english, languageField, page, type View } from './view.ts';

/** Doctor's findings; trouble comes first. */
export function checksView(view: View, checks: Checks): Html {
  const { words, token } = view;
  const { found = [], time, isRunning } = checks;
  const of = (state: Found['state']): readonly Found[] =>
    found.filter((one) => one.state === state);
  const wrong = of('wrong');
  const fine = of('ok');
  return page(
    view,
    words.checks,
    '/checks',
    html`<h1>${words.checks}</h1>
<p>${time === undefined ? words.notChecked : words.checkedAt(stamp(time))} ${isRunning ? html`<strong role="status">${words.isChecking}</strong>` : ''}</p>
${
  token === undefined
    ? ''
    : html`<form action="/checks" method="post">
${languageField(view)}<input type="hidden" name="token" value="${token}">
<button>${words.checkNow}</button>
</form>
`
}${time !== undefined && checks.found === undefined ? html`<p>${words.notCheckable}</p>` : ''}
${time !== undefined && found.length > 0 && wrong.length === 0 ? html`<p class="done">${words.nothingWrong(found.length)}</p>` : ''}
${[...wrong, ...of('note')].map((one) => foundItem(view, one))}${
  fine.length === 0
    ? ''
    : html`<details><summary>${words.fine(fine.length)}</summary>
<ul>
${fine.map(({ subject, words: text }) => html`<li lang="en"><strong>${subject}</strong>: ${text}</li>\n`)}</ul>
</details>`
}`,
    isRunning ? REFRESH : html``,
  );
}

/** Doctor ends in a few seconds. */
const REFRESH = html`<meta http-equiv="refresh" content="5">\n`;

function foundItem({ words }: View, { state, subject, words: text, remedy }: Found): Html {
  return html`<article>
<h2><span class="state ${state}">${state === 'wrong' ? words.wrong : words.note}</span> ${english(subject)}</h2>
<dl>
<dt>${words.foundWords}</dt><dd>${english(text)}</dd>
${remedy === undefined ? '' : html`<dt>${words.remedy}</dt><dd>${english(remedy)}</dd>\n`}</dl>
</article>
`;
}
