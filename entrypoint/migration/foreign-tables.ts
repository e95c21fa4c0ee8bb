import type { Variables } from './peer.ts';

/** The rows of a table: what stands left, and what right of it. */
export type Rows = readonly (readonly [key: string, value: string])[];

/** Rows as postmap(1) reads them: a key, blanks, a value; "#" starts a comment. */
const linesOf = (text: string): Rows =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const [, key, value] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    });

/** `inline:{key=value, {key = value with blanks}}` (DATABASE_README). */
function inlineRows(text: string): Rows {
  const inner = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (inner === undefined) return [];
  return [...inner.matchAll(/\{([^{}]*)\}|([^\s,{}]+)/g)].flatMap(([, braced, plain]) => {
    const [, key, value] = /^\s*(\S+?)\s*=\s*(.*?)\s*$/.exec(braced ?? plain ?? '') ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
}

/**
 * What a table reference of Postfix holds, as far as the variables tell: an inline table, or a file
 * that wader's POSTMAP_ wrote. Undefined for a file that only the user has.
 */
export function rowsOf(reference: string, all: Variables): Rows | undefined {
  const [, type = '', rest = ''] = /^\s*([a-z]+):(.*)$/s.exec(reference) ?? [];
  if (type === 'inline') return inlineRows(rest);
  const name = /^\/etc\/postfix\/([\w.-]+)$/.exec(rest)?.[1];
  const text = name === undefined ? undefined : all.get(`POSTMAP_${name}`);
  return text === undefined || ['regexp', 'pcre', 'cidr'].includes(type)
    ? undefined
    : linesOf(text);
}
