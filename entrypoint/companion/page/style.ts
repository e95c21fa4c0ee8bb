import { createHash } from 'node:crypto';

/** Colours follow the system's choice of dark or light; each pair has a contrast of 4.5 or more. */
export const STYLE = `
:root { --back: #fbfbf9; --front: #1d2125; --faint: #59636e; --line: #d5d9de; --card: #fff;
  --link: #0b57b0; --good: #14702f; --bad: #b3261e; --warn: #8a5300; }
@media (prefers-color-scheme: dark) {
  :root { --back: #15181b; --front: #e6e9ec; --faint: #9aa4af; --line: #363c43; --card: #1d2125;
    --link: #8ab8ff; --good: #6fd08c; --bad: #ff8a80; --warn: #f0b458; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 0 1rem 3rem; max-width: 64rem; background: var(--back);
  color: var(--front); font: 1rem/1.55 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline;
  padding: 1rem 0; border-bottom: 1px solid var(--line); }
header nav { flex: 1; display: flex; gap: 1rem; }
[aria-current] { font-weight: 600; text-decoration: none; color: inherit; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 1.5rem 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0 0 .5rem; }
.verdict { border-left: .5rem solid var(--warn); background: var(--card); padding: .25rem 1rem;
  margin: 1.5rem 0; }
.verdict h1 { margin: .5rem 0; color: var(--warn); }
.verdict.ok { border-color: var(--good); }
.verdict.ok h1 { color: var(--good); }
.verdict.stuck, .verdict.down { border-color: var(--bad); }
.verdict.stuck h1, .verdict.down h1 { color: var(--bad); }
.verdict p { margin: .25rem 0; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .75rem 1rem; margin: .75rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; }
dt { color: var(--faint); }
dd { margin: 0; }
code { font-family: ui-monospace, monospace; font-size: .9em; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
th { color: var(--faint); font-weight: 600; }
td.sent { color: var(--good); }
td.bounced, td.deferred { color: var(--bad); }
form { display: flex; flex-wrap: wrap; gap: .5rem 1rem; align-items: end; margin: 1rem 0; }
label { display: flex; flex-direction: column; color: var(--faint); }
input, select, button { font: inherit; padding: .4rem .6rem; color: var(--front);
  background: var(--card); border: 1px solid var(--faint); border-radius: .3rem; }
.sheets { display: flex; gap: 1rem; margin: 1rem 0; }
.hint, time { color: var(--faint); }
@media (max-width: 40rem) {
  thead { position: absolute; left: -100rem; }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { display: block; border: 0; padding: 0; }
  dl { grid-template-columns: 1fr; }
}
`;

/** The address changes with the content, so that browsers may keep it. */
export const STYLE_PATH = `/style-${createHash('sha256').update(STYLE).digest('hex').slice(0, 8)}.css`;
