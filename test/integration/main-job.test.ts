import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startContainer } from '../support/container.ts';
import { customerOf, LOGIN, startIsp } from '../support/customer.ts';
import { eventually } from '../support/eventually.ts';
import { IMAGES } from '../support/images.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// The administrator's own home server (soho guide, situation 6): all that it sends is what logwatch
// and its like write to the administrator.

const REPORT = { from: 'root@linux.myhome.net', to: 'hoge@foo.bar.example' };
const HOME_SERVER = {
  RELAY_MYHOSTNAME: 'linux.myhome.net',
  RELAY_MECHANISMS: 'plain, login',
  RELAY_GENERIC: '@linux.myhome.net=hoge@foo.bar.example',
};
const PASSWORD_FILE = '/run/secrets/relay_password';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let provider: ProviderHandle;
let client: Client;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  provider = stack.use(await startIsp(network, { names: ['foo.bar.example'] }));
});
beforeEach(async () => {
  await provider.setFaults();
  await provider.clearMessages();
});
afterAll(() => stack.disposeAsync());

/** A relay whose password stands in a file that nobody but root may read. */
const startWithPasswordFile = (more: Parameters<typeof customerOf>[1] = {}): Promise<Relay> =>
  startRelay(
    network,
    customerOf(provider, {
      ...more,
      env: {
        ...HOME_SERVER,
        RELAY_PASSWORD: '',
        RELAY_PASSWORD_FILE: PASSWORD_FILE,
        ...more.env,
      },
      files: { [PASSWORD_FILE]: { content: `${LOGIN.password}\n`, mode: 0o600 } },
    }),
  );

/** A relay as plain `docker run` makes it, the password among its variables. */
const startPlain = (env: Readonly<Record<string, string>> = {}): Promise<Relay> =>
  startRelay(network, customerOf(provider, { env: { ...HOME_SERVER, ...env }, lockedDown: false }));

describe.each([
  {
    name: 'by STARTTLS on port 587, in a locked-down container',
    start: () => startWithPasswordFile(),
    listener: 587,
  },
  {
    name: 'by TLS from the first byte on port 465, in a plain container',
    start: () => startPlain({ RELAY_PORT: '465' }),
    listener: 465,
  },
])('a relay that logs in $name', ({ start, listener }) => {
  let relay: Relay;
  beforeAll(async () => {
    relay = await start();
  });
  afterAll(() => relay[Symbol.asyncDispose]());

  it('hands a report of root to the provider, as the account that the login is for', async () => {
    const body = 'Disk /dev/sda1 is at 91 %.\n.a line that starts with a dot\nGrüße';
    expect(await client.send(relay, { ...REPORT, body })).toMatchObject({ accepted: true });
    const [message] = await provider.waitForMessages(1);
    expect(message?.session).toMatchObject({
      listener,
      tls: { version: 'TLSv1.3' },
      auth: { mechanism: 'PLAIN', username: 'hoge' },
      helo: 'linux.myhome.net',
      clientAddress: relay.address,
    });
    expect(message?.envelope).toEqual({
      from: 'hoge@foo.bar.example',
      to: ['hoge@foo.bar.example'],
    });
    const raw = message?.raw ?? '';
    expect(headerField(raw, 'From')).toBe('hoge@foo.bar.example');
    expect(raw).not.toMatch(/^(From|To|Sender|Return-Path):.*linux\.myhome\.net/im);
    expect(raw.replaceAll('\r\n', '\n')).toContain(`\n\n${body}\n`);
  });

  it('hands mail to root of the made-up name to the real account', async () => {
    const mail = { from: 'root', to: 'root@linux.myhome.net' };
    expect(await client.send(relay, mail)).toMatchObject({ accepted: true });
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope).toEqual({
      from: 'hoge@foo.bar.example',
      to: ['hoge@foo.bar.example'],
    });
    expect(headerField(message?.raw ?? '', 'To')).toBe('hoge@foo.bar.example');
  });

  it('keeps the table of passwords and its index for root alone', async () => {
    const files = await relay.run(['sh', '-c', 'stat -c "%a %U %n" /etc/postfix/sasl_passwd*']);
    expect(files.trim().split('\n').sort()).toEqual([
      '600 root /etc/postfix/sasl_passwd',
      '600 root /etc/postfix/sasl_passwd.lmdb',
    ]);
  });

  it('is Postfix: its master is process 1, and no Node.js process is left', async () => {
    expect(await relay.run(['cat', '/proc/1/comm'])).toBe('master\n');
    // A health check that runs just now is a Node.js process too, but not one that stays.
    const programs = await eventually('no Node.js process', async () => {
      const all = await relay.run(['sh', '-c', 'cat /proc/[0-9]*/comm 2>/dev/null; true']);
      return !/node|hikyaku/i.test(all) && all;
    });
    expect(programs.split('\n')).toContain('qmgr');
  });

  it('starts with what V8 compiled when the image was built, and V8 takes it', async () => {
    const script = await relay.run(['cat', '/usr/local/bin/hikyaku']);
    const options = [...script.matchAll(/ room=(\S+)/g)].map(([, option = '']) => option);
    expect(options).toHaveLength(2);
    const says = `
      const { readFileSync } = require('node:fs');
      const filename = '/usr/share/hikyaku/program.js';
      const cachedData = readFileSync('/usr/share/hikyaku/program.compiled');
      const program = new vm.Script(readFileSync(filename, 'latin1'), { filename, cachedData });
      console.log(program.cachedDataRejected);`;
    for (const option of options) {
      expect(await relay.run(['node', option, '-e', says])).toBe('false\n');
    }
  });

  it('shows the password neither in the environment of a process nor in its log', async () => {
    // Looked at from outside: the relay's own root may not read these files at all.
    await using observer = await startContainer({
      image: IMAGES.client,
      network,
      aliases: ['observer'],
      observes: relay,
    });
    expect(await observer.run(['cat', '/proc/1/comm'])).toBe('master\n');
    expect(await observer.run(['cat', '/proc/1/environ'])).toContain('PATH=');
    const all = 'for p in /proc/[0-9]*; do cat $p/comm $p/environ; done 2>/dev/null; true';
    const environments = await observer.run(['sh', '-c', all]);
    expect(environments).toContain('qmgr');
    const log = await relay.logs();
    expect(log).toContain('as hoge (password ***)');
    const login = Buffer.from(`\0${LOGIN.username}\0${LOGIN.password}`).toString('base64');
    for (const secret of [LOGIN.password, login]) {
      expect(environments).not.toContain(secret);
      expect(log).not.toContain(secret);
    }
  });
});

describe('the health check', () => {
  it('finds a good relay healthy, and leaves no line in its log', async () => {
    await using relay = await startWithPasswordFile({ healthEverySeconds: 1 });
    const { status, probes } = await eventually('two probes that find it well', async () => {
      const health = await relay.health();
      return health.probes.filter((exitCode) => exitCode === 0).length >= 2 && health;
    });
    // A probe may have come while the relay was starting: from the first good one on, all are.
    const started = probes.slice(probes.indexOf(0));
    expect({ status, failed: started.filter((exitCode) => exitCode !== 0) }).toEqual({
      status: 'healthy',
      failed: [],
    });
    expect(await relay.logs()).toMatch(/daemon started.*\n$/);
  });
});

describe('the queue', () => {
  it('survives a kill: a new container on the same volume delivers what it holds', async () => {
    await using spool = await createVolume();
    await provider.setFaults(
      { at: 'rcpt', reply: '451 4.3.0 later', match: { to: 'deferred@example.com' } },
      { at: 'data', action: 'hang', match: { to: 'on-its-way@example.com' } },
    );
    {
      await using relay = await startWithPasswordFile({ spool });
      await client.send(relay, { ...REPORT, to: 'deferred@example.com' });
      await client.send(relay, { ...REPORT, to: 'on-its-way@example.com' });
      expect(await relay.waitForDelay('deferred@example.com')).toContain('451 4.3.0 later');
      await eventually('a delivery that hangs', async () => (await provider.faults())[1]?.struck);
      await relay.kill();
      expect(await relay.waitForExit()).toBe(137);
    }
    expect(await provider.messages()).toEqual([]);
    await provider.setFaults();
    await using relay = await startWithPasswordFile({ spool });
    await provider.waitForMessage(({ envelope }) => envelope.to.includes('on-its-way@example.com'));
    await relay.flush();
    await provider.waitForMessage(({ envelope }) => envelope.to.includes('deferred@example.com'));
    await eventually('an empty queue', async () => (await relay.queue()).length === 0);
    expect(await provider.messages()).toHaveLength(2);
  });
});

describe('docker stop', () => {
  it('ends the relay with exit code 0, within the usual ten seconds, with mail in its queue', async () => {
    await provider.setFaults({ at: 'mail', reply: '451 4.3.0 later' });
    await using relay = await startWithPasswordFile();
    await client.send(relay, REPORT);
    await relay.waitForDelay(REPORT.to);
    // Whoever takes longer is killed by Docker, which gives another code.
    expect(await relay.stop({ graceSeconds: 10 })).toBe(0);
  });
});
