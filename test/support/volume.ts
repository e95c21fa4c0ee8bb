import { randomUUID } from 'node:crypto';
import { engine, ownerLabel } from './engine.ts';

/** A named volume, for what has to outlive a container. */
export interface TestVolume extends AsyncDisposable {
  readonly name: string;
}

export async function createVolume(): Promise<TestVolume> {
  const docker = await engine();
  const name = `hikyaku-test-${randomUUID()}`;
  await docker.createVolume({ Name: name, Labels: ownerLabel() });
  return {
    name,
    [Symbol.asyncDispose]: async () => {
      await docker.getVolume(name).remove();
    },
  };
}
