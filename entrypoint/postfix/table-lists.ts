import { type Judgement, tablesIn } from './parameter-value.ts';
import { splitValue } from './value-list.ts';

/** Parameters that are lists of tables: any other word in them ends Postfix (maps_create in maps.c). */
const LISTS_OF_TABLES =
  /(_maps|_cache_database|_auth_cache_name|_(command|reply|delivery_status)_filter|^address_verify_map|(^|_)(header|body)_checks|^relay_clientcerts)$/;

export const isListOfTables = (name: string): boolean => LISTS_OF_TABLES.test(name);

/** Types whose tables are files, so that they need a full path: Postfix would look in its queue. */
const IN_FILES = /^(btree|cdb|cidr|hash|lmdb|pcre|regexp|texthash):(?![/{])/;

/** A table that another stands for: `proxy:TYPE:NAME`. */
const PROXY = /^proxy:/;

/** Types whose tables are written in braces. */
const IN_BRACES = /^(inline|pipemap|unionmap|randmap):(?!\{)/;

/** What Postfix can open no table for, and so puts off all mail that has to do with it. */
export function judgeTables(
  value: string,
  types: readonly string[] | undefined,
): Judgement | undefined {
  for (const word of splitValue(value)) {
    // What another parameter's value makes of it is known to Postfix alone.
    if (word.includes('$') || word.startsWith('{')) continue;
    const table = word.replace(PROXY, '');
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
    // Where a file is named, its type is judged together with it.
    if (types === undefined || types.includes(type) || tablesIn(word).length > 0) continue;
    const right = `use one that it has: ${types.join(', ')}`;
    return [`this Postfix has no tables of type ${type}`, right];
  }
  return undefined;
}
