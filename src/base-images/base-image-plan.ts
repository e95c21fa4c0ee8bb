/** Which images the builds start from: decided here from facts, carried out in base-images.ts. */
import { createHash } from 'node:crypto';

export const publicDebian = 'debian:trixie-slim';
export const publicNode = 'node:26-trixie-slim';

/** Names of our own: a stand-in never takes a public name on somebody's machine. */
const local = 'hikyaku-local';

export interface BaseFacts {
  /** The image that the user named, if any. */
  readonly given: string | undefined;
  /** The public image is on this machine. */
  readonly publicHere: boolean;
  /** The stand-in that this recipe would make is on this machine. */
  readonly standInHere: boolean;
}

export type BaseChoice = 'given' | 'public' | 'stand-in' | 'pull, else make a stand-in';

/**
 * A stand-in that exists is preferred to trying the public image again: on a machine without an
 * image registry, that try costs up to half a minute each time.
 */
export function chooseBase(facts: BaseFacts): BaseChoice {
  if (facts.given !== undefined && facts.given !== '') return 'given';
  if (facts.publicHere) return 'public';
  if (facts.standInHere) return 'stand-in';
  return 'pull, else make a stand-in';
}

/** mmdebstrap's arguments for a root file system like that of the public slim image. */
export function mmdebstrapArgs(target: string): readonly string[] {
  return [
    '--variant=minbase',
    ...slimOptions.map((option) => `--dpkgopt=${option}`),
    'trixie',
    target,
  ];
}

/** What the public slim image leaves out too. Copyright files stay: the licences ask for it. */
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
  /** The host's own CA bundle, or '' when it has none. */
  readonly caBundle: string;
}

export function nodeStandIn(recipe: NodeRecipe): string {
  return `${local}/node:26-${digest([recipe.base, recipe.dockerfile, recipe.nodeVersion, recipe.caBundle])}`;
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
}
