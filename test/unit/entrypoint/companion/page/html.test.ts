import { expect, it } from 'vitest';
import { html } from '../../../../../entrypoint/companion/page/html.ts';

it.each([
  ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['" onmouseover="alert(1)', '&quot; onmouseover=&quot;alert(1)'],
  ["'&lt;", '&#39;&amp;lt;'],
  ['\u001b[2J\u0000\r\n', '\ufffd[2J\ufffd\ufffd\ufffd'],
  ['moc.elpmaxe\u202e@you', 'moc.elpmaxe\ufffd@you'],
  ['</title><svg onload=x>', '&lt;/title&gt;&lt;svg onload=x&gt;'],
])('a text from mail stays a text: %j', (text, escaped) => {
  expect(html`<p title="${text}">${[text]}</p>`.text).toBe(`<p title="${escaped}">${escaped}</p>`);
});

it('a template within a template is taken as it is, and nothing stands for what is missing', () => {
  expect(html`${html`<b>${1}</b>`}${undefined}${[]}`.text).toBe('<b>1</b>');
});
