/** Splits a list of main.cf: commas and blanks separate, but not within braces (postconf(5)). */
export function splitValue(value: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let item = '';
  for (const character of value) {
    if (depth === 0 && /[\s,]/.test(character)) {
      if (item !== '') items.push(item);
      item = '';
      continue;
    }
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    item += character;
  }
  return item === '' ? items : [...items, item];
}

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
