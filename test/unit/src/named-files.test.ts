import { expect, test } from 'vitest';
import { readRelayFile } from '../../../entrypoint/inputs/relay-file.ts';
import { namedFiles } from '../../../src/named-files.ts';

test('the files that a relay.yaml names are secrets, authorities, tables, certificates, a database', () => {
  const text = `
relay: {host: a.example, username: b, password_file: /run/secrets/isp, ca_file: /certs/ca.pem}
accounts:
  - {sender: c@d.example, host: d.example, username: c, password_file: /run/secrets/shop}
  - {sender: e@d.example, host: d.example, username: e, password_file: /run/secrets/shop}
database: {driver: sqlite, name: /data/accounts.sqlite}
postfix:
  header_checks: regexp:/tables/headers
  smtpd_client_restrictions: check_client_access lmdb:/tables/clients, permit
  smtp_tls_CAfile: /certs/all.pem
  smtpd_tls_cert_file: /certs/own.pem
  smtpd_tls_key_file: $smtpd_tls_cert_file
  mydestination: inline:{a.example=b}
`;
  const { ofSettings, others } = namedFiles(readRelayFile('relay.yaml', text));
  expect(ofSettings.toSorted()).toEqual(['/certs/ca.pem', '/run/secrets/isp', '/run/secrets/shop']);
  expect(others.toSorted()).toEqual([
    '/certs/all.pem',
    '/certs/own.pem',
    '/data/accounts.sqlite',
    '/tables/clients.lmdb',
    '/tables/headers',
  ]);
});

test('the name of a database on a server is no file', () => {
  const text = 'database: {driver: mysql, hosts: [db], user: a, name: mail}\n';
  expect(namedFiles(readRelayFile('relay.yaml', text))).toEqual({ ofSettings: [], others: [] });
});
