/** The images that tests, examples and the demo need beside the relay's own. */
import path from 'node:path';
import { UserError } from '../entrypoint/cli/errors.ts';
import type { ImageRecipe } from '../src/docker/build.ts';
import { providerImage } from '../src/recipes.ts';

interface Entry {
  readonly tag: string;
  readonly dockerfile: string;
  /** The directory that the Dockerfile copies from, when it is not the whole repository. */
  readonly directory?: string;
  /** The sources of the Dockerfile's COPY, relative to that directory. */
  readonly files: readonly string[];
}

const BENCH = 'bench-plain';

const table = {
  client: {
    tag: 'hikyaku-test/client:dev',
    dockerfile: 'test/support/client/Dockerfile',
    files: ['test/support/client'],
  },
  dns: {
    tag: 'hikyaku-test/dns:dev',
    dockerfile: 'test/support/dns/Dockerfile',
    files: ['test/support/dns'],
  },
  sasl: {
    tag: 'hikyaku-test/sasl:dev',
    dockerfile: 'test/support/sasl/Dockerfile',
    files: ['sasl', 'test/support/sasl'],
  },
  dnssec: {
    tag: 'hikyaku-test/dnssec:dev',
    dockerfile: 'test/support/dnssec/Dockerfile',
    files: ['test/support/dnssec'],
  },
  'peer-postfix': {
    tag: 'hikyaku-test/peer-postfix:dev',
    dockerfile: 'test/support/peers/postfix/Dockerfile',
    files: ['test/support/peers/postfix'],
  },
  'peer-dovecot': {
    tag: 'hikyaku-test/peer-dovecot:dev',
    dockerfile: 'test/support/peers/dovecot/Dockerfile',
    files: ['test/support/peers'],
  },
  oidc: {
    tag: 'hikyaku-test/oidc:dev',
    dockerfile: 'test/support/oidc/Dockerfile',
    files: [
      'package.json',
      'package-lock.json',
      '.npmrc',
      'entrypoint/package.json',
      'test/support/provider/package.json',
      'test/support/oidc',
    ],
  },
  mariadb: {
    tag: 'hikyaku-test/mariadb:dev',
    dockerfile: 'test/support/peers/mariadb/Dockerfile',
    files: ['test/support/peers/mariadb'],
  },
  pgsql: {
    tag: 'hikyaku-test/pgsql:dev',
    dockerfile: 'test/support/peers/pgsql/Dockerfile',
    files: ['test/support/peers/pgsql'],
  },
  devices: {
    tag: 'hikyaku-test/devices:dev',
    directory: 'test/support/devices',
    dockerfile: 'Dockerfile',
    files: ['.'],
  },
  kubectl: {
    tag: 'hikyaku-test/kubectl:dev',
    dockerfile: 'test/support/kubectl/Dockerfile',
    files: ['test/support/kubectl'],
  },
  quadlet: {
    tag: 'hikyaku-test/quadlet:dev',
    dockerfile: 'test/support/quadlet/Dockerfile',
    files: ['test/support/quadlet'],
  },
  verifier: {
    tag: 'hikyaku-test/verifier:dev',
    directory: 'test/support/verifier',
    dockerfile: 'Dockerfile',
    files: ['.'],
  },
  prometheus: {
    tag: 'hikyaku-test/prometheus:dev',
    dockerfile: 'test/support/prometheus/Dockerfile',
    files: ['test/support/prometheus'],
  },
  browser: {
    tag: 'hikyaku-test/browser:dev',
    dockerfile: 'test/support/browser/Dockerfile',
    files: ['test/support/browser'],
  },
  'peer-exim': {
    tag: 'hikyaku-test/peer-exim:dev',
    dockerfile: 'test/support/peers/exim/Dockerfile',
    files: ['test/support/peers/exim'],
  },
  [BENCH]: {
    tag: 'hikyaku-bench/plain:dev',
    dockerfile: 'bench/plain/Dockerfile',
    files: ['bench/plain'],
  },
  sender: {
    tag: 'hikyaku-example/sender:dev',
    // The same as in compose.yaml, so that "docker compose build" makes the same image.
    directory: 'examples/sender',
    dockerfile: 'Dockerfile',
    files: ['.'],
  },
  logwatch: {
    tag: 'hikyaku-example/logwatch:dev',
    directory: 'examples/logwatch/machine',
    dockerfile: 'Dockerfile',
    files: ['.'],
  },
  web: {
    tag: 'hikyaku-example/web:dev',
    directory: 'examples/web-application/web',
    dockerfile: 'Dockerfile',
    files: ['.'],
  },
} as const satisfies Readonly<Record<string, Entry>>;

const entries: ReadonlyMap<string, Entry> = new Map(Object.entries(table));

/** Its recipe is the builder's, since "hikyaku verify" needs it too. */
const PROVIDER = 'provider';
const known = [PROVIDER, ...entries.keys()];

/** @param names those to build, or `all` */
export function testImages(root: string, names: readonly string[] | 'all'): readonly ImageRecipe[] {
  // Only the bench uses its image.
  const chosen = names === 'all' ? known.filter((name) => name !== BENCH) : names;
  return chosen.map((name) => {
    if (name === PROVIDER) return providerImage(root);
    const entry = entries.get(name);
    if (entry === undefined) {
      throw new UserError(`there is no test image "${name}"; there are ${known.join(', ')}`);
    }
    const { tag, directory = '.', dockerfile, files } = entry;
    const context = { root: path.join(root, directory), entries: files, ignore: '**/node_modules' };
    return { tag, dockerfile, context };
  });
}
