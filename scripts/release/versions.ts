/**
 * The version stands in several files, since several tools read it there.
 *
 *     node scripts/release/versions.ts [TAG]     ends with 1 when they differ
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** A file, and where in it the version stands. */
const places: readonly (readonly [file: string, version: RegExp])[] = [
  ['package.json', /^ {2}"version": "(.*)"/m],
  ['entrypoint/package.json', /^ {2}"version": "(.*)"/m],
  ['package-lock.json', /^ {2}"version": "(.*)"/m],
  // The newest version is the first; unreleased changes are above it as "Unreleased".
  ['CHANGELOG.md', /^## (\d\S*)/m],
  ['Dockerfile', /^ARG VERSION=(.*)$/m],
  ['deploy/helm/hikyaku/Chart.yaml', /^version: (.*)$/m],
  ['deploy/helm/hikyaku/Chart.yaml', /^appVersion: "(.*)"$/m],
  ['deploy/kubernetes/kustomization.yaml', /^ {4}newTag: "(.*)"$/m],
  ['deploy/podman/hikyaku.container', /^Image=.*:(.*)$/m],
  ['deploy/nas/compose.yaml', /image: .*hikyaku:([^}]*)\}?$/m],
  ['deploy/unraid/hikyaku.xml', /<Repository>.*:(.*)<\/Repository>/],
];

/** @returns each place as `file: version`; `none` without a version */
export const versions = (
  root: string,
): readonly { readonly file: string; readonly version: string }[] =>
  places.map(([file, pattern]) => ({
    file,
    version: pattern.exec(readFileSync(path.join(root, file), 'utf8'))?.[1] ?? 'none',
  }));

/** The version of this checkout, as package.json has it. */
export const ownVersion = (root: string): string => versions(root)[0]?.version ?? 'none';

if (process.argv[1] === import.meta.filename) {
  const root = path.resolve(import.meta.dirname, '..', '..');
  const [tag = `v${ownVersion(root)}`] = process.argv.slice(2);
  const wrong = versions(root).filter(({ version }) => `v${version}` !== tag);
  for (const { file, version } of wrong) console.error(`${file}: ${version}, where ${tag} is due`);
  if (wrong.length === 0) console.log(tag);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}
