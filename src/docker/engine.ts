/**
 * Finding the Docker engine. `DOCKER_HOST` decides when it is set, then the context that the docker
 * command would use; otherwise the usual sockets are tried in turn, because Docker Desktop and
 * rootless Docker keep theirs in the home directory.
 */
import Docker from 'dockerode';
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { run } from '../command.ts';
import { engineMessage } from './answers.ts';

export type { default as Docker } from 'dockerode';

export type EngineState =
  | { readonly state: 'answering' }
  /** No engine at that address. */
  | { readonly state: 'absent' }
  /** A socket that we may not open. */
  | { readonly state: 'forbidden' }
  /** Something is there that is no engine, or does not answer: a stale socket, a wrong host. */
  | { readonly state: 'silent'; readonly reason: string };

export type EngineProbe = EngineState & { readonly address: string };

export interface Engine {
  readonly docker: Docker;
  readonly address: string;
}

export const defaultSocket = 'unix:///var/run/docker.sock';

type Environment = Readonly<Record<string, string | undefined>>;

/** Addresses in the order in which they are tried. */
export function engineAddresses(env: Environment): readonly string[] {
  const host = env['DOCKER_HOST'];
  if (host !== undefined && host !== '') return [host];
  const runtime = env['XDG_RUNTIME_DIR'];
  const home = env['HOME'];
  return [
    defaultSocket,
    ...(runtime === undefined ? [] : [`unix://${runtime}/docker.sock`]),
    ...(home === undefined
      ? []
      : [`unix://${home}/.docker/run/docker.sock`, `unix://${home}/.docker/desktop/docker.sock`]),
  ];
}

/** The first engine that answers, or what was found at every address. */
export async function findEngine(
  env: Environment,
): Promise<
  { readonly engine: Engine } | { readonly engine: undefined; readonly probes: EngineProbe[] }
> {
  const probes: EngineProbe[] = [];
  const chosen = env['DOCKER_HOST'] ? undefined : await contextAddress(env);
  for (const address of chosen === undefined ? engineAddresses(env) : [chosen]) {
    const docker = client(address);
    const probe = { ...(await ping(docker)), address };
    if (probe.state === 'answering') return { engine: { docker, address } };
    probes.push(probe);
  }
  return { engine: undefined, probes };
}

/** The engine, or one sentence about why it is unavailable. */
export async function connectEngine(env: Environment): Promise<Engine> {
  const found = await findEngine(env);
  if (found.engine !== undefined) return found.engine;
  throw new UserError(explainProbes(found.probes), EXIT.unavailable);
}

/** One sentence for each way of not having an engine, with the remedy. */
export function explainProbes(probes: readonly EngineProbe[]): string {
  const forbidden = probes.find((probe) => probe.state === 'forbidden');
  if (forbidden !== undefined) {
    return `this user may not use the Docker engine at ${forbidden.address}: join the group "docker" (sudo usermod -aG docker "$USER", then log in again) or run this as root.`;
  }
  const silent = probes.find((probe) => probe.state === 'silent');
  if (silent !== undefined) {
    return `the Docker engine at ${silent.address} does not answer as one (${silent.reason}): start it, or set DOCKER_HOST to the address of one that runs.`;
  }
  const where = probes.map((probe) => probe.address).join(', ');
  return `there is no Docker engine at ${where}: start Docker, or set DOCKER_HOST to the address of one that runs.`;
}

/**
 * The socket of the context that the docker command has in use, where there is such a command.
 * @throws UserError for one whose engine is reached in another way
 */
async function contextAddress(env: Environment): Promise<string | undefined> {
  const words = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  const host = (await run('docker', words, { env }).catch(() => '')).trim();
  if (host === '' || host.startsWith('unix://')) return host || undefined;
  throw new UserError(
    `the Docker context in use leads to an engine on another machine: say so to Hikyaku with DOCKER_HOST=${host}, or choose the usual engine with DOCKER_CONTEXT=default.`,
    EXIT.unavailable,
  );
}

function client(address: string): Docker {
  // A socket is passed as it is; anything else (tcp, ssh, with or without TLS) docker-modem reads
  // from DOCKER_HOST and its companions itself, exactly as the docker command does.
  if (address.startsWith('unix://')) {
    return new Docker({ socketPath: address.slice('unix://'.length) });
  }
  try {
    return new Docker();
  } catch {
    throw new UserError(
      `DOCKER_HOST is no address of a Docker engine: use one like ${defaultSocket}, tcp://HOST:2376 or ssh://USER@HOST.`,
      EXIT.unavailable,
    );
  }
}

const PING_MS = 10_000;

/** dockerode has this option; its types do not. */
interface Pinging {
  ping(options: { readonly abortSignal: AbortSignal }): Promise<unknown>;
}

/** A request that is given up is closed as well, or it would keep the program from ending. */
async function ping(docker: Pinging): Promise<EngineState> {
  const abortSignal = AbortSignal.timeout(PING_MS);
  try {
    await docker.ping({ abortSignal });
    return { state: 'answering' };
  } catch (error) {
    if (abortSignal.aborted) return { state: 'silent', reason: 'no answer in 10 s' };
    return stateFromError(error);
  }
}

export function stateFromError(error: unknown): EngineState {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return { state: 'absent' };
  if (code === 'EACCES' || code === 'EPERM') return { state: 'forbidden' };
  return { state: 'silent', reason: engineMessage(error) };
}
