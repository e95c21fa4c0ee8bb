/** A text whose `${...}` were filled in, as far as their values are known. */
export interface Filled {
  readonly text: string;
  /** The first that is not known, as it stands there; undefined when all are. */
  readonly unknown: string | undefined;
  /** The first unknown variable whose default was used. */
  readonly assumed: string | undefined;
}

const PLACE = /\$(?:\$|\{([A-Za-z_]\w*)(?:(:?[-?+])((?:[^{}]|\{[^{}]*\})*))?\}|([A-Za-z_]\w*))/g;

/**
 * Fills in `$X`, `${X}` and `${X:-default}` as Docker Compose does ("Interpolation" in the Compose
 * file reference); `$$` is a `$`.
 */
export function interpolate(text: string, known: ReadonlyMap<string, string>): Filled {
  let unknown: string | undefined;
  let assumed: string | undefined;
  const filled = text.replaceAll(
    PLACE,
    (all: string, braced?: string, operator?: string, word = '', plain?: string) => {
      const name = braced ?? plain;
      if (name === undefined) return '$';
      const value = known.get(name);
      const isThere = operator?.startsWith(':') === true ? Boolean(value) : value !== undefined;
      if (operator?.endsWith('+') === true) return isThere ? word : '';
      if (isThere) return value ?? '';
      if (operator?.endsWith('-') === true) {
        assumed ??= `\${${name}}`;
        return word;
      }
      unknown ??= operator === undefined ? all : `\${${name}}`;
      return '';
    },
  );
  return { text: filled, unknown, assumed };
}
