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
