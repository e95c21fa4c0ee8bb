/**
 * The grammar of Postfix's files. Only this module concatenates Postfix syntax.
 * Sources: postconf(5) "SYNTAX", master(5) "SYNTAX", postmap(1) "INPUT FORMAT".
 */

/** A parameter and its value; several values are written one a line. */
export type Parameter = readonly [name: string, value: string | readonly string[]];

/** Parameters that belong together, under a comment that says why they are there. */
export interface Group {
  readonly comment: string;
  readonly parameters: readonly Parameter[];
}

/** A text as a value that means just itself: in .cf files "$" starts a reference, "$$" is a "$". */
export const literal = (text: string): string => text.replaceAll('$', '$$$$');

const parameterLine = ([name, value]: Parameter): string => {
  const text = typeof value === 'string' ? value : value.join('\n    ');
  const separator = typeof value !== 'string' && value.length > 1 ? '\n    ' : ' ';
  return text === '' ? `${name} =\n` : `${name} =${separator}${text}\n`;
};

const commentLines = (comment: string): string =>
  comment
    .split('\n')
    .map((line) => `# ${line}\n`)
    .join('');

/** A whole main.cf. Groups without parameters are left out. */
export const mainCfText = (head: string, groups: readonly Group[]): string =>
  [
    commentLines(head),
    ...groups
      .filter(({ parameters }) => parameters.length > 0)
      .map(
        ({ comment, parameters }) => commentLines(comment) + parameters.map(parameterLine).join(''),
      ),
  ].join('\n');

/** One service of master.cf; `wakeup` and `processes` are `-` for Postfix's default. */
export interface Service {
  readonly name: string;
  readonly type: 'inet' | 'unix' | 'unix-dgram';
  /** Whether only Postfix itself can reach it. */
  readonly private: boolean;
  /** Whether it runs without root's rights. */
  readonly unprivileged: boolean;
  readonly wakeup?: string;
  readonly processes?: string;
  readonly command: string;
  /** `-o` overrides of main.cf. */
  readonly options?: readonly Option[];
}

/** A parameter of main.cf that one service has otherwise. */
export type Option = readonly [name: string, value: string];

type Traits = Partial<Omit<Service, 'name' | 'command' | 'type'>>;

/** A service that only Postfix itself can reach, without root's rights, where `traits` says nothing else. */
export const unix = (name: string, command: string, traits: Traits = {}): Service => ({
  name,
  type: 'unix',
  private: true,
  unprivileged: true,
  command,
  ...traits,
});

const yesOrNo = (flag: boolean): string => (flag ? 'y' : 'n');

/** The form in braces takes blanks in the value (master(5), Postfix 3.0 and later). */
const optionLine = ([name, value]: Option): string => `\n    -o { ${name} = ${value} }`;

/** One entry of master.cf. Nothing runs chrooted: the container is the confinement. */
const serviceLine = (service: Service): string => {
  const columns = [
    service.name.padEnd(15),
    service.type.padEnd(10),
    yesOrNo(service.private),
    yesOrNo(service.unprivileged),
    'n',
    (service.wakeup ?? '-').padEnd(5),
    (service.processes ?? '-').padEnd(3),
    service.command,
  ];
  return `${columns.join(' ')}${(service.options ?? []).map(optionLine).join('')}\n`;
};

/** A whole master.cf. */
export const masterCfText = (head: string, services: readonly Service[]): string =>
  `${commentLines(head)}${services.map(serviceLine).join('')}`;

/** A table of patterns (regexp_table(5), pcre_table(5)): `/pattern/ result`, the first that matches counts. */
export const patternTableText = (head: string, rows: PatternRows): string =>
  commentLines(head) + patternRowsText(rows);

type PatternRows = readonly (readonly [pattern: string, result: string])[];

const patternRowsText = (rows: PatternRows): string =>
  rows.map(([pattern, result]) => `/${pattern}/ ${result}\n`).join('');

/** Rows that are asked for what another pattern matches ("if" in regexp_table(5)). */
export const conditionalRowsText = (condition: string, rows: PatternRows): string =>
  `if /${condition}/\n${patternRowsText(rows)}endif\n`;

/** A text in a pattern (regexp_table(5), pcre_table(5)) that means just itself. */
export const literalPattern = (text: string): string =>
  text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/**
 * A lookup table for postmap or texthash. A key ends at the first white space; "#" at its start
 * would make a comment. Validators keep both out, so meeting one here is a bug of ours.
 */
export function tableText(head: string, rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([key, value]) => {
    if (key === '' || /^#|[\s"]/.test(key) || value === '' || /[\r\n\0]|[ \t]$/.test(value)) {
      throw new Error('a table entry that its file format cannot hold reached rendering');
    }
    return `${key}\t${value}\n`;
  });
  return commentLines(head) + lines.join('');
}
