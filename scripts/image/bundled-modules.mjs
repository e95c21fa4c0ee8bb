/**
 * Runs once, while the image is built: which npm modules are in the bundle, as esbuild's metafile
 * tells. A line each: name, version, licence.
 *
 *     node bundled-modules.mjs METAFILE
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

const [metafile = ''] = process.argv.slice(2);
const { inputs } = JSON.parse(readFileSync(metafile, 'utf8'));

// The last "node_modules" counts: a module may bring its own copy of another one.
const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
const folders = new Set(Object.keys(inputs).flatMap((file) => folder.exec(file)?.[0] ?? []));
const lines = [...folders].map((one) => {
  const { name, version, license } = JSON.parse(readFileSync(`${one}/package.json`, 'utf8'));
  return `${name} ${version} ${license}`;
});
console.log([...new Set(lines)].sort().join('\n'));
