/** A verb of either program: its words and options with their help, and its action. */
import { type ParseArgsOptionDescriptor, parseArgs } from 'node:util';
import { type ExitCode, UsageError } from './errors.ts';
import { optionMistake } from './option-mistake.ts';

/** The environment variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The outside world of every verb. */
export interface World {
  /** How the program is called, for messages that tell what to type. */
  readonly command: string;
  readonly environment: Environment;
  /** Writes one line on standard output. */
  readonly print: (line: string) => void;
  /** Writes one line on standard error. */
  readonly warn: (line: string) => void;
}

/** An option as parseArgs has it, and what its help says. */
interface Option extends ParseArgsOptionDescriptor {
  readonly about: string;
  /** The placeholder for the value in the help. */
  readonly value?: string;
}

export type Options = Readonly<Record<string, Option>>;

/** For every verb that reports. */
export const JSON_OPTION = {
  json: { type: 'boolean', default: false, about: 'print JSON, for programs' },
} as const;

/** The help of a verb, and its command line. */
export interface Description<
  O extends Options = Options,
  W extends readonly string[] = readonly string[],
> {
  readonly name: string;
  /** The words behind the name, a name each; one that may be left out in brackets: `[FILE]`. */
  readonly words?: W;
  /** One sentence for the list of verbs. */
  readonly summary: string;
  /** More text for its own help. */
  readonly details?: string;
  readonly options?: O;
}

type Values<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true }>
>['values'];

type Words<W extends readonly string[]> = {
  readonly [K in keyof W]: W[K] extends `[${string}` ? string | undefined : string;
};

/** The arguments of a verb: the world, each option by its name, and the words. */
export type Call<
  O extends Options = typeof JSON_OPTION,
  W extends readonly string[] = readonly `[${string}`[],
  X extends World = World,
> = X & Values<O> & { readonly words: Words<W> };

/** One command, `hikyaku NAME`. @template X the world that it needs */
export interface Verb<X extends World = World> extends Description {
  /** @param args what stands behind the verb's name */
  run(args: readonly string[], world: X): Promise<ExitCode>;
}

type Nothing = Record<never, never>;

/** Makes a verb. `run` gets its options and words read, with their types. */
export function verb<
  const O extends Options = Nothing,
  const W extends readonly string[] = [],
  X extends World = World,
>(description: Description<O, W>, run: (call: Call<O, W, X>) => Promise<ExitCode>): Verb<X> {
  return {
    ...description,
    run: async (args, world) => {
      const { values, positionals } = read(description, args);
      // The words have been counted: as many as are described, the necessary ones among them.
      return run({ ...world, ...values, words: positionals } as Call<O, W, X>);
    },
  };
}

function read<const O extends Options>(description: Description<O>, args: readonly string[]) {
  const { words = [], options = {} as O } = description;
  const { values, positionals } = parse(options, args);
  if (positionals.includes('') || Object.values(values).includes('')) {
    throw new UsageError('a name or a value is empty');
  }
  const extra = positionals[words.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one word too many`);
  const missing = words[positionals.length];
  if (missing !== undefined && !missing.startsWith('[')) {
    throw new UsageError(`${missing} is missing`);
  }
  return { values, positionals };
}

function parse<const O extends Options>(options: O, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (fault) {
    const mistake = optionMistake(args, options);
    throw mistake === undefined ? fault : new UsageError(mistake);
  }
}

/** `trace ID-OR-ADDRESS [options]` */
export const usageLine = ({ name, words = [], options = {} }: Description): string =>
  [name, ...words, ...(Object.keys(options).length > 0 ? ['[options]'] : [])].join(' ');
