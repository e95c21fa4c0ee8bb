/**
 * `hikyaku setup`: the image's own `setup` in a container with the directory mounted, so that the
 * login is tried from where the relay will be; then the relay is started and sends a test mail.
 */
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { EXIT, type ExitCode } from '../../entrypoint/cli/errors.ts';
import type { Call } from '../../entrypoint/cli/verb.ts';
import { DESCRIPTION, OPTIONS } from '../../entrypoint/setup/options.ts';
import { untilBrokenOff } from '../broken-off.ts';
import { COMMAND } from '../command-name.ts';
import { connectEngine, type Docker } from '../docker/engine.ts';
import { requireRelay } from '../docker/images.ts';
import { RelayContainer } from '../docker/relay-container.ts';
import { runThrough } from '../docker/run-through.ts';
import { hostSettings } from '../host-settings.ts';
import { relayTag } from '../recipes.ts';
import { findCompose } from '../running/compose.ts';
import { lanOf } from '../running/lan.ts';
import { untilHealthy } from '../running/start-relay.ts';
import { logInInside } from './hear-browser.ts';
import { type HostWorld, hostVerb } from './host-verb.ts';

const HOST_OPTIONS = {
  ...OPTIONS,
  'no-start': { type: 'boolean', default: false, about: 'write the files, start nothing' },
  to: { type: 'string', value: 'ADDRESS', about: 'who gets the test mail (default: yourself)' },
} as const;

type SetupCall = Call<typeof HOST_OPTIONS, readonly [], HostWorld>;

/** Not the current directory, usually the checkout, which has its own compose.yaml. */
const DEFAULT_DIRECTORY = 'relay';

/** The paths of the directory, and of the files in options, in the container. */
const DIRECTORY = '/setup';
const FILES = '/run/setup';

/** `untilHealthy` gives up sooner; this only ends what hangs. */
const PATIENCE_MS = 600_000;

/** Options that name a file of this machine. */
const FILE_OPTIONS = ['password-file', 'client-secret-file', 'ca-file'] as const;

async function setup(call: SetupCall): Promise<ExitCode> {
  const { environment, image = relayTag, network, print } = call;
  const directory = path.resolve(call.directory ?? DEFAULT_DIRECTORY);
  const { docker } = await connectEngine(environment);
  await requireRelay(docker, image);
  const made = mkdirSync(directory, { recursive: true });
  const files = FILE_OPTIONS.flatMap((option) => {
    const file = call[option];
    return file === undefined || file === '-' ? [] : [{ option, file: path.resolve(file) }];
  });
  const lan = lanOf(networkInterfaces());
  const streams = { input: process.stdin, stdout: process.stdout, stderr: process.stderr };
  const request = {
    Image: image,
    Cmd: ['setup', ...wordsOf(call, image), ...files.map(({ option }) => argument(option))],
    Env: ['HIKYAKU_SETUP_GOES_ON=yes', ...(lan === undefined ? [] : [`HIKYAKU_SETUP_LAN=${lan}`])],
    HostConfig: {
      // "z" labels the files for SELinux; other machines pass it over.
      Binds: [
        `${directory}:${DIRECTORY}:z`,
        ...files.map(({ option, file }) => `${file}:${FILES}/${option}:ro,z`),
      ],
      ...(network === undefined ? {} : { NetworkMode: network }),
    },
  };
  const code = await untilBrokenOff((signal) => runThrough(docker, request, streams, signal));
  if (code !== EXIT.ok) {
    // Nothing was written.
    if (made !== undefined) rmdirSync(directory);
    return code as ExitCode;
  }
  if (call['no-start']) {
    for (const line of commandLines(directory)) print(line);
    return EXIT.ok;
  }
  return start(docker, directory, call);
}

const argument = (option: string): string => `--${option}=${FILES}/${option}`;

/** The options for the program in the container: those that name no file of this machine. */
function wordsOf(call: SetupCall, image: string): readonly string[] {
  const texts = ['address', 'server', 'provider', 'username', 'login', 'client-id', 'senders'];
  const given = new Map<string, unknown>(Object.entries(call));
  const words = [...texts, 'lan', 'network', ...FILE_OPTIONS].flatMap((option) => {
    const value = given.get(option);
    const isFile = FILE_OPTIONS.some((one) => one === option) && value !== '-';
    return typeof value === 'string' && !isFile ? [`--${option}=${value}`] : [];
  });
  const flags = ['overwrite', 'untested', 'yes'].filter((option) => given.get(option) === true);
  return [...words, `--image=${image}`, ...flags.map((option) => `--${option}`)];
}

/** Starts what was written, and shows a test mail arrive. */
async function start(docker: Docker, directory: string, call: SetupCall): Promise<ExitCode> {
  const { environment, root, print, warn } = call;
  const compose = await findCompose(root, environment);
  if (compose === undefined) {
    warn('Docker Compose 2 is missing (Debian: apt install docker-compose); install it, then type');
    for (const line of commandLines(directory)) print(line);
    return EXIT.unavailable;
  }
  await compose(directory, 'up', '--detach', '--force-recreate');
  const name = (await compose(directory, 'ps', '--format', '{{.Name}}', 'relay')).trim();
  const relay = await RelayContainer.find(docker, name);
  const signal = AbortSignal.timeout(PATIENCE_MS);
  await untilHealthy(docker, docker.getContainer(name), name, signal);
  const { settings } = hostSettings({}, path.join(directory, 'relay.yaml'), true);
  const { route } = settings;
  const { stdout, stderr, stdin } = process;
  if (route.kind === 'relay' && route.login?.oauth2 !== undefined) {
    print('the relay runs; now it needs its first token:');
    const code = await logInInside(relay, [], { input: stdin, stdout, stderr });
    if (code !== EXIT.ok) return code as ExitCode;
  }
  const to = call.to ?? route.sendAs ?? '';
  const input = Readable.from([]);
  const code = await relay.run(['hikyaku', 'test', to], { input, stdout, stderr });
  const network = relay.networks[0];
  if (code === EXIT.ok) {
    print(`the relay runs: containers on the network ${network} send to relay, port 25 or 587`);
    print(`day to day: ${COMMAND} status ${relay.name}, ${COMMAND} doctor ${relay.name}`);
  }
  return code as ExitCode;
}

const commandLines = (directory: string): readonly string[] => [
  ...(existsSync(path.join(directory, 'compose.yaml')) ? [`  cd ${directory}`] : []),
  '  docker compose up -d --force-recreate',
  '  docker compose exec relay hikyaku test ADDRESS',
];

export const setupVerb = hostVerb(
  {
    ...DESCRIPTION,
    summary: 'Ask what is needed, try the login, write the files, start the relay, send a mail.',
    details:
      'The files relay.yaml, compose.yaml and secrets/ are written to the directory relay.\nEach question can be answered by an option. Ctrl-C leaves nothing behind.',
    options: HOST_OPTIONS,
  },
  setup,
);
