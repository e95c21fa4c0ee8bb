import { LineCounter, type ParsedNode, parseAllDocuments } from 'yaml';

const MISPLACED = [
  'a colon or the indentation is out of place',
  'indent the lines of a section alike, and put a value with ": " in it in quotes',
] as const;

/** A tag has no meaning in a file of settings. */
export const TAG = [
  'a tag ("!" and a name) means nothing here',
  'write only the value; if the "!" belongs to it, put it in quotes',
] as const;

/** yaml's code for what exhausts the stack. */
export const TOO_DEEP = 'RESOURCE_EXHAUSTION';

const FAULTS: Readonly<Record<string, readonly [wrong: string, right: string]>> = {
  TAB_AS_INDENT: ['a tab is used to indent', 'use blanks, as YAML wants it'],
  BAD_INDENT: [
    'the indentation does not fit the lines above, or a bracket there is not closed',
    'indent it like those, or close the bracket',
  ],
  MISSING_CHAR: ['a quote, bracket or colon is missing', 'add it'],
  BAD_SCALAR_START: ['a value cannot start with this character', 'put the value in quotes'],
  UNEXPECTED_TOKEN: [
    'something stands here that does not belong to what is before it',
    'take it away, or put the whole value in quotes',
  ],
  BAD_DQ_ESCAPE: [
    'a backslash in double quotes starts an escape, but this is not an escape',
    'put the value in single quotes, where a backslash is just itself',
  ],
  BLOCK_AS_IMPLICIT_KEY: MISPLACED,
  MULTILINE_IMPLICIT_KEY: MISPLACED,
  TAG_RESOLVE_FAILED: TAG,
  [TOO_DEEP]: [
    'lists or brackets are nested too deeply',
    'write the settings as docs/settings.md shows them',
  ],
};

/** The fault of the YAML, without yaml's own text, which may quote the line and its secret. */
export const yamlFault = (code: string): readonly [wrong: string, right: string] =>
  FAULTS[code] ?? [
    `is not YAML (${code.toLowerCase().replaceAll('_', ' ')})`,
    'mend the line, or put the value in quotes',
  ];

/**
 * The documents of a text; undefined where it is nested deeper than yaml's parser can follow, which
 * then throws a RangeError (its composer reports RESOURCE_EXHAUSTION).
 */
export function yamlDocuments(
  text: string,
  options: NonNullable<Parameters<typeof parseAllDocuments>[1]>,
): ReturnType<typeof parseAllDocuments<ParsedNode>> | undefined {
  try {
    return parseAllDocuments(text, options);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The place and reason of the first syntax error; undefined for valid YAML. */
export function firstYamlFault(text: string): string | undefined {
  const lineCounter = new LineCounter();
  const documents = yamlDocuments(text, { prettyErrors: false, lineCounter });
  if (documents === undefined) return yamlFault(TOO_DEEP).join('; ');
  const [fault] = documents.flatMap(({ errors }) => errors);
  if (fault === undefined) return undefined;
  const { line, col } = lineCounter.linePos(fault.pos[0]);
  return `line ${line}, column ${col}: ${yamlFault(fault.code).join('; ')}`;
}
