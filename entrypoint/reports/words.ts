/** How times, places and counts are written in every report. */

const two = (value: number): string => String(value).padStart(2, '0');

/** `2026-11-24 11:06:22`, as clocks here show it. */
export const stamp = (time: Date): string =>
  `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ` +
  `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;

/**
 * The destination of an attempt in Postfix's words: a server, `virtual` (a local mailbox) or
 * `none`.
 */
export function placeWords(relay: string): string {
  if (relay.includes('[')) return ` through ${relay}`;
  if (relay === 'virtual') return ' into its mailbox here';
  return relay === 'none' ? ', no server reached' : ` by ${relay}`;
}

export const plural = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;

export const times = (count: number): string => (count === 1 ? 'once' : `${count} times`);

/** The first few of some names: it is one screen. */
export function some(names: readonly string[], most = 5): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export const indent = (lines: readonly string[], by = '  '): readonly string[] =>
  lines.map((line) => by + line);
