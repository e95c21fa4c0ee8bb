import type { Answer } from '../../postfix/running/tables.ts';
import { CONFIG_DIRECTORY, nameOf, type RenderedFile } from '../../render/file.ts';

/** How a table is asked for one key. */
export type Ask = (reference: string, key: string) => Promise<Answer>;

/** One question to a table, through the very reference that Postfix uses. */
export interface TableQuestion {
  /** The name below /etc/postfix. */
  readonly name: string;
  /** `lmdb:/etc/postfix/generic` */
  readonly reference: string;
  readonly key: string;
  /** What the table has to answer; undefined when only an error would be wrong. */
  readonly answer: string | undefined;
}

/** A key that is in nobody's database (RFC 2606). */
const NOBODY = 'nobody@hikyaku.invalid';

const REFERENCE = new RegExp(
  `\\b(lmdb|hash|cdb|texthash|mysql|pgsql|sqlite):${CONFIG_DIRECTORY}/([\\w.]+)`,
  'g',
);

/** The first entry of a table's text (postmap(1), "INPUT FILE FORMAT"). */
function firstEntry(content: string): readonly [key: string, value: string] | undefined {
  const line = content.split('\n').find((one) => one !== '' && !one.startsWith('#'));
  const [, key, value] = /^(\S+)\s+(.*)$/.exec(line ?? '') ?? [];
  return key === undefined || value === undefined ? undefined : [key, value];
}

/**
 * What to ask the tables that Postfix uses.
 * @param configuration main.cf and master.cf as they are in force
 * @param files what the settings say should be there
 */
export function tableQuestions(
  configuration: string,
  files: readonly RenderedFile[],
): readonly TableQuestion[] {
  const references = new Map(
    [...configuration.matchAll(REFERENCE)].map(([reference, , name = '']) => [reference, name]),
  );
  return [...references].map(([reference, name]) => {
    const file = files.find((one) => nameOf(one) === name && one.index !== undefined);
    const [key = NOBODY, answer] = file === undefined ? [] : (firstEntry(file.content) ?? []);
    return { name, reference, key, answer };
  });
}
