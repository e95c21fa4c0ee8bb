/** The volume of a queue: whether there is one, and whether mail is in it. */

import { isNotFound } from './answers.ts';
import { readArchive } from './archive.ts';
import type { Docker } from './engine.ts';
import { SPOOL } from './relay-container.ts';

export async function hasVolume(docker: Docker, name: string): Promise<boolean> {
  try {
    await docker.getVolume(name).inspect();
    return true;
  } catch (fault) {
    if (isNotFound(fault)) return false;
    throw fault;
  }
}

/** Files in the queues of Postfix that hold mail (qmgr(8), "QUEUES"), and where mail is handed in. */
const MAIL = /^[^/]+\/(maildrop|incoming|active|deferred|hold|corrupt)\/(.*\/)?[^/]+$/;

/**
 * Whether a container, which may have ended, has mail in its queue.
 * @throws when that cannot be told
 */
export async function holdsMail(container: ReturnType<Docker['getContainer']>): Promise<boolean> {
  let found = false;
  await readArchive(await container.getArchive({ path: SPOOL }), async (name) => {
    found ||= MAIL.test(name);
  });
  return found;
}
