import { startReady, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/**
 * Listens, and never accepts: with the backlog full, the kernel answers no further connection, as
 * a firewall does that drops packets (tcp(7), listen(2)).
 */
const SCRIPT = `
use IO::Socket::INET; $| = 1; my @held;
for my $port (@ARGV) {
  my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 1) or die "$port: $!";
  listen($server, 0);
  push @held, $server;
  push @held, IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $port, Blocking => 0) for 1 .. 3;
}
print "walled up\\n"; sleep 3600;
`;

/** Starts a server whose ports do not answer at all. */
export function startWalled(
  network: TestNetwork,
  name: string,
  ports: readonly number[],
): Promise<TestContainer> {
  const spec = {
    image: IMAGES.client,
    network,
    aliases: [name] as const,
    entrypoint: ['perl', '-e', SCRIPT],
    command: ports.map(String),
  };
  return startReady(spec, /walled up/);
}
