/** The help of verbs. */
import { type Description, usageLine } from './verb.ts';

/** `hikyaku help` */
export function verbList(verbs: readonly Description[], command: string): readonly string[] {
  const rows = verbs.map(
    (one) => [[one.name, ...(one.words ?? [])].join(' '), one.summary] as const,
  );
  return [
    `Usage: ${command} VERB [options]`,
    '',
    ...columns(rows),
    '',
    `"${command} help VERB" explains a verb and its options.`,
    `"${command} help settings" lists the settings, "${command} help SETTING" explains one.`,
  ];
}

/** `hikyaku help VERB` */
export function verbHelp(verb: Description, command: string): readonly string[] {
  const rows = Object.entries(verb.options ?? {}).map(([name, { short, value, about }]) => {
    const names = short === undefined ? `--${name}` : `-${short}, --${name}`;
    return [value === undefined ? names : `${names} ${value}`, about] as const;
  });
  return [
    `Usage: ${command} ${usageLine(verb)}`,
    '',
    verb.summary,
    ...(verb.details === undefined ? [] : [verb.details]),
    ...(rows.length > 0 ? ['', ...columns(rows)] : []),
  ];
}

function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
