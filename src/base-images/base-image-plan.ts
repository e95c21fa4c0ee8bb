/** The names of the images that the builds start from, and what their stand-ins are made of. */
import { createHash } from 'node:crypto';

export const publicDebian = 'debian:trixie-slim';
export const publicNode = 'node:26-trixie-slim';

/** Our own names, so that a stand-in never takes a public name. */
const local = 'hikyaku-local';

/** mmdebstrap's arguments for a root file system like that of the public slim image. */
export function mmdebstrapArgs(target: string): readonly string[] {
  return [
    '--variant=minbase',
    ...slimOptions.map((option) => `--dpkgopt=${option}`),
    'trixie',
    target,
  ];
}

/** Files that the public slim image lacks too. Copyright files stay, as licences require. */
const slimOptions: readonly string[] = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/locale/*',
  'path-include=/usr/share/locale/locale.alias',
  'path-exclude=/usr/share/groff/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/lintian/*',
  'path-exclude=/usr/share/linda/*',
];

/** The tag says what the image was made from, so that a changed recipe makes a new image. */
export function debianStandIn(): string {
  return `${local}/debian:trixie-${digest(mmdebstrapArgs(''))}`;
}

export interface NodeRecipe {
  /** Id of the image it is made from. */
  readonly base: string;
  /** Text of the Dockerfile. */
  readonly dockerfile: string;
  readonly nodeVersion: string;
  /** The host's own CA bundle; '' without one. */
  readonly caBundle: string;
}

export function nodeStandIn(recipe: NodeRecipe): string {
  return `${local}/node:26-${digest([recipe.base, recipe.dockerfile, recipe.nodeVersion, recipe.caBundle])}`;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
