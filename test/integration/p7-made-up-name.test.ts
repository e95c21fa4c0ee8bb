import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { readMailbox, waitForMail } from '../support/mailbox.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume, type TestVolume } from '../support/volume.ts';

// P7: the older way of a host with a made-up name (soho guide, situation 2): canonical makes the
// login name the ISP account in all mail, virtual keeps mail for that account at home.

const CONFIG = `
myhostname: hostname.localdomain
canonical:
  your-login-name: your-account@your-isp.example
virtual:
  your-account@your-isp.example: your-login-name
  root: your-login-name
  operator: admin@example.com
  family@hostname.localdomain: [your-login-name, other, aunt@example.com]
local:
  domains: [hostname.localdomain]
  mailboxes: [your-login-name, other]
`;
const AT_HOME = 'your-login-name@hostname.localdomain';
const AT_ISP = 'your-account@your-isp.example';
const FRIEND = 'friend@example.com';

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let provider: ProviderHandle;
let mailboxes: TestVolume;
let relay: Relay;

const start = (): Promise<Relay> =>
  startRelay(
    network,
    customerOf(provider, { env: { RELAY_CONFIG: CONFIG }, volumes: { '/var/mail': mailboxes } }),
  );

beforeAll(async () => {
  network = stack.use(await startNetwork());
  mailboxes = stack.use(await createVolume());
  client = stack.use(await startClient(network));
  provider = stack.use(await startIsp(network, { names: ['mail.your-isp.example'] }));
  relay = stack.use(await start());
});
beforeEach(() => provider.clearMessages());
afterAll(() => stack.disposeAsync());

let count = 0;
/** Sends a mail that can be told from all others. */
async function send(from: string, to: string | readonly string[]) {
  count += 1;
  const id = `p7-${count}`;
  const { accepted, reply } = await client.send(relay, { from, to, headers: { 'X-Test-Id': id } });
  return { accepted, reply, id: `X-Test-Id: ${id}` };
}

describe('mail of the login name', () => {
  it.each(['your-login-name', AT_HOME])('%s leaves as mail of the ISP account', async (from) => {
    await send(from, FRIEND);
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope).toEqual({ from: AT_ISP, to: [FRIEND] });
    expect(headerField(message?.raw ?? '', 'From')).toBe(AT_ISP);
  });

  it('has the ISP account as its sender at home too', async () => {
    const { id } = await send(AT_HOME, 'other@hostname.localdomain');
    const stored = await waitForMail(relay, 'other', id);
    expect(headerField(stored, 'From')).toBe(AT_ISP);
    expect(headerField(stored, 'Return-Path')).toBe(`<${AT_ISP}>`);
    expect(await provider.stats()).toMatchObject({ messages: 0 });
  });

  it('leaves the names of other users alone', async () => {
    await send('other@hostname.localdomain', FRIEND);
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope.from).toBe('other@hostname.localdomain');
  });
});

describe('mail that is delivered at home', () => {
  it.each([
    ['the ISP account', AT_ISP, 'your-login-name'],
    ['the login name', AT_HOME, 'your-login-name'],
    ['the bare login name', 'your-login-name', 'your-login-name'],
    ['another user', 'other@hostname.localdomain', 'other'],
    ['a user with an extension', 'other+news@hostname.localdomain', 'other'],
    ['the ISP account with an extension', 'your-account+news@your-isp.example', 'your-login-name'],
    ['root, an alias', 'root', 'your-login-name'],
    ['root of this host', 'root@hostname.localdomain', 'your-login-name'],
  ])('is that for %s', async (_, to, name) => {
    const { accepted, reply, id } = await send(FRIEND, to);
    expect({ accepted, reply }).toMatchObject({ accepted: true });
    await waitForMail(relay, name, id);
    expect(await provider.stats()).toMatchObject({ messages: 0 });
  });

  it('is that for an alias of several, and those elsewhere get theirs', async () => {
    const { id } = await send(FRIEND, 'family@hostname.localdomain');
    await waitForMail(relay, 'your-login-name', id);
    await waitForMail(relay, 'other', id);
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope.to).toEqual(['aunt@example.com']);
  });

  it('is still there in a new container with the same volume', async () => {
    const { id } = await send(FRIEND, AT_HOME);
    await waitForMail(relay, 'your-login-name', id);
    await relay.kill();
    relay = stack.use(await start());
    expect(await readMailbox(relay, 'your-login-name')).toContainEqual(expect.stringContaining(id));
  });
});

describe('mail that is not', () => {
  it('goes to the address that an alias names', async () => {
    await send(FRIEND, 'operator@hostname.localdomain');
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope.to).toEqual(['admin@example.com']);
  });

  it('goes to others at the ISP through the ISP', async () => {
    await send(AT_HOME, 'somebody@your-isp.example');
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope.to).toEqual(['somebody@your-isp.example']);
  });

  it.each(['nobody@hostname.localdomain', 'nobody'])(
    'is refused at once for %s, who has no mailbox',
    async (to) => {
      const { accepted, reply } = await send(FRIEND, to);
      expect({ accepted, reply }).toEqual({
        accepted: false,
        reply: expect.stringMatching(/^550 5\.1\.1 .*User unknown/),
      });
    },
  );
});
