/** Answers -> files. Pure: what is written is judged, and tested, before anything is. */
import { Scalar, stringify } from 'yaml';
import type { Value } from '../migration/draft.ts';
import { relayYaml } from '../migration/relay-yaml.ts';
import type { Account, Answers } from './answers.ts';

/** A file of the set-up; the path is relative to its directory. */
export interface SetupFile {
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

/** The certificates of the provider's own authority, in the relay. */
export const CA_FILE = '/etc/hikyaku/ca.pem';

const SECRETS = '/run/secrets';

/** The login for devices. */
const DEVICE = 'device';

/** The secrets of an account, by the paths of their settings. */
const secretsOf = ({ login }: Account): ReadonlyMap<string, string> =>
  login.kind === 'password'
    ? new Map([['relay.password', login.password]])
    : new Map(
        login.clientSecret === undefined
          ? []
          : [['relay.oauth2.client_secret', login.clientSecret]],
      );

/** The account without its secrets. */
function accountSettings({ address, server, username, login, ca }: Account): Map<string, Value> {
  const settings = new Map<string, Value>();
  if (server.provider === undefined) {
    settings.set('relay.host', server.host);
    settings.set('relay.port', `${server.port}`);
  } else {
    settings.set('relay.provider', server.provider);
  }
  settings.set('relay.username', username);
  if (login.kind === 'oauth2') {
    settings.set('relay.oauth2.provider', login.provider);
    settings.set('relay.oauth2.client_id', login.clientId);
  }
  if (ca !== undefined) settings.set('relay.ca_file', CA_FILE);
  settings.set('send_as', address);
  return settings;
}

/** The settings of an account with its secrets in them: to try the login, never to be written. */
export const accountYaml = (account: Account): string =>
  relayYaml({ settings: new Map([...accountSettings(account), ...secretsOf(account)]) });

/** `relay.password` -> relay_password */
const secretName = (path: string): string => path.replaceAll('.', '_');

function networksOf({ senders, lan }: Answers): readonly string[] {
  const networks = [
    ...(senders.includes('containers') ? ['attached'] : []),
    ...(senders.includes('lan') ? [lan] : []),
  ];
  return networks.length === 0 ? ['host'] : networks;
}

/** Every file of the set-up. */
export function filesOf(answers: Answers): readonly SetupFile[] {
  const { senders, address, ca, devicePassword } = answers;
  const settings = accountSettings(answers);
  const secrets = new Map(secretsOf(answers));
  settings.set('virtual', { root: address });
  settings.set('networks', networksOf(answers));
  if (senders.includes('devices')) {
    settings.set('listen', ['25', '587', '465']);
    settings.set('submission.username', DEVICE);
    secrets.set('submission.password', devicePassword);
  }
  for (const path of secrets.keys()) {
    settings.set(`${path}_file`, `${SECRETS}/${secretName(path)}`);
  }
  const head =
    '# Written by "hikyaku setup". All settings: docs/settings.md, or "hikyaku help settings".\n';
  return [
    ...[...secrets].map(([path, content]) => ({
      path: `secrets/${secretName(path)}`,
      mode: 0o600,
      content,
    })),
    ...(ca === undefined ? [] : [{ path: 'ca.pem', mode: 0o644, content: ca }]),
    { path: 'relay.yaml', mode: 0o644, content: head + relayYaml({ settings }) },
    { path: 'compose.yaml', mode: 0o644, content: composeYaml(answers) },
  ];
}

const portsOf = ({ senders }: Answers): readonly string[] => [
  ...(senders.includes('lan') ? ['25:25'] : []),
  ...(senders.includes('devices') ? ['587:587', '465:465'] : []),
];

/** In quotes: to older readers of YAML, 25:25 is a number of base 60. */
function quotedPort(port: string): Scalar {
  const scalar = new Scalar(port);
  scalar.type = 'QUOTE_DOUBLE';
  return scalar;
}

/** The relay with the rights of compose.yaml in the repository. */
function composeYaml(answers: Answers): string {
  const { image, senders, ca, network, login } = answers;
  const ports = portsOf(answers);
  const keepsState = senders.includes('devices') || login.kind === 'oauth2';
  const relay = {
    image,
    // The name by which the relay greets other servers stays the same in each new container.
    hostname: 'relay',
    restart: 'unless-stopped',
    stop_grace_period: '30s',
    ...(ports.length === 0 ? {} : { ports: ports.map(quotedPort) }),
    volumes: [
      'queue:/var/spool/postfix',
      ...(keepsState ? ['state:/var/lib/hikyaku'] : []),
      // "z" labels the files for SELinux; other machines pass it over.
      './relay.yaml:/etc/hikyaku/relay.yaml:ro,z',
      `./secrets:${SECRETS}:ro,z`,
      ...(ca === undefined ? [] : [`./ca.pem:${CA_FILE}:ro,z`]),
    ],
    read_only: true,
    tmpfs: ['/etc/postfix', '/var/lib/postfix:uid=101,gid=101,mode=700', '/tmp'],
    cap_drop: ['ALL'],
    cap_add: ['SETUID', 'SETGID', 'DAC_OVERRIDE'],
    security_opt: ['no-new-privileges:true'],
  };
  const file = {
    name: 'hikyaku',
    services: { relay },
    ...(network === undefined ? {} : { networks: { default: { name: network, external: true } } }),
    volumes: keepsState ? { queue: {}, state: {} } : { queue: {} },
  };
  const head = [
    '# Written by "hikyaku setup". Containers on the same network send to relay, port 25 or 587.',
    '# Start: docker compose up -d    Test: docker compose exec relay hikyaku test ADDRESS',
  ];
  return `${head.join('\n')}\n${stringify(file, { lineWidth: 0 })}`;
}
