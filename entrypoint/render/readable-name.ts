const LONGEST_WORDS = 30;

/**
 * A name of letters, digits and hyphens: some words to be read, and a hash that keeps like ones
 * apart: `user1-example-com-1x2y3z`.
 * @param identity what the hash is made from
 */
export function readableName(text: string, identity: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  return `${words.join('-').slice(0, LONGEST_WORDS)}-${hash(identity)}`;
}

/** FNV-1a in 32 bits, in digits and letters. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    value = Math.imul(value ^ byte, 0x01000193);
  }
  return (value >>> 0).toString(36).padStart(7, '0');
}
