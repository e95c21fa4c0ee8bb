import { splitValue } from './value-list.ts';

/** A restriction of smtpd(8), with the table that it asks. */
export interface Restriction {
  readonly name: string;
  readonly table: string | undefined;
}

/** The restrictions of a list, in order: `check_sender_access lmdb:/etc/postfix/x, reject`. */
export function restrictionsIn(value: string): readonly Restriction[] {
  const words = splitValue(value);
  return words.flatMap((word, index) => {
    if (index > 0 && /^check_\w+_access$/.test(words[index - 1] ?? '')) return [];
    const table = /^check_\w+_access$/.test(word) ? words[index + 1] : undefined;
    return [{ name: word, table }];
  });
}
