import { EnvError } from 'envalid';
import { quoted } from '../problem.ts';

/** What a validator throws: envalid collects it, and the reader adds where the value came from. */
export class Invalid extends EnvError {
  readonly wrong: string;
  readonly right: string;

  constructor(wrong: string, right: string) {
    super(wrong);
    this.wrong = wrong;
    this.right = right;
  }
}

/** `"value" is not WHAT`, the commonest message. */
export const notA = (value: string, what: string, right: string): Invalid =>
  new Invalid(`${quoted(value)} is not ${what}`, right);

/**
 * Refuses what no Postfix file can hold: a line break would start another entry, NUL would end it.
 * Every validator calls it, so no value can split a file or a header.
 */
export function refuseControlCharacters(value: string): void {
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) {
      throw new Invalid(
        'has a line break or another control character in it',
        'give it on one line, in printable characters',
      );
    }
  }
}
