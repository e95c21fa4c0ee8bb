import { startReadyAs, TestContainer } from './container.ts';
import { eventually, type Patience } from './eventually.ts';
import { PEER_IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/** A provider made of software that we did not write. */
export interface PeerSettings {
  readonly software: keyof typeof PEER_IMAGES;
  /** Names in its certificate, and its aliases on the network. */
  readonly names: readonly [string, ...string[]];
  /** Passwords by user name. */
  readonly users?: Readonly<Record<string, string>>;
  /** The address at which Dovecot checks tokens. */
  readonly introspection?: string;
}

/** A message for one recipient, with what the peer knew of its session. */
export interface PeerMessage {
  /** "PLAIN", "LOGIN" or "CRAM-MD5" */
  readonly mechanism: string;
  /** Cyrus SASL adds the realm: "hoge@mail.peer.example". */
  readonly username: string;
  readonly from: string;
  readonly to: string;
  /** Its Received field says which TLS it came by. */
  readonly raw: string;
}

/** Ends each stored message in what the peer prints; no mail holds this character. */
const END = '\x1e';

/** The peer, seen from a test. */
export class Peer extends TestContainer {
  /** The certificate of the authority that signed the peer's. */
  caPem(): Promise<string> {
    return this.run(['cat', '/authority/ca.pem']);
  }

  /** The stored mail, in the order of arrival. */
  async messages(): Promise<PeerMessage[]> {
    const print = `cd /store && for one in *; do [ -d "$one" ] || continue
      cat "$one/envelope" "$one/message"; printf '${END}'; done`;
    return readStore(await this.run(['sh', '-c', print]));
  }

  waitForMessages(count: number, patience?: Patience): Promise<PeerMessage[]> {
    return eventually(
      `${count} messages at ${this.alias}`,
      async () => {
        const messages = await this.messages();
        return messages.length >= count && messages;
      },
      patience,
    );
  }

  /** Waits for the mail to a recipient that no other mail has. */
  waitForMailTo(recipient: string): Promise<PeerMessage> {
    return eventually(`the mail to ${recipient}`, async () =>
      (await this.messages()).find(({ to }) => to === recipient),
    );
  }
}

/** Takes apart what the `store` script of the peers has written. */
function readStore(printed: string): PeerMessage[] {
  return printed
    .split(END)
    .slice(0, -1)
    .map((stored) => {
      const [mechanism = '', username = '', from = '', to = '', ...raw] = stored.split('\n');
      return { mechanism, username, from, to, raw: raw.join('\n') };
    });
}

/** Starts a peer under all its names. */
export function startPeer(network: TestNetwork, settings: PeerSettings): Promise<Peer> {
  const { software, names, users = {}, introspection = '' } = settings;
  const spec = {
    image: PEER_IMAGES[software],
    network,
    aliases: names,
    env: {
      PEER_NAMES: names.join(','),
      PEER_INTROSPECTION: introspection,
      PEER_USERS: Object.entries(users)
        .map(([user, password]) => `${user}:${password}`)
        .join('\n'),
    },
  };
  return startReadyAs(Peer, spec, /daemon started/);
}
