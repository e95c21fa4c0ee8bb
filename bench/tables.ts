/** The tables of docs/performance.md, made from what was measured. */
import { BARE, COMPANION, FRESH, OURS, PLAIN, PUBLIC } from './contestants.ts';
import { median, short } from './statistics.ts';

/** What was measured of one thing, by the contestants' names. */
export interface Row {
  readonly what: string;
  readonly unit: string;
  readonly values: Readonly<Record<string, readonly number[]>>;
}

type Cell = string | number | undefined;

/** What each contestant is called there. */
const NAMES = new Map([
  [PLAIN.name, 'plain, its main.cf old already'],
  [FRESH.name, 'plain, its main.cf just written'],
  [PUBLIC.name, 'Hikyaku'],
  [OURS.name, 'Hikyaku, with a certificate authority of one’s own'],
  [COMPANION.name, 'Hikyaku, with history, page and alerts'],
  [BARE.name, 'the bare minimum (`node -e 0`, `postsuper`, `master -i`)'],
]);

const table = (head: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(shown).join(' | ')} |`)
    .join('\n');

const shown = (cell: Cell): string =>
  typeof cell === 'number' ? (Number.isNaN(cell) ? '' : short(cell)) : (cell ?? '');

/** Those of which nothing was measured are left out. */
export function tables(rows: readonly Row[]): string {
  const all = [sizes(rows), starts(rows), throughput(rows), memory(rows)];
  return all.filter((one) => one !== '').join('\n\n');
}

const find = (rows: readonly Row[], what: string): Row | undefined =>
  rows.find((row) => row.what === what);

const of = (row: Row | undefined, name: string): number => median(row?.values[name] ?? []);

function sizes(rows: readonly Row[]): string {
  const disk = find(rows, 'Image on disk');
  const packed = find(rows, 'Image compressed');
  if (disk === undefined) return '';
  return table(
    ['', 'on disk, MB', 'compressed, MB (`docker save \\| gzip`)'],
    [PLAIN, OURS].map(({ name }) => [name, of(disk, name), of(packed, name)]),
  );
}

function starts(rows: readonly Row[]): string {
  const start = find(rows, 'Start to the 220 banner');
  const full = rows.find(({ what }) => what.endsWith('messages waiting'));
  if (start === undefined) return '';
  return table(
    ['', 'ms', 'of plain', 'of bare', '50,000 waiting, ms', 'of plain'],
    [...NAMES].map(([name, words]) => [
      words,
      of(start, name),
      of(start, name) / of(start, PLAIN.name),
      of(start, name) / of(start, BARE.name),
      of(full, name),
      of(full, name) / of(full, PLAIN.name),
    ]),
  );
}

const LOGINS = ': logins';

function throughput(rows: readonly Row[]): string {
  const loads = rows.filter(({ unit }) => unit === 'messages/s');
  if (loads.length === 0) return '';
  return table(
    [
      'load',
      'plain, /s',
      'Hikyaku, /s',
      'ratio',
      'with history, page and alerts, /s',
      'of Hikyaku',
      'logins plain',
      'logins Hikyaku',
    ],
    loads.map((row) => {
      const logins = find(rows, row.what + LOGINS);
      const [plain, ours, companion] = [PLAIN, OURS, COMPANION].map(({ name }) => of(row, name));
      return [
        row.what,
        plain,
        ours,
        (ours ?? Number.NaN) / (plain ?? Number.NaN),
        companion,
        (companion ?? Number.NaN) / (ours ?? Number.NaN),
        of(logins, PLAIN.name),
        of(logins, OURS.name),
      ];
    }),
  );
}

function memory(rows: readonly Row[]): string {
  const container = find(rows, 'Memory at rest');
  const rss = find(rows, 'Memory of each part: RSS');
  const pss = find(rows, 'Memory of each part: PSS');
  const parts = Object.keys(rss?.values ?? {});
  return [
    ...(container === undefined
      ? []
      : [
          table(
            ['at rest', '`docker stats`, MB'],
            [PLAIN, OURS, COMPANION].map(({ name }) => [NAMES.get(name), of(container, name)]),
          ),
        ]),
    ...(parts.length === 0
      ? []
      : [
          table(
            ['part', 'RSS, MB', 'PSS, MB'],
            parts.map((part) => [part, of(rss, part), of(pss, part)]),
          ),
        ]),
  ].join('\n\n');
}
