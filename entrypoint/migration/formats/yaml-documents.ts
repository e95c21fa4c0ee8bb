import { isCollection, parseAllDocuments } from 'yaml';

export type Tree = Readonly<Record<string, unknown>>;

export const toObject = (value: unknown): Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

export const toList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * The documents of a YAML file, or undefined for a text that is none. Every scalar is taken as the
 * text it is: `587` and `yes` are what somebody typed.
 */
export function plainDocuments(text: string): readonly Tree[] | undefined {
  try {
    const documents = parseAllDocuments(text, {
      schema: 'failsafe',
      merge: true,
      prettyErrors: false,
    });
    if ('empty' in documents || documents.some(({ errors }) => errors.length > 0)) return undefined;
    if (!documents.some(({ contents }) => isCollection(contents))) return undefined;
    return documents.map((document) => toObject(document.toJS()));
  } catch {
    // yaml itself limits aliases and depth; a file beyond these limits does not count as YAML.
    return undefined;
  }
}
