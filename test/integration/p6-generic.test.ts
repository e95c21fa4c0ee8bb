import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { waitForMail } from '../support/mailbox.ts';
import { startNetwork } from '../support/network.ts';
import { headerField } from '../support/provider/journal.ts';
import type { ProviderHandle } from '../support/provider.ts';
import { type Relay, startRelay } from '../support/relay.ts';
import { createVolume } from '../support/volume.ts';

// P6: a made-up domain at home becomes real addresses when mail leaves (soho guide, situation 2).

const CONFIG = `
myhostname: hostname.localdomain.local
myorigin: localdomain.local
generic:
  his@localdomain.local: hisaccount@hisisp.example
  her@localdomain.local: heraccount@herisp.example
  "@localdomain.local": hisaccount+local@hisisp.example
local:
  domains: [localdomain.local]
  mailboxes: [his, her]
`;
const FRIEND = 'friend@example.com';

const stack = new AsyncDisposableStack();
let client: Client;
let provider: ProviderHandle;
let relay: Relay;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  const mail = stack.use(await createVolume());
  client = stack.use(await startClient(network));
  provider = stack.use(await startIsp(network, { names: ['mail.hisisp.example'] }));
  relay = stack.use(
    await startRelay(
      network,
      customerOf(provider, { env: { RELAY_CONFIG: CONFIG }, volumes: { '/var/mail': mail } }),
    ),
  );
});
beforeEach(() => provider.clearMessages());
afterAll(() => stack.disposeAsync());

describe('mail that leaves this machine', () => {
  const SENDERS: readonly [what: string, from: string, real: string][] = [
    ['one address', 'his@localdomain.local', 'hisaccount@hisisp.example'],
    ['another', 'her@localdomain.local', 'heraccount@herisp.example'],
    ['any other, with an extension', 'cron@localdomain.local', 'hisaccount+local@hisisp.example'],
    ['a bare user name', 'root', 'hisaccount+local@hisisp.example'],
    ['an address with an extension', 'her+list@localdomain.local', 'heraccount@herisp.example'],
    ['an address in other letters', 'HIS@LocalDomain.Local', 'hisaccount@hisisp.example'],
    ['an address of elsewhere, which stays', 'user@example.org', 'user@example.org'],
  ];
  it.each(SENDERS)('has %s made real, in envelope and headers', async (_, from, real) => {
    const headers = {
      From: `Somebody <${from}>`,
      Sender: from,
      'Reply-To': `her@localdomain.local, ${from}`,
      Cc: 'his@localdomain.local',
    };
    await client.send(relay, { from, to: FRIEND, headers, body: 'his@localdomain.local' });
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope).toEqual({ from: real, to: [FRIEND] });
    const raw = message?.raw ?? '';
    const field = (name: string): string | null => headerField(raw.replace(/\r\n\s+/g, ' '), name);
    expect(field('From')).toBe(`Somebody <${real}>`);
    expect(field('Sender')).toBe(real);
    expect(field('Reply-To')).toBe(`heraccount@herisp.example, ${real}`);
    expect(field('Cc')).toBe('hisaccount@hisisp.example');
    expect(field('To')).toBe(FRIEND);
    // What people write is theirs.
    expect(raw).toContain('\r\n\r\nhis@localdomain.local\r\n');
  });
});

describe('mail between users of this machine', () => {
  it('is delivered at home, with the addresses as they were', async () => {
    const mail = { from: 'his@localdomain.local', to: 'her@localdomain.local' };
    const headers = { 'X-Test-Id': 'between' };
    expect(await client.send(relay, { ...mail, headers })).toMatchObject({ accepted: true });
    const stored = await waitForMail(relay, 'her', 'X-Test-Id: between');
    expect(headerField(stored, 'Return-Path')).toBe('<his@localdomain.local>');
    expect(headerField(stored, 'From')).toBe('his@localdomain.local');
    expect(headerField(stored, 'To')).toBe('her@localdomain.local');
    expect(await provider.stats()).toMatchObject({ messages: 0 });
  });

  it('keeps its addresses when a copy of it leaves, and the copy has real ones', async () => {
    const from = 'his@localdomain.local';
    const to = ['her@localdomain.local', FRIEND];
    await client.send(relay, { from, to, headers: { 'X-Test-Id': 'both' } });
    const stored = await waitForMail(relay, 'her', 'X-Test-Id: both');
    expect(headerField(stored, 'From')).toBe(from);
    expect(headerField(stored, 'To')).toBe(to.join(', '));
    const [message] = await provider.waitForMessages(1);
    expect(message?.envelope).toEqual({ from: 'hisaccount@hisisp.example', to: [FRIEND] });
    const raw = message?.raw ?? '';
    expect(headerField(raw, 'From')).toBe('hisaccount@hisisp.example');
    expect(headerField(raw, 'To')).toBe(`heraccount@herisp.example, ${FRIEND}`);
  });
});
