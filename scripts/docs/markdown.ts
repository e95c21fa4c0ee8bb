/** A cell of a table: the column's border and line breaks would end it. */
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const row = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |\n`;

/** A table, line breaks and borders in its cells made harmless. */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string => row(head) + row(head.map(() => '---')) + rows.map(row).join('');

export const code = (text: string): string => `\`${text}\``;

export const codeBlock = (language: string, text: string): string =>
  `\`\`\`${language}\n${text.trimEnd()}\n\`\`\`\n`;

/** The anchor that a heading gets (github.com, "Section links"). */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
