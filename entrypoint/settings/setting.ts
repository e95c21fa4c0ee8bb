import type { RequiredValidatorSpec } from 'envalid';
import { path } from './validators/plain.ts';

/** Reads one text into a value: envalid's spec, made by envalid's makers. */
export type Validator<T> = RequiredValidatorSpec<T> & {
  /** Whether one text may hold several values, so that YAML may have a list in its place. */
  readonly isList?: boolean;
};

/** One line of an address table: mail from or to `from` becomes mail from or to `to`. */
export interface Row<F = string, T = string> {
  readonly from: F;
  readonly to: T;
}

interface Common<V> {
  /** One sentence for the reference page, the schema and the help. */
  readonly describe: string;
  /** A value that works, as a user would type it in a variable. */
  readonly example: string;
  /**
   * The main.cf and master.cf parameters that only this setting decides. A single name, not in a
   * list, receives the value unchanged and needs no other code (render/main-cf.ts).
   */
  readonly drives: string | readonly string[];
  readonly default: V;
  /** The default in words, where it depends on another setting. */
  readonly defaultText?: string;
  /** The known names, if they are too many to remember. */
  readonly known?: readonly string[];
}

/** The table's entry for one setting; V is the type of its value. */
export interface Setting<V> extends Common<V> {
  readonly kind: 'setting';
  readonly shape: 'one' | 'list' | 'table';
  /** A secret is never shown, and can also be given as a file: a setting of its own beside it. */
  readonly secret: boolean;
  /** Reads the value, each item of a list, or the right side of a table's row. */
  readonly item: Validator<unknown>;
  /** Reads the left side of a table's row. */
  readonly from?: Validator<unknown>;
  /** The key of the secret beside this setting, where the setting names that secret's file. */
  readonly fileOf?: string;
}

/** Settings under one YAML key. */
export interface Section<F extends Fields> {
  readonly kind: 'section';
  readonly fields: F;
}

/** A YAML list whose items have the same settings each. */
export interface Items<F extends Fields> {
  readonly kind: 'items';
  readonly describe: string;
  readonly fields: F;
}

export interface Fields {
  readonly [key: string]: Setting<unknown> | Section<Fields> | Items<Fields>;
}

/** The type of the values: the table's shape, with each setting's own type in its place. */
export type Values<F extends Fields> = { readonly [K in keyof F]: ValueOf<F[K]> };

type ValueOf<N> =
  N extends Setting<infer V>
    ? V
    : N extends Section<infer F>
      ? Values<F>
      : N extends Items<infer F>
        ? readonly Values<F>[]
        : never;

type Words<V> = Omit<Common<V>, 'default'>;

const setting = <V>(
  shape: Setting<V>['shape'],
  item: Validator<unknown>,
  common: Common<V>,
): Setting<V> => ({ kind: 'setting', shape, item, secret: false, ...common });

/** One value with a default. */
export const one = <T>(item: Validator<T>, common: Common<T>): Setting<T> =>
  setting('one', item, common);

/** One value that may be absent. */
export const optional = <T>(
  item: Validator<T>,
  words: Words<T | undefined>,
): Setting<T | undefined> => setting('one', item, { ...words, default: undefined });

/** One value that is never shown, and may come from a file. */
export const secret = <T>(
  item: Validator<T>,
  words: Words<T | undefined>,
): Setting<T | undefined> => ({
  ...optional(item, words),
  secret: true,
});

/** Several values, separated by commas or blanks in a variable. */
export const list = <T>(item: Validator<T>, common: Common<readonly T[]>): Setting<readonly T[]> =>
  setting('list', item, common);

/** An address table: `from=to, from=to` in a variable. Empty unless given. */
export const table = <F, T>(
  from: Validator<F>,
  to: Validator<T>,
  words: Words<readonly Row<F, T>[]>,
): Setting<readonly Row<F, T>[]> => ({
  ...setting<readonly Row<F, T>[]>('table', to, { ...words, default: [] }),
  from,
});

/** Every parameter that a setting decides. */
export const parametersOf = ({ drives }: Setting<unknown>): readonly string[] =>
  typeof drives === 'string' ? [drives] : drives;

/** The suffix of a secret's key and variable when they name its file. */
const FILE = '_file';

/** The setting that names the file of a secret. */
const fileOf = (key: string, { describe }: Setting<unknown>): Setting<unknown> => ({
  ...optional(path(), {
    describe: describe.replace(/\.$/, ', in a file: its full path.'),
    example: `/run/secrets/${key}`,
    drives: [],
  }),
  fileOf: key,
});

/** The settings of a section, each secret with its file behind it. */
export function withFiles<F extends Fields>(fields: F): F {
  const all = Object.entries(fields).flatMap(([key, node]): [string, Fields[string]][] =>
    node.kind === 'setting' && node.secret
      ? [
          [key, node],
          [key + FILE, fileOf(key, node)],
        ]
      : [[key, node]],
  );
  // The added settings name files. Their contents become the values of the secrets.
  return Object.fromEntries(all) as Fields as F;
}

export const section = <F extends Fields>(fields: F): Section<F> => ({
  kind: 'section',
  fields: withFiles(fields),
});

export const items = <F extends Fields>(describe: string, fields: F): Items<F> => ({
  kind: 'items',
  describe,
  fields: withFiles(fields),
});
