/** `NAME=value`, perhaps behind `export`. */
const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/;

/** The value behind the "=": in quotes, or up to a comment. */
function valueIn(text: string): string {
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return text.replace(/\s+#.*$/, '').trim();
  const end = text.indexOf(quote, 1);
  return end < 0 ? text : text.slice(1, end);
}

/** Reads an env file as Docker Compose does; lines that are none are passed over. */
export function readEnvFile(text: string): ReadonlyMap<string, string> {
  const found = text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = ASSIGNMENT.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, valueIn(value)] as const];
  });
  return new Map(found);
}
