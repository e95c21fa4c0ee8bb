/** The README's picture of the demo, which the demo itself records and compares. */
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { terminalPicture } from '../docs/terminal-picture.ts';

/** Texts that differ between runs: addresses, ports, times, names of messages. */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/http:\/\/\S+\/messages/g, 'URL'],
  [/\(\S+ \[[\d.]+\]\)/g, '(CLIENT)'],
  [/ id \w+$/gm, ' id ID'],
  [/^( +Message-ID: ).*$/gm, '$1ID'],
  [/\w{3}, \d{1,2} \w{3} \d{4} [\d:]{8}/g, 'DATE'],
];

/** The text without what changes; the body of the mail tells of the machine, and is left out. */
export function shape(text: string): string {
  const fixed = CHANGING.reduce((all, [pattern, name]) => all.replaceAll(pattern, name), text);
  return fixed.replaceAll(/^ {2}Linux .*\n( {2}.*\n)*/gm, '  BODY\n').trimEnd();
}

const files = (root: string) => {
  const at = (name: string): string => path.join(root, 'docs', 'pictures', name);
  return { text: at('demo.txt'), picture: at('demo.svg') };
};

/** Makes the picture of the output. */
export async function record(root: string, shown: string): Promise<void> {
  const { text, picture } = files(root);
  await writeFile(text, `${shown.trimEnd()}\n`);
  await writeFile(picture, terminalPicture('npm run demo', shown));
}

/** @throws UserError when the picture shows something else */
export async function compare(root: string, shown: string): Promise<void> {
  const { text } = files(root);
  if (shape(await readFile(text, 'utf8')) === shape(shown)) return;
  throw new UserError(
    'docs/pictures/demo.svg shows something else: "npm run demo -- --record" makes it anew.',
  );
}
