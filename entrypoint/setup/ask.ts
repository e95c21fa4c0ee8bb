/** How questions are asked: at a terminal (terminal.ts), or not at all, where defaults count. */
import { EXIT, UsageError, UserError } from '../cli/errors.ts';

interface Question {
  readonly message: string;
  /** The option that answers it, for those who cannot be asked. */
  readonly option: string;
}

export interface TextQuestion extends Question {
  readonly fallback?: string | undefined;
  /** The fault of an answer. */
  readonly fault?: ((text: string) => string | undefined) | undefined;
}

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** One of several, the first choice being the default. */
export interface ChoiceQuestion<T extends string> extends Question {
  readonly choices: readonly Choice<T>[];
}

export interface SeveralQuestion<T extends string> extends ChoiceQuestion<T> {
  readonly fallback: readonly T[];
}

export interface Ask {
  text(question: TextQuestion): Promise<string>;
  /** The terminal does not show the input. */
  secret(question: Question): Promise<string>;
  choice<T extends string>(question: ChoiceQuestion<T>): Promise<T>;
  several<T extends string>(question: SeveralQuestion<T>): Promise<readonly T[]>;
  /** @returns the answer; no is the default */
  confirm(question: Question): Promise<boolean>;
  /** Whether a wrong answer can be corrected. */
  readonly isInteractive: boolean;
  tell(text: string): void;
}

/** The user pressed Ctrl-C. */
export class Cancelled extends UserError {
  constructor() {
    super('cancelled: nothing was written', EXIT.failed);
  }
}

const missing = ({ option }: Question): UsageError => new UsageError(`${option} is missing`);

/** Takes the defaults without questions. @param tell prints what happens */
export const defaults = (tell: (text: string) => void): Ask => ({
  isInteractive: false,
  tell,
  text: async (question) => {
    if (question.fallback === undefined) throw missing(question);
    return question.fallback;
  },
  secret: async (question) => {
    throw missing(question);
  },
  choice: async (question) => {
    const [first] = question.choices;
    if (first === undefined) throw missing(question);
    return first.value;
  },
  several: async ({ fallback }) => fallback,
  confirm: async (question) => {
    throw new UserError(`${question.message} Add ${question.option}`, EXIT.failed);
  },
});
