/** `hikyaku setup`, at a terminal and in a script, in the container and on the host. */
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parse } from 'yaml';
import { run } from '../../scripts/command.ts';
import { composeCommand } from '../../scripts/compose-project.ts';
import { hikyaku } from '../support/builder.ts';
import { LOGIN, startIsp } from '../support/customer.ts';
import { type DnsHandle, startDns } from '../support/dns.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type ComposeService, rightsOfService } from '../support/rights.ts';
import { RunTerminal } from '../support/run-terminal.ts';
import { Folder } from '../unit/entrypoint/support/folder.ts';

const ADDRESS = 'me@isp.example';
const ENTER = '\r';
const DOWN = '\x1b[B';
const CTRL_C = '\x03';

let network: TestNetwork;
let provider: ProviderHandle;
let dns: DnsHandle;
const shared = new AsyncDisposableStack();

beforeAll(async () => {
  network = shared.use(await startNetwork());
  provider = shared.use(await startIsp(network));
  // The domain names its server as RFC 6186 has it; every other name does not exist.
  dns = shared.use(
    await startDns(network, {
      options: [`--srv-host=_submission._tcp.isp.example,${provider.host},587`],
    }),
  );
});

afterAll(() => shared.disposeAsync());

const written = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();

const atTerminal = (setup: string, ca: string, ...options: readonly string[]) =>
  RunTerminal.start({
    image: IMAGES.relay,
    command: ['setup', '--ca-file=/ca.pem', ...options],
    network,
    binds: [`${setup}:/setup`, `${ca}:/ca.pem:ro`],
    dns: dns.address,
  });

it('finds the provider, tries the login until it works, and writes what a relay needs', async () => {
  using folder = new Folder();
  using other = new Folder();
  const ca = other.write('isp-ca.pem', provider.caPem);
  await using user = await atTerminal(folder.path, ca);
  await user.answers('Your mail address', `${ADDRESS}${ENTER}`);
  await user.sees("from the domain's DNS");
  await user.answers('another server', ENTER);
  await user.answers('User name at the provider', `hoge${ENTER}`);
  await user.answers('Password', `wrong${ENTER}`);
  await user.sees('WRONG');
  await user.answers('What now?', ENTER);
  await user.answers('Password', `${LOGIN.password}${ENTER}`);
  await user.sees('accepted');
  await user.answers('Who sends mail', `${DOWN} ${ENTER}`);
  await user.answers('The network of the LAN', `192.168.1.7/24${ENTER}`);
  await user.answers('use 192.168.1.0/24', `${'\x7f'.repeat(4)}0/24${ENTER}`);
  await user.answers('The name of this image', ENTER);
  await user.sees(`docker compose exec relay hikyaku test ${ADDRESS}`);
  expect(await user.ends()).toBe(0);

  expect(user.screen).not.toContain(LOGIN.password);
  expect(written(folder.path)).toEqual([
    ...['ca.pem', 'compose.yaml', 'relay.yaml', 'secrets', 'secrets/relay_password'],
  ]);
  const secret = `${folder.path}/secrets/relay_password`;
  expect(readFileSync(secret, 'utf8')).toBe(LOGIN.password);
  expect(statSync(secret).mode & 0o777).toBe(0o600);
  expect(parse(readFileSync(`${folder.path}/relay.yaml`, 'utf8'))).toMatchObject({
    relay: { host: provider.host, port: 587, username: 'hoge' },
    send_as: ADDRESS,
    networks: ['attached', '192.168.1.0/24'],
  });
});

it.each([
  ['Your mail address', []],
  ["The provider's outgoing server", ['--address', ADDRESS]],
  ['Password', ['--address', ADDRESS, '--server=mail.isp.example', '--username=hoge']],
  ['Who sends mail', ['--provider=gmail', '--password-file=/ca.pem']],
  ['The network of the LAN', ['--provider=gmail', '--password-file=/ca.pem', '--senders=lan']],
])('Ctrl-C at "%s" leaves nothing behind', async (question, options) => {
  using folder = new Folder();
  using other = new Folder();
  const ca = other.write('isp-ca.pem', provider.caPem);
  const skipped = options.some((one) => one.startsWith('--provider'))
    ? ['--untested', '--address', ADDRESS, '--username=hoge', '--login=password']
    : [];
  await using user = await atTerminal(folder.path, ca, ...options, ...skipped);
  await user.answers(question, CTRL_C);
  expect(await user.ends()).toBe(130);
  expect(user.screen).toContain('nothing was written');
  expect(written(folder.path)).toEqual([]);
});

it('an existing set-up is overwritten only by a yes', async () => {
  using folder = new Folder();
  using other = new Folder();
  const ca = other.write('isp-ca.pem', provider.caPem);
  folder.write('docker-compose.yml', 'services: {}\n');
  await using user = await atTerminal(folder.path, ca);
  await user.answers('(docker-compose.yml). Overwrite it?', ENTER);
  expect(await user.ends()).toBe(1);
  await using another = await atTerminal(folder.path, ca);
  await another.answers('(docker-compose.yml). Overwrite it?', 'y');
  await another.answers('Your mail address', CTRL_C);
  expect(await another.ends()).toBe(130);
  expect(written(folder.path)).toEqual(['docker-compose.yml']);
});

it('on the host a script sets a relay up, which sends its test mail', async () => {
  using folder = new Folder();
  using other = new Folder();
  const ca = other.write('isp-ca.pem', provider.caPem);
  const password = other.write('password', `${LOGIN.password}\n`);
  const project = `hikyaku-setup-${randomBytes(4).toString('hex')}`;
  const options = [
    ...['setup', '--yes', '--address', ADDRESS, '--server', provider.host, '--username', 'hoge'],
    ...['--password-file', password, '--ca-file', ca, '--senders', 'containers,devices'],
    ...['--network', network.name, '--directory', folder.path],
  ];
  const compose = composeCommand(process.env['HIKYAKU_COMPOSE']);
  const file = `${folder.path}/compose.yaml`;
  await using cleanUp = new AsyncDisposableStack();
  process.env['COMPOSE_PROJECT_NAME'] = project;
  cleanUp.defer(async () => {
    if (existsSync(file)) {
      const words = [...compose.args, '--file', file, 'down', '--volumes', '--timeout', '5'];
      await run(compose.command, words, { env: process.env });
    }
    delete process.env['COMPOSE_PROJECT_NAME'];
  });

  const said = await hikyaku(...options);
  expect(said).not.toContain(LOGIN.password);
  const { envelope, session } = await provider.waitForMessage();
  expect(envelope).toMatchObject({ from: ADDRESS, to: [ADDRESS] });
  expect(session).toMatchObject({ auth: { username: 'hoge' } });

  type File = { readonly services: { readonly relay: ComposeService } };
  const { services }: File = parse(readFileSync(file, 'utf8'));
  const { services: ours }: File = parse(readFileSync('compose.yaml', 'utf8'));
  expect(rightsOfService(services.relay)).toEqual(rightsOfService(ours.relay));

  // A second time it asks, and nobody is there.
  const before = readFileSync(file, 'utf8');
  await expect(hikyaku(...options)).rejects.toMatchObject({
    output: expect.stringContaining('--overwrite'),
  });
  expect(readFileSync(file, 'utf8')).toBe(before);
});
