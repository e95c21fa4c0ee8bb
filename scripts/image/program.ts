import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

const PROGRAM = '/usr/share/hikyaku/program.js';

/** V8's code cache of the program, from the build of the image. */
export const COMPILED = '/usr/share/hikyaku/program.compiled';

/**
 * The bundled program, ready to run.
 * @param cachedData what V8 made of it at an earlier time; it compiles anew what does not fit it
 *   (Node.js, "vm.Script")
 */
export const program = (cachedData?: Buffer): Script =>
  // The bundle is ASCII, which is read faster as what it also is.
  new Script(readFileSync(PROGRAM, 'latin1'), { filename: PROGRAM, cachedData });
