/** `NAME=value`, perhaps behind `export`; a value in quotes may go on in the next line. */
const ASSIGNMENT =
  /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.-]*)[ \t]*=[ \t]*("(?:[^"\\]|\\[\s\S])*"|'[^']*'|[^\r\n]*)/gm;

/** The value behind the "=": in quotes, or up to a comment. */
const valueIn = (text: string): string =>
  /^(?:"[\s\S]*"|'[\s\S]*')$/.test(text) ? text.slice(1, -1) : text.replace(/\s+#.*$/, '').trim();

/** Reads an env file as Docker Compose does; invalid lines are skipped. */
export const readEnvFile = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.replace(/^\ufeff/, '').matchAll(ASSIGNMENT)].map(([, name = '', value = '']) => [
      name,
      valueIn(value),
    ]),
  );
