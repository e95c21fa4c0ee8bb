import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Document, parse } from 'yaml';
import { createProject, type Project } from '../../scripts/compose-project.ts';
import { ownerLabel } from './engine.ts';
import type { TestNetwork } from './network.ts';
import type { ProviderHandle } from './provider.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
/** Every secret that an example names. */
const SECRETS = ['isp', 'user1', 'user2', 'database'];
/** The content of each secret: the password of every account there. */
export const PASSWORD = 'piyopiyo';

/** A test's additions to an example, whose own files stay unchanged. */
export interface ExampleSettings {
  /** Its certificate authority is known to the relay, as a public provider's is. */
  readonly provider: ProviderHandle;
  /** In the place of the ports that a service publishes, which may be taken here: `freePort`. */
  readonly ports?: Readonly<Record<string, string>>;
  /** More keys of a service. */
  readonly services?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** In the place of texts in its relay.yaml. */
  readonly replace?: Readonly<Record<string, string>>;
  /** Variables of its compose file. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

/** An example that runs. */
export class Example implements AsyncDisposable {
  readonly #project: Project;
  readonly #folder: string;

  constructor(project: Project, folder: string) {
    this.#project = project;
    this.#folder = folder;
  }

  compose(...args: readonly string[]): Promise<string> {
    return this.#project.compose(...args);
  }

  /** Runs a program in a service's container; returns its standard output. */
  exec(service: string, ...command: readonly string[]): Promise<string> {
    return this.#project.compose('exec', '-T', service, ...command);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#project.remove();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Starts an example on the network of a test, as its compose file has it; waits for its health. */
export async function startExample(
  network: TestNetwork,
  name: string,
  { provider, ports = {}, services = {}, replace = {}, variables = {}, signal }: ExampleSettings,
): Promise<Example> {
  const folder = await mkdtemp(path.join(tmpdir(), `hikyaku-example-${name}-`));
  // With the files that it extends, in a separate folder, since the secrets are beside it.
  await cp(path.join(ROOT, 'examples'), folder, { recursive: true });
  const root = path.join(folder, name);
  await mkdir(path.join(root, 'secrets'), { mode: 0o700 });
  for (const secret of SECRETS) {
    await writeFile(path.join(root, 'secrets', secret), `${PASSWORD}\n`, { mode: 0o600 });
  }
  await writeFile(path.join(root, 'ca.pem'), provider.caPem, { mode: 0o644 });
  const relayYaml = path.join(root, 'relay.yaml');
  for (const [text, other] of Object.entries(replace)) {
    const content = await readFile(relayYaml, 'utf8');
    if (!content.includes(text)) throw new Error(`there is no ${text} in ${relayYaml}`);
    await writeFile(relayYaml, content.replaceAll(text, other));
  }
  const composeFile: unknown = parse(await readFile(path.join(root, 'compose.yaml'), 'utf8'));
  const known = {
    services: keysOf(composeFile, 'services'),
    volumes: keysOf(composeFile, 'volumes'),
    ca: await caFileName(provider),
  };
  await writeFile(path.join(root, 'test.yaml'), addition(network, known, { ports, services }));
  const project = await createProject({
    root,
    name: `hikyaku-example-${name}`,
    additions: ['test.yaml'],
    password: PASSWORD,
    env: process.env,
    settings: variables,
    signal,
  });
  const example = new Example(project, folder);
  try {
    await project.up();
    return example;
  } catch (error) {
    const log = await project.logs('relay');
    await example[Symbol.asyncDispose]();
    throw new Error(`${name} did not become healthy; the log of its relay:\n${log}`, {
      cause: error,
    });
  }
}

interface Known {
  readonly services: readonly string[];
  readonly volumes: readonly string[];
  readonly ca: string;
}

/** The compose file that is added: the network, the authority, the ports, and labels to clean up. */
function addition(
  network: TestNetwork,
  { services, volumes, ca }: Known,
  more: Required<Pick<ExampleSettings, 'ports' | 'services'>>,
): string {
  const labels = ownerLabel();
  const added = (service: string): Record<string, unknown> => ({
    labels,
    restart: 'no',
    ...(service === 'relay' && {
      healthcheck: { interval: '1s' },
      volumes: [`./ca.pem:/etc/ssl/certs/${ca}:ro`],
    }),
    ...more.services[service],
  });
  const document = new Document({
    services: Object.fromEntries(services.map((service) => [service, added(service)])),
    volumes: Object.fromEntries(volumes.map((volume) => [volume, { labels }])),
    networks: { default: { name: network.name, external: true } },
  });
  for (const [service, port] of Object.entries(more.ports)) {
    const list = document.createNode([port]);
    // Without this tag Compose would publish these ports in addition to the example's.
    list.tag = '!override';
    document.setIn(['services', service, 'ports'], list);
  }
  return document.toString();
}

/** The name by which OpenSSL looks an authority up in a folder (openssl-rehash(1)). */
async function caFileName({ container }: ProviderHandle): Promise<string> {
  const hash = await container.run(['openssl', 'x509', '-hash', '-noout', '-in', CA_OF_PROVIDER]);
  return `${hash.trim()}.0`;
}

const CA_OF_PROVIDER = '/authority/ca.pem';

function keysOf(file: unknown, section: string): readonly string[] {
  if (typeof file !== 'object' || file === null) return [];
  const found: unknown = Object.entries(file).find(([key]) => key === section)?.[1];
  return typeof found === 'object' && found !== null ? Object.keys(found) : [];
}
