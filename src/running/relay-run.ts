/** The plan to run a relay from its relay.yaml, for the engine and for the command line. */
import { EXIT, UserError } from '../../entrypoint/cli/errors.ts';
import { SPOOL } from '../../entrypoint/postfix/spool.ts';

/** The rights of compose.yaml. */
const lockedDown = {
  ReadonlyRootfs: true,
  Tmpfs: { '/etc/postfix': '', '/var/lib/postfix': 'uid=101,gid=101,mode=700', '/tmp': '' },
  CapDrop: ['ALL'],
  CapAdd: ['SETUID', 'SETGID', 'DAC_OVERRIDE'],
  SecurityOpt: ['no-new-privileges:true'],
};

/** How long Postfix gets to finish what it is sending, in seconds, as in compose.yaml. */
export const GRACE_SECONDS = 30;

export interface Publication {
  /** The address of the host on which it listens; undefined: all. */
  readonly address: string | undefined;
  readonly hostPort: number;
  readonly port: number;
}

export interface RelayRun {
  readonly name: string;
  readonly image: string;
  readonly network: string;
  readonly publications: readonly Publication[];
  /** The read-only mounts: the path on the host by the path in the container. */
  readonly files: ReadonlyMap<string, string>;
  /** The volume that outlives the container. */
  readonly queue: string;
}

const PUBLISH = /^(?:(\d+(?:\.\d+){3}|\[[0-9a-f:]+\]):)?(\d{1,5}):(\d{1,5})$/i;

/** Reads `25:25` or `127.0.0.1:2525:25`, as `docker run --publish` has it. */
export function readPublication(text: string): Publication {
  const [, address, hostPort, port] = PUBLISH.exec(text) ?? [];
  if (hostPort === undefined || port === undefined || Number(hostPort) > 65_535) {
    throw new UserError(
      `--publish ${text}: use HOSTPORT:PORT, as in 25:25 or 127.0.0.1:25:25`,
      EXIT.usage,
    );
  }
  return { address, hostPort: Number(hostPort), port: Number(port) };
}

const bindsOf = ({ files, queue }: RelayRun): readonly string[] => [
  `${queue}:${SPOOL}`,
  ...[...files].map(([inside, outside]) => `${outside}:${inside}:ro`),
];

/** The request to the Engine API ("Create a container"). */
export const createRequest = (run: RelayRun) => ({
  name: run.name,
  Image: run.image,
  StopTimeout: GRACE_SECONDS,
  ExposedPorts: Object.fromEntries(run.publications.map(({ port }) => [`${port}/tcp`, {}])),
  HostConfig: {
    ...lockedDown,
    Binds: [...bindsOf(run)],
    NetworkMode: run.network,
    RestartPolicy: { Name: 'unless-stopped' },
    PortBindings: portBindings(run.publications),
  },
});

type Bindings = Record<string, { HostIp: string; HostPort: string }[]>;

function portBindings(publications: readonly Publication[]): Bindings {
  const bindings: Bindings = {};
  for (const { address, hostPort, port } of publications) {
    const HostIp = address?.replace(/^\[|\]$/g, '') ?? '';
    const others = bindings[`${port}/tcp`] ?? [];
    bindings[`${port}/tcp`] = [...others, { HostIp, HostPort: `${hostPort}` }];
  }
  return bindings;
}

/** The same as the words of a `docker run` command. */
export function dockerRunWords(run: RelayRun): readonly string[] {
  const each = (option: string, values: readonly string[]): readonly string[] =>
    values.flatMap((value) => [option, value]);
  return [
    ...['docker', 'run', '--detach', '--name', run.name, '--network', run.network],
    ...['--restart', 'unless-stopped', '--stop-timeout', `${GRACE_SECONDS}`, '--read-only'],
    ...each(
      '--tmpfs',
      Object.entries(lockedDown.Tmpfs).map(([at, how]) => (how === '' ? at : `${at}:${how}`)),
    ),
    ...each('--cap-drop', lockedDown.CapDrop),
    ...each('--cap-add', lockedDown.CapAdd),
    ...each('--security-opt', lockedDown.SecurityOpt),
    ...each('--volume', bindsOf(run)),
    ...each(
      '--publish',
      run.publications.map(({ address, hostPort, port }) =>
        [...(address === undefined ? [] : [address]), hostPort, port].join(':'),
      ),
    ),
    run.image,
  ];
}

/** Words for a shell, with quotes around special characters (POSIX, "Quoting"). */
export const shellLine = (words: readonly string[]): string =>
  words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
