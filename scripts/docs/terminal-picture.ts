/** A terminal's window with a command and what it wrote, as SVG 1.1. */

const COLUMNS = 100;
const CHARACTER = 8.4;
const LINE = 20;
const MARGIN = 20;
const TITLE = 36;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Wraps a line at the terminal's width, at a blank if possible. */
export function wrap(line: string, columns: number = COLUMNS): readonly string[] {
  if (line.length <= columns) return [line];
  const blank = line.lastIndexOf(' ', columns);
  const end = blank > columns / 2 ? blank : columns;
  return [line.slice(0, end), ...wrap(line.slice(end).trimStart(), columns)];
}

/** @param command what was typed; @param output what came, with line feeds */
export function terminalPicture(command: string, output: string): string {
  const typed = wrap(`$ ${command}`).map((text) => ({ text, colour: '#9ece6a' }));
  const said = output
    .trimEnd()
    .split('\n')
    .flatMap((line) => wrap(line.replaceAll('\t', '    ')))
    .map((text) => ({ text, colour: '#c0caf5' }));
  const lines = [...typed, ...said];
  const width = Math.ceil(COLUMNS * CHARACTER) + 2 * MARGIN;
  const height = TITLE + lines.length * LINE + MARGIN;
  const texts = lines.map(
    ({ text, colour }, index) =>
      `<text x="${MARGIN}" y="${TITLE + (index + 1) * LINE - 6}" fill="${colour}" xml:space="preserve">${escaped(text)}</text>`,
  );
  const lights = ['#f7768e', '#e0af68', '#9ece6a'].map(
    (colour, index) => `<circle cx="${MARGIN + index * 18}" cy="18" r="5.5" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(command).replaceAll('"', '&quot;')}">`,
    `<rect width="${width}" height="${height}" rx="8" fill="#1a1b26"/>`,
    ...lights,
    '<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14">',
    ...texts,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}
