/** The differences between two images. */
import type { Inspection } from './inspection.ts';

/** A line for each difference; empty when all layers are identical. */
export function compareImages(one: Inspection, other: Inspection): readonly string[] {
  const digests = ({ image }: Inspection): string => image.layers.map((l) => l.digest).join();
  const settings = ({ settings: { variables } }: Inspection): string => variables.join('\n');
  const known = [
    ...versions(
      'Node.js',
      byName([{ name: '', version: one.node ?? 'unknown' }]),
      byName([{ name: '', version: other.node ?? 'unknown' }]),
    ),
    ...versions('package ', byName(one.packages), byName(other.packages)),
    ...versions('module ', byName(one.modules), byName(other.modules)),
    ...(one.settings.file === other.settings.file ? [] : ['relay.yaml differs']),
    ...(settings(one) === settings(other) ? [] : ['the variables inside differ']),
  ];
  if (digests(one) === digests(other) || known.length > 0) return known;
  return ['the files differ, though packages, modules and settings are the same'];
}

type Versions = ReadonlyMap<string, string>;

const byName = (all: readonly { readonly name: string; readonly version: string }[]): Versions =>
  new Map(all.map(({ name, version }) => [name, version]));

function versions(kind: string, one: Versions, other: Versions): readonly string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])].sort();
  return names
    .filter((name) => one.get(name) !== other.get(name))
    .map((name) => `${kind}${name}: ${one.get(name) ?? 'none'} and ${other.get(name) ?? 'none'}`);
}
