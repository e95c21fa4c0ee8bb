import { existsSync, readFileSync } from 'node:fs';

/** The mounts of this container (proc_pid_mountinfo(5)). */
export interface Mount {
  /** The mounted part of the file system: for a volume or a file of the host, its path there. */
  readonly root: string;
  readonly point: string;
  readonly type: string;
}

const MOUNTINFO = '/proc/self/mountinfo';

export const readMounts = (): readonly Mount[] =>
  existsSync(MOUNTINFO) ? mountsIn(readFileSync(MOUNTINFO, 'utf8')) : [];

/** Reads mountinfo: `36 35 98:0 /root /point rw,noatime master:1 - ext3 /dev/root rw`. */
export const mountsIn = (text: string): readonly Mount[] =>
  text.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , , root, point] = before.split(' ').map(plain);
    const [type = ''] = after.split(' ');
    return root === undefined || point === undefined ? [] : [{ root, point, type }];
  });

/** Blanks and the like are written in octal: `\040`. */
const plain = (field: string): string =>
  field.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(parseInt(digits, 8)));

/** The kernel's mark behind the path of a file that its folder no longer has. */
const DELETED = /\/\/deleted$/;

/**
 * Files that are mounted one by one and were replaced on the host, as `sed -i` and many editors do:
 * the container goes on seeing the old ones.
 */
export const replacedFiles = (mounts: readonly Mount[]): readonly string[] =>
  mounts.filter(({ root }) => DELETED.test(root)).map(({ point }) => point);

/** Settings files that are mounted, by their usual names. */
export const settingsFiles = (mounts: readonly Mount[]): readonly string[] =>
  mounts
    .map(({ point }) => point)
    .filter((point) => /\/(relay|hikyaku)\.ya?ml(\.txt)?$/i.test(point));

/** Why what is written to a directory does not outlive the container, if so. */
export function lossOf(mounts: readonly Mount[], directory: string): string | undefined {
  const mount = mounts.findLast(
    ({ point }) => point === '/' || directory === point || directory.startsWith(`${point}/`),
  );
  if (mount === undefined) return undefined;
  if (mount.type === 'tmpfs') return 'is in memory (a tmpfs)';
  if (mount.point === '/' || mount.type === 'overlay') return 'is on no volume';
  // Docker and Podman name an anonymous volume with 64 digits; Kubernetes empties this kind.
  if (/\/volumes\/[0-9a-f]{64}\/_data$/.test(mount.root)) return 'is on a volume without a name';
  return mount.root.includes('/kubernetes.io~empty-dir/') ? 'is on an emptyDir' : undefined;
}
