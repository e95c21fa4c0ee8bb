import { createHash } from 'node:crypto';

/**
 * Colours follow the system's choice of dark or light; each pair has a contrast of 4.5 or more (WCAG 2.2,
 * 1.4.3), which test/integration/page-browser.test.ts measures.
 */
const COLOURS = `
:root { --back: #f7f7f5; --front: #1c2024; --faint: #586069; --line: #dcdfe3; --card: #fff; --head: #fff;
  --link: #0a55ad; --good: #136129; --bad: #a5211a; --warn: #7a4900; --good-back: #e6f3ea;
  --bad-back: #fcebea; --warn-back: #fbf1df; --code: #f0f1f3; }
@media (prefers-color-scheme: dark) {
  :root { --back: #121517; --front: #e4e7ea; --faint: #9da7b1; --line: #333a41; --card: #1a1e22; --head: #1a1e22;
    --link: #8fbcff; --good: #7ed99a; --bad: #ff9c93; --warn: #f2bb66; --good-back: #16281c;
    --bad-back: #351c1a; --warn-back: #302511; --code: #252a30; } }
`;

const TEXT = `
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--front); overflow-wrap: break-word;
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", "Hiragino Sans", "Noto Sans JP", sans-serif; }
header > div, main { max-width: 68rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 4rem; }
a { color: var(--link); text-underline-offset: .2em; text-decoration-thickness: 1px; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; border-radius: .2rem; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 2rem 0 1rem; letter-spacing: -.01em; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
code { font: .875em/1.5 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.faint, time { color: var(--faint); font-size: .9rem; }
.hint { color: var(--faint); }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--card); padding: .5rem 1rem; z-index: 1; }
`;

const HEADER = `
header { background: var(--head); border-bottom: 1px solid var(--line); }
header > div { display: flex; flex-wrap: wrap; gap: 0 1.5rem; align-items: center; }
header nav { flex: 1; display: flex; flex-wrap: wrap; gap: 0 1.25rem; }
header a { display: block; padding: .9rem 0 .75rem; border-bottom: 3px solid transparent; color: var(--front);
  text-decoration: none; }
header a:hover { border-color: var(--line); }
header a[aria-current] { border-color: var(--link); font-weight: 600; }
header a[hreflang] { color: var(--link); }
`;

/** The verdict is seen before it is read. */
const VERDICT = `
.verdict { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0 1rem; margin: 1.75rem 0;
  padding: 1.1rem 1.25rem; border-radius: .75rem; background: var(--warn-back); }
.verdict::before { content: "!"; grid-row: span 9; width: 2.75rem; height: 2.75rem; border-radius: 50%;
  background: var(--warn); color: var(--card); font: 700 1.6rem/2.75rem system-ui, sans-serif; text-align: center; }
.verdict > * { grid-column: 2; }
.verdict h1 { margin: .3rem 0 .35rem; color: var(--warn); }
.verdict p { margin: .1rem 0; overflow-wrap: anywhere; }
.verdict.ok { background: var(--good-back); }
.verdict.ok::before { content: "\\2713"; background: var(--good); }
.verdict.ok h1 { color: var(--good); }
.verdict.stuck, .verdict.down { background: var(--bad-back); }
.verdict.stuck::before, .verdict.down::before { background: var(--bad); }
.verdict.stuck h1, .verdict.down h1 { color: var(--bad); }
.done { background: var(--good-back); color: var(--good); padding: .6rem 1rem; border-radius: .5rem; }
`;

const CARDS = `
article { background: var(--card); border: 1px solid var(--line); border-radius: .75rem; padding: 1rem 1.25rem;
  margin: .75rem 0; }
article article { margin: 1rem 0 0; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .35rem 1.25rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; min-width: 0; }
dd > code, td.reason, li > code { overflow-wrap: anywhere; }
ol, ul { padding-left: 1.25rem; margin: 1rem 0 0; }
li + li { margin-top: .5rem; }
details { margin: .75rem 0; }
summary { cursor: pointer; color: var(--link); padding: .25rem 0; }
.state { display: inline-block; padding: 0 .6rem; border-radius: 1rem; background: var(--code); white-space: nowrap;
  font-size: .875rem; line-height: 1.6; }
.state.sent, .state.ok { background: var(--good-back); color: var(--good); }
.state.bounced, .state.wrong { background: var(--bad-back); color: var(--bad); }
.state.deferred, .state.hold { background: var(--warn-back); color: var(--warn); }
`;

const TABLES = `
table { width: 100%; border-collapse: separate; border-spacing: 0; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .6rem .75rem; border-top: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
thead th, thead td { border: 0; }
th { color: var(--faint); font-weight: 600; font-size: .875rem; white-space: nowrap; }
td.id { white-space: nowrap; overflow-wrap: normal; }
td.choice { width: 1px; }
td.reason { width: 40%; font-size: .9rem; }
tbody tr:hover { background: var(--back); }
.sheets { display: flex; gap: 1.5rem; margin: 1rem 0; }
`;

const FORMS = `
form.search { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: 1rem 0 1.5rem; }
label { display: flex; flex-direction: column; color: var(--faint); font-size: .9rem; }
input, select, button { font: inherit; min-height: 2.5rem; padding: .35rem .8rem; color: var(--front);
  background: var(--card); border: 1px solid var(--faint); border-radius: .45rem; }
input[type=search] { width: 22rem; max-width: 100%; }
input[type=checkbox] { width: 1.25rem; min-height: 1.25rem; height: 1.25rem; margin: .2rem 0 0; accent-color: var(--link); }
button { cursor: pointer; font-weight: 600; }
button:hover { border-color: var(--link); color: var(--link); }
button.grave { color: var(--bad); border-color: var(--bad); }
.bar { display: flex; flex-wrap: wrap; gap: .5rem .75rem; align-items: center; margin: 0 0 1rem; }
.bar > a { padding: .35rem .25rem; }
.bar .apart { margin-left: auto; }
`;

/** A row becomes a block, and each cell says what it is. */
const PHONE = `
@media (max-width: 44rem) {
  header > div, main { padding-left: 1rem; padding-right: 1rem; }
  header > div { padding-top: .75rem; }
  header nav { order: 1; flex-basis: 100%; }
  header a[hreflang] { margin-left: auto; padding: 0; }
  header nav a { padding: .5rem 0; }
  h1 { font-size: 1.5rem; }
  thead { position: absolute; left: -100rem; }
  table, tbody, tr { display: block; }
  tr { position: relative; padding: .75rem 1rem; border-top: 1px solid var(--line); }
  tbody tr:first-child { border-top: 0; }
  td { display: block; border: 0; padding: .1rem 0; }
  td[data-name] { display: grid; grid-template-columns: 6.5rem 1fr; gap: .5rem; }
  td[data-name]::before { content: attr(data-name); color: var(--faint); font-size: .9rem; }
  td[data-name]:empty { display: none; }
  td.choice { position: absolute; right: 1rem; }
  td.choice, td.reason { width: auto; }
  td.choice input { width: 1.6rem; height: 1.6rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd + dt { margin-top: .5rem; }
  .bar .apart { margin-left: 0; }
  .verdict { padding: 1rem; }
}
@media (prefers-reduced-motion: no-preference) { a, button { transition: border-color .1s; } }
@media print { header nav, form, .skip { display: none; } }
`;

export const STYLE = [COLOURS, TEXT, HEADER, VERDICT, CARDS, TABLES, FORMS, PHONE].join('');

/** The address changes with the content, so that browsers may keep it. */
export const STYLE_PATH = `/style-${createHash('sha256').update(STYLE).digest('hex').slice(0, 8)}.css`;
