/** The volume of a queue: whether there is one, and whether mail is in it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { Docker } from './engine.ts';
import { isNotFound } from './images.ts';
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

/** Whether a container, which may have ended, has mail in its queue. */
export async function holdsMail(container: ReturnType<Docker['getContainer']>): Promise<boolean> {
  const archive = await container.getArchive({ path: SPOOL });
  const tar = spawn('tar', ['-t', '-f', '-'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(tar, 'close');
  const [names] = await Promise.all([text(tar.stdout), pipeline(archive, tar.stdin), ended]);
  return names.split('\n').some((name) => MAIL.test(name));
}
