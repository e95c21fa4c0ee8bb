import { tableText } from '../postfix/cf-syntax.ts';
import type { Clients } from '../settings/clients.ts';
import { configFile, type RenderedFile } from './file.ts';

const OUTSIDE =
  'so it may stand for anybody outside; if all of them may send, set RELAY_TRUST_GATEWAY=yes (trust_gateway: yes)';

const GATEWAY = `554 5.7.1 this is taken for the gateway of a network that the relay is on, ${OUTSIDE}`;

const OWN = `554 5.7.1 this is the relay's own address, which a port forwarder may give to its clients, ${OUTSIDE}`;

const INGRESS = `554 5.7.1 this address is one of the ingress network of a swarm, ${OUTSIDE}`;

const EXCLUDED = '554 5.7.1 this address is left out with "!" in RELAY_NETWORKS (networks)';

const EVERYBODY =
  '554 5.7.1 this address may not send through this relay; if it should, add its network to ' +
  'RELAY_NETWORKS (networks)';

/**
 * The replies to clients that may not send. Postfix uses the table only after it has accepted all
 * clients that may send (cidr_table(5): the first match counts).
 */
export function refusedClients({
  gateways,
  outerGateways,
  own,
  ingress,
  excluded,
}: Clients): RenderedFile {
  const rows = [
    ...excluded.map((range) => [range, EXCLUDED] as const),
    ...[...gateways, ...outerGateways].map((gateway) => [gateway, GATEWAY] as const),
    ...own.map((address) => [address, OWN] as const),
    ...ingress.map((range) => [range, INGRESS] as const),
    ...['0.0.0.0/0', '::/0'].map((range) => [range, EVERYBODY] as const),
  ];
  return configFile(
    'refused_clients',
    tableText('The replies to clients that may not send.', rows),
  );
}
