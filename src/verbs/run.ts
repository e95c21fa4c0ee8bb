/** `hikyaku run`, `hikyaku logs`, `hikyaku stop`: a relay without Compose. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EXIT } from '../../entrypoint/cli/errors.ts';
import { problemLine } from '../../entrypoint/messages/problem.ts';
import { untilBrokenOff } from '../broken-off.ts';
import { COMMAND } from '../command-name.ts';
import { connectEngine } from '../docker/engine.ts';
import { filesNotIn } from '../docker/image-files.ts';
import { requireRelay } from '../docker/images.ts';
import { RelayContainer } from '../docker/relay-container.ts';
import { hostSettings } from '../host-settings.ts';
import { relayTag } from '../recipes.ts';
import { filesOnHost } from '../running/files-on-host.ts';
import { unheardLines } from '../running/reach.ts';
import {
  dockerRunWords,
  GRACE_SECONDS,
  type RelayRun,
  readPublication,
  shellLine,
} from '../running/relay-run.ts';
import { startRelay } from '../running/start-relay.ts';
import { hostVerb } from './host-verb.ts';

const NAME = 'relay';

/** Stands for the host name that the engine gives a container: the beginning of its id. */
const CONTAINER_ID = 'container-id';

const options = {
  name: { type: 'string', default: NAME, value: 'NAME', about: `the container's name (${NAME})` },
  image: { type: 'string', default: relayTag, value: 'IMAGE', about: `the relay (${relayTag})` },
  network: {
    type: 'string',
    default: 'mail',
    value: 'NAME',
    about: 'the network of the senders, created if missing (mail)',
  },
  publish: {
    type: 'string',
    multiple: true,
    default: [] as string[],
    value: 'PORTS',
    about: 'a port for the LAN, such as 25:25; may be repeated',
  },
} as const;

export const runVerb = hostVerb(
  {
    name: 'run',
    words: ['FILE'],
    summary: 'Start a relay with this relay.yaml and print the equivalent docker run command.',
    details:
      'Files that relay.yaml names (password_file, ca_file, tables) are mounted from the same path of this machine, or from the directory "secrets" beside relay.yaml.',
    options,
  },
  async ({ words: [file], name, image, network, publish, environment, print, warn }) => {
    const publications = publish.map(readPublication);
    // The container has only the file: this machine's environment does not count.
    const { settings, warnings, files } = hostSettings({}, file, true, CONTAINER_ID);
    for (const problem of warnings) warn(problemLine(problem));
    for (const line of unheardLines(publications, settings)) warn(line);
    const relayFile = path.resolve(file);
    const { docker } = await connectEngine(environment);
    await requireRelay(docker, image);
    const wanted = [
      ...files.ofSettings,
      ...(await untilBrokenOff(() => filesNotIn(docker, image, files.others))),
    ];
    const run: RelayRun = {
      ...{ name, image, network, publications, queue: `${name}-queue` },
      files: filesOnHost(relayFile, wanted, existsSync),
    };
    const { madeNetwork } = await untilBrokenOff((signal) => startRelay(docker, run, signal));
    if (madeNetwork) print(`made the network ${network}`);
    print(`the relay "${name}" takes mail from containers on the network ${network}; the same as:`);
    print('');
    print(`  ${shellLine(dockerRunWords(run))}`);
    print('');
    print(`its log: ${COMMAND} logs ${name}; its end: ${COMMAND} stop ${name}`);
    return EXIT.ok;
  },
);

export const logsVerb = hostVerb(
  {
    name: 'logs',
    words: ['[NAME]'],
    summary: 'Print the log of a relay.',
    options: {
      follow: { type: 'boolean', short: 'f', default: false, about: 'follow the log' },
    },
  },
  async ({ follow, words: [name = NAME], environment, stdout }) => {
    const { docker } = await connectEngine(environment);
    await (await RelayContainer.find(docker, name)).copyLog(stdout, follow);
    return EXIT.ok;
  },
);

export const stopVerb = hostVerb(
  {
    name: 'stop',
    words: ['[NAME]'],
    summary: 'Stop a relay; the mail in its queue stays.',
    options: { remove: { type: 'boolean', default: false, about: 'remove the container as well' } },
  },
  async ({ remove, words: [name = NAME], environment, print }) => {
    const { docker } = await connectEngine(environment);
    const relay = await RelayContainer.find(docker, name);
    await relay.stop(GRACE_SECONDS);
    if (remove) await relay.remove();
    print(`${remove ? 'stopped and removed' : 'stopped'} "${name}"`);
    if (relay.queue !== undefined) print(`its queue stays in the volume ${relay.queue}`);
    return EXIT.ok;
  },
);
