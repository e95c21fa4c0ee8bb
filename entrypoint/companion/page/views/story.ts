import type { Step, StoryReport } from '../../../reports/trace/story-report.ts';
import { stamp } from '../../../reports/words.ts';
import { type Html, html } from '../html.ts';
import { english, page, say, type View } from './view.ts';

/**
 * One mail's story, with the notices about it.
 * @param queueId its ID in the queue, where it waits there
 */
export const storyView = (view: View, story: StoryReport, queueId: string | undefined): Html =>
  page(
    view,
    view.words.story,
    '/history',
    html`<h1>${view.words.story}</h1>\n${storyBody(view, story)}${queueId === undefined ? '' : html`<p><a href="${view.link('/queue', { q: queueId })}">${view.words.toQueue}</a></p>`}`,
  );

function storyBody(view: View, story: StoryReport): Html {
  const { words } = view;
  const { id, from, to, steps, verdict, result, notices } = story;
  return html`<article>
<dl>
<dt>${words.from}</dt><dd>${from || '<>'}</dd>
<dt>${words.to}</dt><dd>${to.join(', ')}</dd>
<dt>ID</dt><dd><code>${id}</code></dd>
<dt>${words.result}</dt><dd><strong>${words.verdicts[verdict]}</strong> ${english(say(result))}</dd>
</dl>
<ol>
${steps.map((step) => stepItem(view, step))}</ol>
${notices.map((notice) => storyBody(view, notice))}</article>
`;
}

function stepItem({ words }: View, { time, words: sentence, said, remedy }: Step): Html {
  return html`<li>${time === undefined ? '' : html`<time datetime="${time.toISOString()}">${stamp(time)}</time> `}${english(say(sentence))}${said === undefined ? '' : html`<br>${words.said}: <code>${said}</code>`}${remedy === undefined ? '' : html`<br>${words.remedy}: ${english(say(remedy))}`}</li>\n`;
}
