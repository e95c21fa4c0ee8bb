import { customCleanEnv } from 'envalid';
import type { Validator } from '../../../../entrypoint/settings/setting.ts';
import { Invalid } from '../../../../entrypoint/settings/validators/invalid.ts';

/** What a validator makes of a text: the value, or the words with which it refuses it. */
export function reading<T>(validator: Validator<T>, text: string): unknown {
  let refused: string | undefined;
  const { value } = customCleanEnv({ value: text }, { value: validator }, (clean) => clean, {
    reporter: ({ errors }) => {
      const fault: unknown = errors.value;
      if (fault === undefined) return;
      if (!(fault instanceof Invalid)) throw fault;
      refused = `${fault.wrong}; ${fault.right}`;
    },
  });
  return refused === undefined ? value : { refused };
}
