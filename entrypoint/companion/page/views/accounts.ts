import { nexthop } from '../../../render/destination.ts';
import { stamp } from '../../../reports/words.ts';
import { shownName } from '../../../settings/hiding/mask.ts';
import { type Html, html } from '../html.ts';
import type { Way } from '../ways.ts';
import { english, page, say, type View } from './view.ts';

/** Each way out: where it leads, as whom, and how it works. */
export const accountsView = (view: View, ways: readonly Way[]): Html =>
  page(
    view,
    view.words.accounts,
    '/accounts',
    html`<h1>${view.words.accounts}</h1>\n${ways.map((way) => wayItem(view, way))}`,
  );

function wayItem(view: View, way: Way): Html {
  const { words } = view;
  const { server, waiting, lastDelivery, lastTrouble } = way;
  const { login, sendAs, tls, implicitTls } = server;
  const isWell = waiting === 0;
  const facts: readonly (readonly [string, Html])[] = [
    [words.login, html`${login === undefined ? words.noLogin : shownName(login)}`],
    ['TLS', html`<code>${tls}</code>${implicitTls ? html`, <code>implicit</code>` : ''}`],
    ...(sendAs === undefined ? [] : [[words.sendAs, html`${sendAs}`] as const]),
    [
      words.lastSuccess,
      lastDelivery === undefined
        ? html`${words.noDelivery}`
        : html`<time datetime="${lastDelivery.time.toISOString()}">${stamp(lastDelivery.time)}</time> ${lastDelivery.to}`,
    ],
    ...(lastTrouble === undefined
      ? []
      : [
          [
            words.lastTrouble,
            html`<time datetime="${lastTrouble.time.toISOString()}">${stamp(lastTrouble.time)}</time> ${english(say(lastTrouble.cause))}<br><code>${lastTrouble.reason}</code>`,
          ] as const,
          [words.remedy, english(say(lastTrouble.remedy))] as const,
        ]),
  ];
  return html`<article>
<h2>${title(view, way)} <span class="state ${isWell ? 'ok' : 'deferred'}">${isWell ? words.nothingWaits : words.waitingHere(waiting)}</span></h2>
<dl>
${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>\n`)}</dl>
</article>
`;
}

function title({ words }: View, { server, isDirect, chosenBy }: Way): string {
  if (isDirect) return words.direct;
  const place = nexthop(server);
  if (chosenBy !== undefined) return `${chosenBy} → ${place}`;
  return server.path === 'relay' ? place : `${words.backup}: ${place}`;
}
