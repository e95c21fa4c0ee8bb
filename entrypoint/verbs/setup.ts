import { existsSync } from 'node:fs';
import { EXIT, UserError } from '../cli/errors.ts';
import { type Verb, verb } from '../cli/verb.ts';
import { DESCRIPTION } from '../setup/options.ts';

/** Its own program: no other verb loads any of it. */
const PROGRAM = '/usr/share/hikyaku/setup.js';

/** Refuses wrong options before the other program is loaded. */
const reading = verb(DESCRIPTION, async () => EXIT.ok);

/** `hikyaku setup`: this process becomes that program. */
export const setupVerb: Verb = {
  ...reading,
  run: async (args, world) => {
    await reading.run(args, world);
    // process.execve aborts the whole program when it fails, so look first.
    if (!existsSync(PROGRAM)) throw new UserError(`${PROGRAM} is missing: use the image`);
    process.execve?.(process.execPath, [process.execPath, PROGRAM, 'setup', ...args], {
      ...world.environment,
    });
    throw new UserError('this Node.js has no process.execve: use Node.js 22.15 or later');
  },
};
