/**
 * What a dockerd that was killed leaves behind. dockerd refuses to start while its pid file names a
 * process that lives, and waits in vain for a containerd whose pid file does: after a restart of
 * the machine either number may belong to any other program.
 */
import { readFile, rm } from 'node:fs/promises';
import type { Progress } from '../../src/progress.ts';

interface PidFile {
  readonly file: string;
  readonly program: string;
}

const pidFiles: readonly PidFile[] = [
  { file: '/var/run/docker.pid', program: 'dockerd' },
  { file: '/var/run/docker/containerd/containerd.pid', program: 'containerd' },
];

/** A dockerd that lives but does not answer yet is given this long. */
const LIVING_MS = 20_000;
/** Time for an engine that the package's own script has just started to write its pid file. */
const GRACE_MS = 1_000;

/**
 * Removes the pid files whose program does not run any more.
 * @returns for how many milliseconds an engine that is about to answer should be waited for
 */
export async function removeStaleFiles(progress: Progress): Promise<number> {
  let patience = GRACE_MS;
  for (const { file, program } of pidFiles) {
    const pid = await readText(file);
    if (pid === undefined) continue;
    const name = await readText(`/proc/${pid}/comm`);
    if (name === program) {
      if (program === 'dockerd') patience = LIVING_MS;
      continue;
    }
    progress.line(`removing ${file}, left behind by a ${program} that is gone`);
    await rm(file, { force: true });
  }
  return patience;
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => undefined,
  );
}
