/**
 * The context of the docker command, as "docker context use" sets it: a name, and a file that says
 * where its engine is. Without one, or with "default", the usual sockets count.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The socket of the context in use, or `undefined` when none is.
 * @throws UserError for a context that is not there, or whose engine is reached in another way
 */
export function contextAddress(env: Environment): string | undefined {
  const home = env['HOME'];
  const directory = env['DOCKER_CONFIG'] || (home && path.join(home, '.docker'));
  if (!directory) return undefined;
  const current = field(readJson(path.join(directory, 'config.json')), 'currentContext');
  const name = env['DOCKER_CONTEXT'] || (typeof current === 'string' ? current : '');
  if (name === '' || name === 'default') return undefined;
  // The docker command names the directory of a context by the digest of its name.
  const digest = createHash('sha256').update(name).digest('hex');
  const meta = readJson(path.join(directory, 'contexts', 'meta', digest, 'meta.json'));
  const host = field(field(field(meta, 'Endpoints'), 'docker'), 'Host');
  if (typeof host !== 'string') {
    throw new UserError(
      `there is no Docker context "${name}": "docker context ls" lists those that are, "docker context use default" goes back to the usual engine.`,
      EXIT.unavailable,
    );
  }
  if (host.startsWith('unix://')) return host;
  throw new UserError(
    `the Docker context "${name}" leads to an engine on another machine: say so to Hikyaku with DOCKER_HOST=${host}, or choose the usual engine with DOCKER_CONTEXT=default.`,
    EXIT.unavailable,
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    // Most have no such file, and the docker command goes on without one that is spoilt.
    return undefined;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
