import { randomUUID } from 'node:crypto';
import { engine, ownerLabel } from './engine.ts';

/** A named volume, for what has to outlive a container. */
export interface TestVolume extends AsyncDisposable {
  readonly name: string;
}

/** @param megabytes size limit, in memory; the contents disappear when no container mounts it */
export async function createVolume({
  megabytes,
}: {
  readonly megabytes?: number;
} = {}): Promise<TestVolume> {
  const docker = await engine();
  const name = `hikyaku-test-${randomUUID()}`;
  await docker.createVolume({
    Name: name,
    Labels: ownerLabel(),
    ...(megabytes !== undefined && {
      DriverOpts: { type: 'tmpfs', device: 'tmpfs', o: `size=${megabytes}m` },
    }),
  });
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await docker.getVolume(name).remove();
    },
  };
}
