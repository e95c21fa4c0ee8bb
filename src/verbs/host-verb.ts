/** A verb of the builder: a verb of the framework with the world of the checkout. */

import type { ExitCode } from '../../entrypoint/cli/errors.ts';
import {
  type Call,
  type Description,
  type Options,
  type Verb,
  verb,
  type World,
} from '../../entrypoint/cli/verb.ts';

export interface HostWorld extends World {
  /** The checkout. */
  readonly root: string;
  readonly stdout: NodeJS.WriteStream;
}

export const hostVerb = <
  const O extends Options = Record<never, never>,
  const W extends readonly string[] = [],
>(
  description: Description<O, W>,
  run: (call: Call<O, W, HostWorld>) => Promise<ExitCode>,
): Verb<HostWorld> => verb<O, W, HostWorld>(description, run);
