import { createServer, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { EXIT, isSystemError, UserError } from '../cli/errors.ts';

/**
 * A name that one process at a time can have. It lives in the kernel ("abstract" in unix(7)) and
 * goes with the process: a lock file would be left over by a process that was killed.
 */
const NAME = '\0hikyaku';
const PATIENCE_MS = 60_000;
const EVERY_MS = 50;

/**
 * Does something that no other process of this container may do meanwhile.
 * @throws UserError when another one takes too long
 */
export async function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const holder = await takeTurn();
  try {
    return await work();
  } finally {
    holder.close();
  }
}

async function takeTurn(): Promise<Server> {
  for (let waited = 0; waited < PATIENCE_MS; waited += EVERY_MS) {
    const holder = await takeName();
    if (holder !== undefined) return holder;
    await pause(EVERY_MS);
  }
  throw new UserError('another reload has not ended yet: try again later', EXIT.unavailable);
}

function takeName(): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (fault) => {
      if (isSystemError(fault) && fault.code === 'EADDRINUSE') resolve(undefined);
      else reject(fault);
    });
    server.listen(NAME, () => resolve(server));
  });
}
