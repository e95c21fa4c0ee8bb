import { readFile } from 'node:fs/promises';
import type { ContainerSpec } from '../test/support/container-spec.ts';
import type { TestNetwork } from '../test/support/network.ts';
import { LOCKED_DOWN } from '../test/support/relay.ts';

/** An image that relays through mail.isp.example:587 as hoge / piyopiyo. */
export interface Contestant {
  readonly name: string;
  readonly image: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ours runs with the rights of compose.yaml; others as they are. */
  readonly lockedDown: boolean;
  readonly command?: readonly string[];
  readonly entrypoint?: readonly string[];
  /** A volume that it keeps something in. */
  readonly state?: string;
}

/** The name under which every contestant finds its provider. */
export const PROVIDER = 'mail.isp.example';
const CA_FILE = '/certs/ca.pem';

export const OURS: Contestant = {
  name: 'hikyaku',
  image: 'hikyaku:dev',
  env: {
    RELAY_HOST: PROVIDER,
    RELAY_USERNAME: 'hoge',
    RELAY_PASSWORD: 'piyopiyo',
    RELAY_CA_FILE: CA_FILE,
  },
  lockedDown: true,
};

/** All that runs beside Postfix; nobody is there who could be told. */
export const COMPANION: Contestant = {
  ...OURS,
  name: 'companion',
  env: {
    ...OURS.env,
    RELAY_HISTORY: '30d',
    RELAY_PAGE_LISTEN: '8080',
    RELAY_ALERTS_TO: 'http://192.0.2.1/',
  },
  state: '/var/lib/hikyaku',
};

/** What others are compared with: Debian's Postfix with the few lines that a relay needs (bench/plain). */
export const PLAIN: Contestant = {
  name: 'plain',
  image: 'hikyaku-bench/plain:dev',
  env: {},
  lockedDown: false,
};

/** The same, its main.cf written a moment before, as an entrypoint does that sets it up. */
export const FRESH: Contestant = {
  ...PLAIN,
  name: 'plain, fresh',
  command: ['sh', '-c', 'touch /etc/postfix/main.cf && exec postfix start-fg'],
};

/** Ours with a provider whose authority is a public one: no certificate is read at start. */
export const PUBLIC: Contestant = {
  ...OURS,
  name: 'public CA',
  env: { ...OURS.env, RELAY_CA_FILE: '' },
};

/** What no start can do without: Node.js comes up, the queue is put in order, master runs. */
export const BARE: Contestant = {
  name: 'bare',
  image: OURS.image,
  env: {},
  lockedDown: false,
  entrypoint: ['sh', '-c'],
  command: [
    'cp /bench/main.cf /bench/master.cf /etc/postfix/ && touch -d "1 minute ago" /etc/postfix/* && ' +
      'node -e 0 && postsuper && exec /usr/lib/postfix/sbin/master -i',
  ],
};

export const CONTESTANTS: readonly Contestant[] = [PLAIN, OURS, COMPANION];

/** `NAME=IMAGE` or `NAME=IMAGE,ENVFILE`: another image, with the variables that make it do the same. */
export async function parseContestant(text: string): Promise<Contestant> {
  const [, name, image, file] = /^([^=]+)=([^,]+)(?:,(.+))?$/.exec(text) ?? [];
  if (name === undefined || image === undefined) {
    throw new Error(`"${text}" is not a contestant; use NAME=IMAGE or NAME=IMAGE,ENVFILE`);
  }
  const lines = file === undefined ? [] : (await readFile(file, 'utf8')).split('\n');
  const env = lines.flatMap((line): [string, string][] => {
    const equals = line.indexOf('=');
    return equals <= 0 ? [] : [[line.slice(0, equals), line.slice(equals + 1)]];
  });
  return { name, image, env: Object.fromEntries(env), lockedDown: false };
}

/** How a contestant's container is to run. */
export const specOf = (
  contestant: Contestant,
  network: TestNetwork,
  ca: string,
  more: Partial<ContainerSpec> = {},
): ContainerSpec => ({
  image: contestant.image,
  network,
  aliases: ['relay'],
  hostname: 'relay.example',
  env: contestant.env,
  command: contestant.command,
  entrypoint: contestant.entrypoint,
  lockedDown: contestant.lockedDown ? LOCKED_DOWN : undefined,
  ...more,
  files: { [CA_FILE]: ca, ...more.files },
});
