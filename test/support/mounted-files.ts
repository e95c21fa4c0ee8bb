import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A file's content, or with another mode than 0644. */
export type FileContent = string | { readonly content: string; readonly mode: number };

/** Files by their path in the container. */
export type Files = Readonly<Record<string, FileContent>>;

/**
 * Files of the host that are mounted into a container one by one: nothing can be copied into a
 * container whose root is read-only.
 */
export class MountedFiles implements AsyncDisposable {
  readonly #folder: string;
  readonly #sources: ReadonlyMap<string, string>;

  private constructor(folder: string, sources: ReadonlyMap<string, string>) {
    this.#folder = folder;
    this.#sources = sources;
  }

  static async create(files: Files): Promise<MountedFiles> {
    const folder = await mkdtemp(join(tmpdir(), 'hikyaku-test-'));
    const targets = Object.keys(files);
    const sources = new Map(targets.map((target, index) => [target, join(folder, `${index}`)]));
    const mounted = new MountedFiles(folder, sources);
    for (const [target, content] of Object.entries(files)) await mounted.write(target, content);
    return mounted;
  }

  mounts(): { source: string; target: string; mode: 'ro' }[] {
    return [...this.#sources].map(([target, source]) => ({ source, target, mode: 'ro' }));
  }

  /** Writes in place: a mounted file is an inode, another file of that name would not be seen. */
  async write(target: string, file: FileContent): Promise<void> {
    const source = this.#sources.get(target);
    if (source === undefined) throw new Error(`${target} is not among the mounted files`);
    const { content, mode } = typeof file === 'string' ? { content: file, mode: 0o644 } : file;
    await writeFile(source, content);
    await chmod(source, mode);
  }

  /** Writes another file of that name. */
  async replace(target: string, file: FileContent): Promise<void> {
    const source = this.#sources.get(target);
    if (source !== undefined) await rm(source);
    await this.write(target, file);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
