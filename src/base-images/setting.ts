/** The common input of all bootstrap steps. */
import type { Docker } from '../docker/engine.ts';
import type { Progress } from '../progress.ts';

export interface Setting {
  readonly docker: Docker;
  readonly progress: Progress;
  /** The repository. */
  readonly root: string;
  /** Its directory for what may be thrown away. */
  readonly cache: string;
}
