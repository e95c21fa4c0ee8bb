const WIDTH = 100;

/** JSON in the project's own format: a list of plain values stands on one line where it fits. */
export const jsonText = (value: unknown): string => `${format(value, '', 0)}\n`;

/** @param before how much of the line is taken already */
function format(value: unknown, indent: string, before: number): string {
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    const isPlain = value.every((item) => typeof item !== 'object' || item === null);
    if (isPlain && before + line.length < WIDTH) return line;
    return block(
      '[',
      value.map((item) => format(item, `${indent}  `, 0)),
      indent,
      ']',
    );
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => {
    const name = `${JSON.stringify(key)}: `;
    return name + format(member, `${indent}  `, indent.length + 2 + name.length);
  });
  return block('{', members, indent, '}');
}

function block(open: string, lines: readonly string[], indent: string, close: string): string {
  if (lines.length === 0) return open + close;
  return `${open}\n${lines.map((line) => `${indent}  ${line}`).join(',\n')}\n${indent}${close}`;
}
