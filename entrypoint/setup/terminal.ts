/** Questions at a terminal. */
import { confirm, isCancel, log, multiselect, password, select, text } from '@clack/prompts';
import { type Ask, Cancelled } from './ask.ts';

/** An answer of the library, where a symbol stands for Ctrl-C. @throws Cancelled */
function answered<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Cancelled();
  return answer as Exclude<T, symbol>;
}

/** The size of a terminal that does not tell its own, such as a serial console. */
const SIZE = { columns: 80, rows: 24 };

/** Asks the user at the terminal of this process. */
export function atTerminal(): Ask {
  process.stdout.columns ||= SIZE.columns;
  process.stdout.rows ||= SIZE.rows;
  return terminal;
}

const terminal: Ask = {
  isInteractive: true,
  tell: (line) => log.message(line),
  text: async ({ message, fallback, fault }) => {
    const answer = await text({
      message,
      ...(fallback === undefined ? {} : { placeholder: fallback, defaultValue: fallback }),
      validate: (typed = '') => {
        const given = typed.trim() || (fallback ?? '');
        return given === '' ? 'an answer is needed here' : fault?.(given);
      },
    });
    return answered(answer).trim();
  },
  secret: async ({ message }) =>
    answered(
      await password({
        message,
        validate: (typed) =>
          typed === undefined || typed === '' ? 'nothing was typed' : undefined,
      }),
    ),
  choice: async ({ message, choices }) => {
    const options = choices.map(({ value, label, hint }) => ({
      value: value as string,
      label,
      ...(hint === undefined ? {} : { hint }),
    }));
    const answer = answered(await select({ message, options }));
    const [first] = choices;
    const chosen = choices.find(({ value }) => value === answer) ?? first;
    if (chosen === undefined) throw new Cancelled();
    return chosen.value;
  },
  several: async ({ message, choices, fallback }) => {
    const options = choices.map(({ value, label, hint }) => ({
      value: value as string,
      label,
      ...(hint === undefined ? {} : { hint }),
    }));
    const answer = answered(
      await multiselect({ message, options, initialValues: [...fallback], required: false }),
    );
    return choices.flatMap(({ value }) => (answer.includes(value) ? [value] : []));
  },
  confirm: async ({ message }) => answered(await confirm({ message, initialValue: false })),
};
