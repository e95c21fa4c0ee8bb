/**
 * A text with what stands between `<!-- NAME:start -->` and `<!-- NAME:end -->` written anew; one
 * without the two marks stays as it is.
 */
export function withMarked(text: string, name: string, content: string): string {
  const opening = `<!-- ${name}:start -->\n`;
  const start = text.indexOf(opening);
  const end = text.indexOf(`<!-- ${name}:end -->`, start);
  if (start < 0 || end < 0) return text;
  return `${text.slice(0, start + opening.length)}\n${content}\n${text.slice(end)}`;
}
