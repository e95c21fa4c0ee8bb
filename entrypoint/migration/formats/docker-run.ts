import { isKnownImage } from '../identify.ts';
import { assignment, targetOf } from './compose.ts';
import { literally, type Service, serviceOf } from './service.ts';

/**
 * The pieces of a shell's command line: lines that go on (also in the way of PowerShell and cmd),
 * ends of commands, comments, words.
 */
const PIECE =
  /[\\`^]\r?\n|\r?\n|[;&|]+|#[^\n]*|(?:'[^']*'|"(?:\\[\s\S]|[^"\\])*"|\\[^\r\n]|\$\([^)\n]*\)|[^\s'"\\;&|])+/g;

const PART = /'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"|\\([\s\S])|[^'"\\]+/g;

/** A word after the shell's quoting; `$X` stays, as in Compose. */
const unquoted = (word: string): string =>
  word.replaceAll(
    PART,
    (all: string, single?: string, double?: string, escaped?: string): string => {
      if (single !== undefined) return literally(single);
      if (double === undefined) return escaped === undefined ? all : literally(escaped);
      return double.replaceAll(/\\([$"\\`])/g, (_, one: string) => literally(one));
    },
  );

/** The commands of a text, each as its words. */
function commandsIn(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  for (const [piece] of text.matchAll(PIECE)) {
    if (/^[\\`^]\r?\n$/.test(piece) || piece.startsWith('#')) continue;
    if (/^([;&|]+|\r?\n)$/.test(piece)) commands.push([]);
    else commands.at(-1)?.push(unquoted(piece));
  }
  return commands;
}

/** The containers that `docker run` and its kin start, in a script or on a page. */
export const runCommands = (text: string): readonly Service[] =>
  commandsIn(text).flatMap((words) => {
    const program = words.findIndex((word) => /(^|\/)(docker|podman|nerdctl)$/.test(word));
    const verb = words[program + 1] === 'container' ? program + 2 : program + 1;
    if (program < 0 || !/^(run|create)$/.test(words[verb] ?? '')) return [];
    return [readRun(words.slice(verb + 1))];
  });

/** The options that matter here, with the letter that stands for them. */
const OPTIONS: Readonly<Record<string, string>> = {
  e: 'env',
  h: 'hostname',
  v: 'volume',
};

/** The values of an option: `--env X`, `--env=X`, `-e X`, `-eX`, `-ite X`. */
function valuesOf(words: readonly string[], option: string): readonly string[] {
  const letter = Object.keys(OPTIONS).find((one) => OPTIONS[one] === option);
  return words.flatMap((word, at) => {
    const next = words[at + 1];
    const isShort = letter !== undefined && new RegExp(`^-[dit]*${letter}$`).test(word);
    if (word === `--${option}` || isShort) return next === undefined ? [] : [next];
    if (word.startsWith(`--${option}=`)) return [word.slice(option.length + 3)];
    const isJoined = letter !== undefined && new RegExp(`^-${letter}.`).test(word);
    return isJoined ? [word.slice(2)] : [];
  });
}

const readRun = (words: readonly string[]): Service =>
  serviceOf({
    name: valuesOf(words, 'name')[0] ?? '',
    image: words.find(isKnownImage) ?? '',
    environment: new Map(valuesOf(words, 'env').map(assignment)),
    envFiles: valuesOf(words, 'env-file'),
    hostname: valuesOf(words, 'hostname')[0],
    mounts: [
      ...valuesOf(words, 'volume').flatMap(targetOf),
      ...valuesOf(words, 'mount').flatMap((text) => [
        ...(/(?:^|,)(?:target|destination|dst)=([^,]+)/.exec(text)?.slice(1) ?? []),
      ]),
    ],
  });
