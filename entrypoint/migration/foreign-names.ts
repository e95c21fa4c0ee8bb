/**
 * The names of other images' variables: all that a start needs to know of them. The list is written by
 * "npm run docs" from the peers, which are loaded by "migrate" only.
 */
import names from './names.json' with { type: 'json' };

/** A variable of another image, or a family of them: `POSTMAP_*`. */
export interface NamedVariable {
  readonly name: string;
  /** Our setting; absent without a counterpart. */
  readonly ours?: string | undefined;
  /** Why it has no counterpart. */
  readonly why: string;
  /** Other programs have a variable of that name too, so it does not identify the image. */
  readonly common: boolean;
}

/** Another image, with its variables. */
interface NamedImage {
  readonly name: string;
  readonly variables: readonly NamedVariable[];
}

const IMAGES: readonly NamedImage[] = names;

/** Whether a variable is the one meant, or of the family: `POSTMAP_*`, `POSTFIX_*_FILE`. */
export function isMeant({ name }: Pick<NamedVariable, 'name'>, met: string): boolean {
  const [before = '', after] = name.split('*');
  if (after === undefined) return met === name;
  return met.startsWith(before) && met.endsWith(after) && met.length > before.length + after.length;
}

/** The meaning of a name in other images. */
export interface Foreign {
  readonly images: readonly string[];
  /** The alternative, as an instruction. */
  readonly right: string;
  /** The variables of ours that are named there. */
  readonly meant: readonly string[];
}

/** The images of a variable, except for names that many programs use. */
export function foreignName(name: string): Foreign | undefined {
  const met = IMAGES.flatMap((peer): (readonly [NamedImage, NamedVariable])[] => {
    const found = peer.variables.find((one) => !one.common && isMeant(one, name));
    return found === undefined || found.ours === name ? [] : [[peer, found]];
  });
  const [first] = met;
  if (first === undefined) return undefined;
  const { ours, why } = first[1];
  const right = ours === undefined ? `leave it out: ${why}` : `here it is ${ours}`;
  return {
    images: met.map(([{ name: image }]) => image),
    right,
    meant: right.match(/RELAY_[A-Z_]+/g) ?? [],
  };
}

/** Whether an image has a variable: some of their names are ours too, such as RELAY_HOST. */
export const hasVariable = (image: string, name: string): boolean =>
  IMAGES.some((peer) => peer.name === image && peer.variables.some((one) => isMeant(one, name)));
