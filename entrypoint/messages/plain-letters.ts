/** Invisible characters: they come along when a text is copied from a page. */
const INVISIBLE = /[\u00a0\u00ad\u061c\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\ufeff]/;
const WITHOUT_WIDTH = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g;

/** The first invisible character of a text, as `U+200B`; undefined without one. */
export function invisibleIn(text: string): string | undefined {
  const [found] = INVISIBLE.exec(text) ?? [];
  const code = found?.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0');
  return code === undefined ? undefined : `U+${code}`;
}

/** In half-width letters, without what stands around a value or cannot be seen in it. */
export const inPlainLetters = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(WITHOUT_WIDTH, '')
    .replaceAll('、', ',')
    .replaceAll(/[\u3002\uff61]/g, '.')
    .replaceAll(/^[\s"'\u2018-\u201f;,]+|[\s"'\u2018-\u201f;,]+$/g, '');

/** Whether a value is one of plain letters that was typed or copied in others: `５８７`, `“yes”`. */
export const isInOtherLetters = (text: string): boolean =>
  /[^\u0020-\u007e]/.test(text) && /^[\u0020-\u007e]+$/.test(inPlainLetters(text));
