/** The engine's facts about an image. */
import type { Docker } from './engine.ts';
import { existingImage, isOfRelay } from './images.ts';

export interface ImageFacts {
  readonly id: string;
  /** Whether it is a relay of Hikyaku, or was made from one. */
  readonly isRelay: boolean;
  readonly platform: string;
  readonly bytes: number;
  /** The lowest first; those without content are left out. */
  readonly layers: readonly { readonly digest: string; readonly bytes: number }[];
  readonly env: readonly string[];
  /** Its exposed ports, as `25/tcp`. */
  readonly ports: readonly string[];
  /** The directories that it declares as volumes. */
  readonly volumes: readonly string[];
  /** Its health check as the Engine API has it: `CMD` or `CMD-SHELL`, then words. */
  readonly healthTest: readonly string[];
}

/** @throws UserError when the image is not on this machine */
export async function imageFacts(docker: Docker, name: string): Promise<ImageFacts> {
  const { Id, Os, Architecture, Size, RootFS, Config } = await existingImage(docker, name);
  const history: readonly { readonly Size: number }[] = await docker.getImage(name).history();
  // The history has the newest first, and steps that only changed the configuration. A layer may
  // be empty as well: then sizes cannot be told apart, and the order decides.
  const sizes = history.map(({ Size: bytes }) => bytes).filter((bytes) => bytes > 0);
  const digests = RootFS.Layers ?? [];
  const lowestFirst = sizes.reverse();
  return {
    id: Id,
    isRelay: isOfRelay(Config.Labels),
    platform: `${Os}/${Architecture}`,
    bytes: Size,
    layers: digests.map((digest, at) => ({ digest, bytes: lowestFirst[at] ?? 0 })),
    env: Config.Env ?? [],
    ports: Object.keys(Config.ExposedPorts ?? {}),
    volumes: Object.keys(Config.Volumes ?? {}),
    healthTest: Config.Healthcheck?.Test ?? [],
  };
}
