/** compose.yaml, perhaps with additions, as a separate project that cleans up after itself. */
import { randomBytes, randomInt } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { CommandFailed } from '../entrypoint/cli/errors.ts';
import { run } from './command.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A deployment of compose.yaml. */
export interface Project {
  /** Runs a Compose command in the project; gives its standard output. */
  compose(...args: readonly string[]): Promise<string>;
  /** Starts services and waits until they are healthy. */
  up(...services: readonly string[]): Promise<void>;
  /** A file of the project's own directory, which the containers see. */
  write(name: string, content: string): Promise<void>;
  /** The last lines of a service's log. */
  logs(service: string): Promise<string>;
  /** Removes every trace: containers, network, volumes, files. */
  remove(): Promise<void>;
}

export interface ProjectOptions {
  /** The repository. */
  readonly root: string;
  /** The start of the project's name. */
  readonly name: string;
  /** Compose files that are added to compose.yaml. */
  readonly additions?: readonly string[];
  /** Password of the user at the provider. */
  readonly password: string;
  /** The environment, with HIKYAKU_COMPOSE. */
  readonly env: Environment;
  /** The variables of .env; those of the environment are left out. */
  readonly settings?: Environment;
  /** Ends what is under way, but not `remove`. */
  readonly signal: AbortSignal;
}

/** Makes the project's directory and its secret without starting containers. */
export async function createProject({
  root,
  additions = [],
  password,
  env,
  settings = {},
  signal,
  ...options
}: ProjectOptions): Promise<Project> {
  // A unique name.
  const name = `${options.name}-${randomBytes(4).toString('hex')}`;
  const directory = await mkdtemp(path.join(tmpdir(), `${name}-`));
  const secrets = path.join(directory, 'secrets');
  await mkdir(secrets, { mode: 0o700 });
  await writeFile(path.join(secrets, 'relay_password'), password, { mode: 0o600 });
  const envFile = path.join(directory, 'relay.env');
  const lines = Object.entries(settings).map(([key, value = '']) => `${key}=${value}\n`);
  await writeFile(envFile, lines.join(''), { mode: 0o600 });
  // Docker before 25 does not look sooner at first (start_interval).
  const health = path.join(directory, 'health.yaml');
  await writeFile(health, 'services: {relay: {healthcheck: {interval: 2s}}}\n');

  const { command, args: first } = composeCommand(env['HIKYAKU_COMPOSE']);
  const files = ['compose.yaml', ...additions].map((file) => path.join(root, file)).concat(health);
  const composeEnv = {
    ...withoutSettings(env),
    ...settings,
    HIKYAKU_SECRETS: secrets,
    HIKYAKU_ENV_FILE: envFile,
    PROJECT_DIRECTORY: directory,
  };
  const call = (args: readonly string[], aborted?: AbortSignal): Promise<string> =>
    run(
      command,
      [
        ...first,
        // A .env file belongs to a real deployment.
        ...['--env-file', '/dev/null', '--project-name', name, '--progress', 'quiet'],
        ...files.flatMap((file) => ['--file', file]),
        ...args,
      ],
      { env: composeEnv, ...(aborted === undefined ? {} : { signal: aborted }) },
    );

  const compose = (...args: readonly string[]): Promise<string> => call(args, signal);
  const write = (file: string, content: string): Promise<void> =>
    writeFile(path.join(directory, file), content, { mode: 0o644 });
  const up = async (...services: readonly string[]): Promise<void> => {
    const args = ['up', '--detach', '--wait', '--no-build', ...services];
    try {
      await compose(...args);
    } catch (error) {
      if (!isOutOfSubnets(error)) throw error;
      await write('network.yaml', networkOverlay(randomInt(256), randomInt(256)));
      files.push(path.join(directory, 'network.yaml'));
      await compose(...args);
    }
  };
  return {
    compose,
    up,
    write,
    logs: async (service) =>
      stripVTControlCharacters(await call(['logs', '--no-log-prefix', '--tail', '40', service])),
    remove: async () => {
      await call(['down', '--volumes', '--remove-orphans', '--timeout', '5']);
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** How Compose is called; the value comes from bootstrap. */
export function composeCommand(value = 'docker compose'): {
  readonly command: string;
  readonly args: readonly string[];
} {
  return value === 'docker compose'
    ? { command: 'docker', args: ['compose'] }
    : { command: value, args: [] };
}

/** The environment without real settings, which would change compose.yaml's defaults. */
export function withoutSettings(env: Environment): Record<string, string | undefined> {
  const settings =
    /^(RELAY_|POSTFIX_|COMPOSE_|REPORT_TO$|HIKYAKU_(IMAGE|SENDER_IMAGE|SECRETS|ENV_FILE)$)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !settings.test(name)));
}

/** Docker has some thirty subnets to give away, and networks that were left behind keep theirs. */
function isOutOfSubnets(error: unknown): boolean {
  return (
    error instanceof CommandFailed && /non-overlapping|predefined address pool/.test(error.output)
  );
}

function networkOverlay(second: number, third: number): string {
  return JSON.stringify({
    networks: { default: { ipam: { config: [{ subnet: `10.${second}.${third}.0/24` }] } } },
  });
}
