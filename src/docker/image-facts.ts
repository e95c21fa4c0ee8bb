/** What the engine knows of an image. */
import { UserError } from '../../entrypoint/errors.ts';
import type { Docker } from './engine.ts';
import { isNotFound } from './images.ts';

export interface ImageFacts {
  readonly id: string;
  readonly platform: string;
  readonly bytes: number;
  /** The lowest first; those without content are left out. */
  readonly layers: readonly { readonly digest: string; readonly bytes: number }[];
  readonly env: readonly string[];
}

/** @throws UserError when there is no such image here */
export async function imageFacts(docker: Docker, name: string): Promise<ImageFacts> {
  const image = docker.getImage(name);
  try {
    const { Id, Os, Architecture, Size, RootFS, Config } = await image.inspect();
    const history: readonly { readonly Size: number }[] = await image.history();
    // The history has the newest first, and steps that only changed the configuration. A layer may
    // be empty as well: then sizes cannot be told apart, and the order decides.
    const sizes = history.map(({ Size: bytes }) => bytes).filter((bytes) => bytes > 0);
    const digests = RootFS.Layers ?? [];
    const lowestFirst = sizes.reverse();
    return {
      id: Id,
      platform: `${Os}/${Architecture}`,
      bytes: Size,
      layers: digests.map((digest, at) => ({ digest, bytes: lowestFirst[at] ?? 0 })),
      env: Config.Env ?? [],
    };
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new UserError(`There is no image "${name}" here: "hikyaku build" makes one.`);
  }
}
