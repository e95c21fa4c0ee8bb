/** An encoded word (RFC 2047 section 2), and the fold before the next one, which counts as nothing. */
const WORD =
  /=\?([\w-]+)(?:\*[\w-]+)?\?([bq])\?([^?\s]*)\?=(?:[\s?]+(?==\?[\w-]+(?:\*[\w-]+)?\?[bq]\?))?/gi;

/** A header's text as people read it; what cannot be decoded stays as it is. */
export const decodeWords = (header: string): string =>
  header.replaceAll(WORD, (word, charset: string, encoding: string, text: string) => {
    try {
      const bytes = encoding.toLowerCase() === 'b' ? Uint8Array.fromBase64(text) : quoted(text);
      return new TextDecoder(charset).decode(bytes);
    } catch {
      // An unknown charset, or no base64.
      return word;
    }
  });

/** The "Q" encoding (RFC 2047 section 4.2). */
const quoted = (text: string): Uint8Array =>
  Uint8Array.from(text.replaceAll('_', ' ').match(/=[0-9a-f]{2}|./gis) ?? [], (one) =>
    one.length === 3 ? Number.parseInt(one.slice(1), 16) : one.charCodeAt(0),
  );
