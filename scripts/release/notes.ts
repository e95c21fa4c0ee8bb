/** Prints what CHANGELOG.md says of a version: `node scripts/release/notes.ts [VERSION]` */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { ownVersion } from './versions.ts';

/** @returns the lines below the version's heading; `undefined` without that heading */
export function notesOf(changelog: string, version: string): string | undefined {
  const part = changelog.split(/^## /m).find((one) => one.split(/\s/, 1)[0] === version);
  return part?.slice(part.indexOf('\n')).trim();
}

if (process.argv[1] === import.meta.filename) {
  const root = path.resolve(import.meta.dirname, '..', '..');
  const [version = ownVersion(root)] = process.argv.slice(2);
  const notes = notesOf(readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8'), version);
  if (notes === undefined) console.error(`CHANGELOG.md has no heading "## ${version}"`);
  else console.log(notes);
  process.exitCode = notes === undefined ? 1 : 0;
}
