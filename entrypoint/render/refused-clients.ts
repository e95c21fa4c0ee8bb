import type { Clients } from '../settings/clients.ts';
import { tableText } from './cf-syntax.ts';
import { configFile, type RenderedFile } from './file.ts';

/**
 * What a client is told that may not send. It is asked only after everybody who may has been let
 * in (cidr_table(5): the first match counts).
 */
export function refusedClients({ gateways }: Clients): RenderedFile {
  const gatewayRows = gateways.map(
    (gateway) =>
      [
        gateway,
        '554 5.7.1 this is the gateway of a network that the relay is on, so it may stand for ' +
          'anybody outside; if all of them may send, set RELAY_TRUST_GATEWAY=yes ' +
          '(trust_gateway: yes)',
      ] as const,
  );
  const everybody =
    '554 5.7.1 this address may not send through this relay; if it should, add its network to ' +
    'RELAY_NETWORKS (networks)';
  const rows = [...gatewayRows, ['0.0.0.0/0', everybody] as const, ['::/0', everybody] as const];
  return configFile('refused_clients', tableText('What a client that may not send is told.', rows));
}
