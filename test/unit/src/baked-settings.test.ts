import { describe, expect, test } from 'vitest';
import { readRelayFile } from '../../../entrypoint/inputs/relay-file.ts';
import { secretsInFile } from '../../../src/appliance/baked-settings.ts';

describe('a secret in a file that is to be baked', () => {
  test.each([
    ['relay: {host: a.example, password: piyopiyo}', 'relay.yaml:1:26 relay.password'],
    [
      'accounts:\n  - sender: a@b.example\n    password: piyopiyo',
      'relay.yaml:3:5 accounts[0].password',
    ],
    ['database:\n  password: piyopiyo', 'relay.yaml:2:3 database.password'],
    [
      'postfix:\n  smtp_sasl_password_maps: "inline:{a.example=b:piyopiyo}"',
      'smtp_sasl_password_maps',
    ],
    ['postfix:\n  smtp_sasl_password_maps: static:b:piyopiyo', 'smtp_sasl_password_maps'],
    ['postfix:\n  virtual_alias_maps: pgsql://b:piyopiyo@db.example/x', 'virtual_alias_maps'],
  ])('%j is refused with its place, and not repeated', (text, where) => {
    const secrets = secretsInFile(readRelayFile('relay.yaml', text));
    expect(secrets).toHaveLength(1);
    expect(secrets[0]?.where).toContain(where);
    expect(secrets[0]?.right).toContain('password_file');
    expect(JSON.stringify(secrets)).not.toContain('piyopiyo');
  });

  test.each([
    'relay: {host: a.example, username: b}',
    'postfix: {smtp_sasl_password_maps: "lmdb:/etc/somewhere"}',
    'postfix: {smtpd_client_restrictions: "check_client_access inline:{a.example=OK}"}',
    'canonical: {"a@b.example": "c@d.example"}',
  ])('%j has none', (text) => {
    expect(secretsInFile(readRelayFile('relay.yaml', text))).toEqual([]);
  });
});
