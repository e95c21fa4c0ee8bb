/**
 * Finding the Docker engine. `DOCKER_HOST` decides when it is set; otherwise the usual sockets are
 * tried in turn, because Docker Desktop and rootless Docker keep theirs in the home directory.
 */
import Docker from 'dockerode';
import { EXIT, UserError } from '../../entrypoint/errors.ts';

export type { default as Docker } from 'dockerode';

export type EngineState =
  | { readonly state: 'answering' }
  /** Nothing at that address. */
  | { readonly state: 'absent' }
  /** A socket that we may not open. */
  | { readonly state: 'forbidden' }
  /** Something is there but does not answer: a stale socket, a wrong host, an engine that hangs. */
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
  for (const address of engineAddresses(env)) {
    const docker = client(address);
    const probe = { ...(await ping(docker)), address };
    if (probe.state === 'answering') return { engine: { docker, address } };
    probes.push(probe);
  }
  return { engine: undefined, probes };
}

/** The engine, or one sentence about why there is none. */
export async function connectEngine(env: Environment): Promise<Engine> {
  const found = await findEngine(env);
  if (found.engine === undefined)
    throw new UserError(explainProbes(found.probes), EXIT.unavailable);
  requireApi((await found.engine.docker.version()).ApiVersion, found.engine.address);
  return found.engine;
}

/** `platform` of a build, Docker 17.12. */
const OLDEST_API = [1, 35] as const;

/** @throws UserError when the engine is older than what the builder asks it for */
export function requireApi(version: string, address: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [wantedMajor, wantedMinor] = OLDEST_API;
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new UserError(
    `the Docker engine at ${address} is too old (API ${version}, and ${OLDEST_API.join('.')} is needed): update it to Docker 17.12 or newer.`,
  );
}

/** One sentence for each way of not having an engine, with the remedy. */
export function explainProbes(probes: readonly EngineProbe[]): string {
  const forbidden = probes.find((probe) => probe.state === 'forbidden');
  if (forbidden !== undefined) {
    return `this user may not use the Docker engine at ${forbidden.address}: join the group "docker" (sudo usermod -aG docker "$USER", then log in again) or run this as root.`;
  }
  const silent = probes.find((probe) => probe.state === 'silent');
  if (silent !== undefined) {
    return `the Docker engine at ${silent.address} does not answer (${silent.reason}): start it, or set DOCKER_HOST to the address of one that runs.`;
  }
  const where = probes.map((probe) => probe.address).join(', ');
  return `there is no Docker engine at ${where}: start Docker, or set DOCKER_HOST to the address of one that runs.`;
}

function client(address: string): Docker {
  // A socket is passed as it is; anything else (tcp, ssh, with or without TLS) docker-modem reads
  // from DOCKER_HOST and its companions itself, exactly as the docker command does.
  return address.startsWith('unix://')
    ? new Docker({ socketPath: address.slice('unix://'.length) })
    : new Docker();
}

const PING_MS = 10_000;

async function ping(docker: Docker): Promise<EngineState> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<EngineState>((resolve) => {
    timer = setTimeout(() => resolve({ state: 'silent', reason: 'no answer in 10 s' }), PING_MS);
  });
  try {
    return await Promise.race([
      docker.ping().then((): EngineState => ({ state: 'answering' }), stateFromError),
      tooLate,
    ]);
  } finally {
    clearTimeout(timer);
  }
}

export function stateFromError(error: unknown): EngineState {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return { state: 'absent' };
  if (code === 'EACCES' || code === 'EPERM') return { state: 'forbidden' };
  return { state: 'silent', reason: error instanceof Error ? error.message : String(error) };
}
