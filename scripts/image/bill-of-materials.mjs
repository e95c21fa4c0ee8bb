/**
 * Runs twice, while the image is built: writes a bill of materials (CycloneDX 1.6) of what no record
 * of Debian tells. Scanners find such a file in an image by its name, and so does `hikyaku inspect`.
 *
 *     node bill-of-materials.mjs > node.cdx.json                 this Node.js
 *     node bill-of-materials.mjs METAFILE... > program.cdx.json  the npm modules in esbuild's bundles
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

/** Node.js has no package URL of its own; vulnerability databases know it by this CPE. */
const runtime = () => ({
  type: 'application',
  name: 'node',
  version: process.versions.node,
  cpe: `cpe:2.3:a:nodejs:node.js:${process.versions.node}:*:*:*:*:*:*:*`,
  purl: `pkg:generic/node@${process.versions.node}`,
  licenses: [{ expression: 'MIT' }],
});

/** @param {string} metafile */
function bundled(metafile) {
  const { inputs } = JSON.parse(readFileSync(metafile, 'utf8'));
  // The last "node_modules" counts: a module may bring its own copy of another one.
  const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/;
  const folders = new Set(Object.keys(inputs).flatMap((file) => folder.exec(file)?.[0] ?? []));
  return [...folders].map((one) => {
    const { name, version, license } = JSON.parse(readFileSync(`${one}/package.json`, 'utf8'));
    // A scope's "@" is encoded (package-url specification, "npm").
    const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
    return { type: 'library', name, version, purl, licenses: [{ expression: license }] };
  });
}

const metafiles = process.argv.slice(2);
const found = metafiles.length === 0 ? [runtime()] : metafiles.flatMap(bundled);
const byPurl = new Map(found.map((one) => [one.purl, { 'bom-ref': one.purl, ...one }]));
const components = [...byPurl.values()].sort((a, b) => (a.purl < b.purl ? -1 : 1));
console.log(
  JSON.stringify({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1, components }, null, 1),
);
