import { afterAll, beforeAll, expect, it } from 'vitest';
import { LOGIN } from '../support/customer.ts';
import { examine } from '../support/examination.ts';
import { startNetwork } from '../support/network.ts';
import { type Peer, startPeer } from '../support/peer.ts';
import { type Relay, startRelay } from '../support/relay.ts';

// The provider is Debian's Postfix with Cyrus SASL: what the doctor says to it is judged by a library
// that is not ours, and what the doctor picks is what the relay's own Postfix picks.

const NAME = 'mail.peer.example';

const SPOKEN = [
  ...['scram-sha-512', 'scram-sha-384', 'scram-sha-256', 'scram-sha-224', 'scram-sha-1'],
  ...['digest-md5', 'cram-md5', 'plain', 'login'],
];

const stack = new AsyncDisposableStack();
/** What a provider may have: the relay is left to choose. */
const OFFERS = [
  ['SCRAM-SHA-224', 'SCRAM-SHA-1', 'DIGEST-MD5', 'PLAIN'],
  ['PLAIN', 'LOGIN', 'CRAM-MD5', 'DIGEST-MD5'],
  ['NTLM', 'LOGIN'],
];

let peer: Peer;
let relay: Relay;

beforeAll(async () => {
  const network = stack.use(await startNetwork());
  const users = { [LOGIN.username]: LOGIN.password };
  peer = stack.use(await startPeer(network, { software: 'postfix', names: [NAME], users }));
  await offer(SPOKEN);
  const account = { ...LOGIN, host: NAME, ca_file: '/ca.pem' };
  const accounts = [
    ...SPOKEN.map((mechanism) => ({
      ...account,
      sender: `${mechanism}@x.example`,
      mechanisms: [mechanism],
    })),
    // An account each, since Postfix uses a session again that it has logged in.
    ...OFFERS.map((_, index) => ({ ...account, sender: `free-${index}@x.example` })),
  ];
  relay = stack.use(
    await startRelay(network, {
      env: { RELAY_CONFIG: JSON.stringify({ accounts, message_size: '10000000' }) },
      files: { '/ca.pem': await peer.caPem() },
    }),
  );
});
afterAll(() => stack.disposeAsync());

/** The mechanisms that the provider has from now on. */
const offer = (mechanisms: readonly string[]) =>
  peer.run([
    ...['sh', '-c'],
    'sed -i "s/^mech_list:.*/mech_list: $0/" /etc/postfix/sasl/smtpd.conf && postfix reload',
    mechanisms.join(' ').toUpperCase(),
  ]);

const loggedIn = (subject: string, mechanism: string) =>
  expect.objectContaining({
    kind: 'logged-in',
    subject: expect.stringMatching(new RegExp(`^${subject}`)),
    words: expect.stringContaining(` ${mechanism}:`),
  });

it('the doctor logs in by every mechanism that takes a password', async () => {
  const { findings } = await examine(relay);
  const accounts = findings.filter(({ subject }) => subject.startsWith('account'));
  expect(accounts.filter(({ state }) => state === 'wrong')).toEqual([]);
  for (const mechanism of SPOKEN) {
    expect(accounts).toContainEqual(loggedIn(`account ${mechanism}@`, mechanism.toUpperCase()));
  }
});

it.each(OFFERS.map((offered, index) => ({ offered, sender: `free-${index}@x.example` })))(
  'the doctor logs in by what Postfix picks of $offered',
  async ({ offered, sender }) => {
    await offer(offered);
    const before = (await peer.messages()).map(({ from }) => from);
    expect(before).not.toContain(sender);
    const send = `printf 'Subject: x\\n\\n' | sendmail -f ${sender} b@y.example`;
    await relay.run(['sh', '-c', send]);
    const messages = await peer.waitForMessages(before.length + 1);
    const picked = messages.find(({ from }) => from === sender)?.mechanism ?? 'none';
    const { findings } = await examine(relay, '--sender', sender);
    expect(findings).toContainEqual(loggedIn(`account ${sender}`, picked));
  },
);
