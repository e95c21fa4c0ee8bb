import Docker from 'dockerode';
import { describe, expect, test } from 'vitest';
import { UserError } from '../../../entrypoint/cli/errors.ts';
import { explainEngineError } from '../../../src/docker/engine-errors.ts';
import { loopbackEngine } from './support/loopback-engine.ts';

/** What dockerode throws at an answer of the engine. */
async function refusal(status: number, message: string): Promise<unknown> {
  await using engine = await loopbackEngine((_, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message }));
  });
  return await engine.docker.createContainer({ Image: 'a' }).catch((error: unknown) => error);
}

describe('what the engine refuses', () => {
  test('is told in its own words', async () => {
    const said = 'Conflict. The container name "/relay" is already in use by container "4f2a".';
    const explained = explainEngineError(await refusal(409, said));
    expect(explained).toBeInstanceOf(UserError);
    expect(explained).toMatchObject({ message: expect.stringContaining(said) });
  });

  test('an engine that is missing', async () => {
    const docker = new Docker({ socketPath: '/nowhere/docker.sock' });
    const error: unknown = await docker.ping().catch((fault: unknown) => fault);
    expect(explainEngineError(error)).toMatchObject({
      message: expect.stringMatching(/\/nowhere\/docker\.sock/),
    });
  });

  test('a connection that is broken off', async () => {
    await using engine = await loopbackEngine((request) => request.socket.destroy());
    const error: unknown = await engine.docker.ping().catch((fault: unknown) => fault);
    expect(explainEngineError(error)).toMatchObject({
      exitCode: 69,
    });
  });

  test('a socket that is forbidden', () => {
    const fault = new Error('connect EACCES /var/run/docker.sock');
    const shape = { code: 'EACCES', syscall: 'connect', address: '/var/run/docker.sock' };
    expect(explainEngineError(Object.assign(fault, shape))).toMatchObject({
      message: expect.stringMatching(/usermod -aG docker/),
    });
  });
});

test('our own faults are not taken for the engine’s', () => {
  const bug = new Error('bug');
  const missing = Object.assign(new Error('open'), { code: 'ENOENT', syscall: 'open' });
  expect([explainEngineError(bug), explainEngineError(missing)]).toEqual([bug, missing]);
});
