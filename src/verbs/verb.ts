/** What a verb of the builder is: a line in the list, options with their help, and what it does. */
import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util';
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { optionMistake } from '../../entrypoint/cli/option-mistake.ts';
import { COMMAND } from '../command-name.ts';
import { OPERATOR_VERBS } from '../container-verbs.ts';

/** What a verb gets of the world. */
export interface World {
  /** The checkout. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: NodeJS.WriteStream;
  readonly print: (line: string) => void;
  readonly warn: (line: string) => void;
}

/** An option as parseArgs has it, and what its help says. */
interface Option extends ParseArgsOptionDescriptor {
  readonly about: string;
  /** What stands for the value in the help. */
  readonly value?: string;
}

type Options = Readonly<Record<string, Option>>;

type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values'];

interface Description<O extends Options> {
  readonly name: string;
  /** The words after the name, as in "[FILE]". */
  readonly words?: string;
  /** One line for the list of verbs. */
  readonly summary: string;
  /** What more its own help says. */
  readonly details?: string;
  readonly options: O;
}

export interface Verb extends Description<Options> {
  run(args: readonly string[], world: World): Promise<number>;
}

/** Makes a verb whose `run` gets its options read, with their types. */
export function verb<const O extends Options>(
  description: Description<O>,
  run: (values: Values<O>, words: readonly string[], world: World) => Promise<number>,
): Verb {
  return {
    ...description,
    run: (args, world) => {
      const { values, positionals } = readOptions(description, args);
      if (positionals.includes('') || Object.values(values).includes('')) {
        throw usageError(description.name, 'a name or a value is empty');
      }
      const extra = positionals[description.words?.split(' ').length ?? 0];
      if (extra !== undefined) {
        throw usageError(description.name, `"${extra}" is one word too many`);
      }
      return run(values, positionals, world);
    },
  };
}

/** A mistyped option is the user's mistake, not our bug. */
function readOptions<const O extends Options>(
  description: Description<O>,
  args: readonly string[],
) {
  try {
    return parseArgs({
      args: [...args],
      options: description.options,
      allowPositionals: true,
    });
  } catch (fault) {
    const mistake = optionMistake(args, description.options);
    if (mistake === undefined) throw fault;
    throw usageError(description.name, mistake);
  }
}

/** A command line that is wrong: what is wrong with it, and where to look. */
export const usageError = (verb: string, mistake: string): UserError =>
  new UserError(`${mistake}; "${COMMAND} help ${verb}" tells how it is used`, EXIT.usage);

/** `hikyaku help VERB` */
export function help({ name, words, summary, details, options }: Description<Options>): string {
  const rows = Object.entries(options).map(([option, { short, value, about }]) => {
    const names = short === undefined ? `--${option}` : `-${short}, --${option}`;
    return [value === undefined ? names : `${names} ${value}`, about] as const;
  });
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return [
    `Usage: ${COMMAND} ${[name, words, ...(rows.length > 0 ? ['[options]'] : [])].filter(Boolean).join(' ')}`,
    '',
    capitalized(summary),
    ...(details === undefined ? [] : ['', details]),
    ...(rows.length > 0 ? [''] : []),
    ...rows.map(([left, about]) => `  ${left.padEnd(width)}  ${about}`),
    '',
  ].join('\n');
}

/** `hikyaku help` */
export function usage(verbs: readonly Verb[]): string {
  const left = ({ name, words }: Verb): string => [name, words].filter(Boolean).join(' ');
  const width = Math.max(...verbs.map((one) => left(one).length));
  return [
    `Usage: ${COMMAND} VERB [options]`,
    '',
    ...verbs.map((one) => `  ${left(one).padEnd(width)}  ${one.summary}`),
    '',
    `"${COMMAND} help VERB" tells the options of a verb.`,
    '',
    `In the container, ${OPERATOR_VERBS.join(', ')}: docker exec NAME hikyaku VERB`,
    '',
  ].join('\n');
}

const capitalized = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
