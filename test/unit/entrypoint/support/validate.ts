import { customCleanEnv } from 'envalid';
import { expect } from 'vitest';
import type { Validator } from '../../../../entrypoint/settings/setting.ts';
import { Invalid } from '../../../../entrypoint/settings/validators/invalid.ts';

/** A text that is refused. With which words stands in test/unit/corpus/sentences.txt. */
export const REFUSED = { refused: expect.any(String) };

/** One that is refused without being repeated: it may hold a password. */
export const HIDDEN = { refused: 'hidden' };

/** What a validator makes of a text: the value, or whether its refusal shows the text. */
export function reading<T>(validator: Validator<T>, text: string): unknown {
  let refused: 'shown' | 'hidden' | undefined;
  const { value } = customCleanEnv({ value: text }, { value: validator }, (clean) => clean, {
    reporter: ({ errors }) => {
      const fault: unknown = errors.value;
      if (fault === undefined) return;
      if (!(fault instanceof Invalid)) throw fault;
      const start = JSON.stringify(text).slice(1, -1).slice(0, 70);
      refused = `${fault.wrong}; ${fault.right}`.includes(start) ? 'shown' : 'hidden';
    },
  });
  return refused === undefined ? value : { refused };
}
