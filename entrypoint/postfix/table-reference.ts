/** Tables as main.cf names them: their types, their files, and lists of them (DATABASE_README). */
import type { Judgement } from './parameter-value.ts';
import { splitValue } from './value-list.ts';

/** A table in a file that a value refers to: `hash:/etc/postfix/transport`. */
export interface TableReference {
  readonly type: string;
  readonly path: string;
}

/** References to tables in files, by the types that some Postfix has. */
const REFERENCE =
  /(?:^|[\s,:{])(btree|cdb|cidr|dbm|hash|ldap|lmdb|mongodb|mysql|nis|nisplus|pcre|pgsql|regexp|sdbm|sqlite|texthash):(\/(?!\/)[^\s,{}]+)/g;

/** The tables that a value refers to, except those with a parameter in the path. */
export const tablesIn = (value: string): readonly TableReference[] =>
  [...value.matchAll(REFERENCE)]
    .map(([, type = '', path = '']) => ({ type, path }))
    .filter(({ path }) => !path.includes('$'));

/** The types that postmap makes a second file for, and that file's suffix. */
const SUFFIXES: ReadonlyMap<string, string> = new Map([
  ['lmdb', '.lmdb'],
  ['hash', '.db'],
  ['btree', '.db'],
  ['cdb', '.cdb'],
]);

/** The files that a table of an earlier start may have left behind, for every type. */
export const INDEX_SUFFIXES: readonly string[] = [...new Set(SUFFIXES.values())];

/** The suffix of postmap's index; undefined for tables that Postfix reads as text. */
export const indexSuffix = (type: string | undefined): string | undefined =>
  SUFFIXES.get(type ?? '');

/** The file that Postfix opens for a table. */
export const fileOf = ({ type, path }: TableReference): string => path + (indexSuffix(type) ?? '');

/** Parameters that are lists of tables: any other word in them ends Postfix (maps_create in maps.c). */
const LISTS =
  /(_maps|_cache_database|_auth_cache_name|_(command|reply|delivery_status)_filter|^address_verify_map|(^|_)(header|body)_checks|^relay_clientcerts)$/;

export const isListOfTables = (name: string): boolean => LISTS.test(name);

/** Types whose tables are files, so that they need a full path: Postfix would look in its queue. */
const IN_FILES = /^(btree|cdb|cidr|hash|lmdb|pcre|regexp|texthash):(?![/{])/;

/** Types whose tables are written in braces. */
const IN_BRACES = /^(inline|pipemap|unionmap|randmap):(?!\{)/;

/**
 * Table references that Postfix cannot open, so that it defers all mail that needs them.
 * @param types that this Postfix has
 */
export function judgeTables(
  value: string,
  types: readonly string[] | undefined,
): Judgement | undefined {
  for (const word of splitValue(value)) {
    // Only Postfix knows the value of another parameter.
    if (word.includes('$') || word.startsWith('{')) continue;
    const table = word.replace(/^proxy:/, '');
    const type = /^([a-z]+):/.exec(table)?.[1];
    if (type === undefined) {
      return ['names a table without its type', 'write the type in front, as in texthash:/path'];
    }
    if (IN_FILES.test(table)) {
      return [`has a table of type ${type} without a full path`, `write ${type}:/path`];
    }
    if (IN_BRACES.test(table)) {
      return [`has a table of type ${type} without braces`, `write ${type}:{...}`];
    }
    // A table with a file is judged together with its file.
    if (types === undefined || types.includes(type) || tablesIn(word).length > 0) continue;
    const right = `use one that it has: ${types.join(', ')}`;
    return [`this Postfix has no tables of type ${type}`, right];
  }
  return undefined;
}
