import { describe, expect, test } from 'vitest';
import { nearest } from '../../../../entrypoint/messages/nearest.ts';
import {
  displayName,
  settingsByVariable,
  variableName,
} from '../../../../entrypoint/settings/naming/names.ts';

describe('the variable of a setting', () => {
  test.each([
    ['myhostname', 'RELAY_MYHOSTNAME'],
    ['relay.host', 'RELAY_HOST'],
    ['relay.ca_file', 'RELAY_CA_FILE'],
    ['local.domains', 'RELAY_LOCAL_DOMAINS'],
    ['trust_gateway', 'RELAY_TRUST_GATEWAY'],
    ['database.password', 'RELAY_DATABASE_PASSWORD'],
  ])('%s is %s', (path, name) => {
    expect(variableName(path)).toBe(name);
    expect(settingsByVariable.get(name)?.path).toBe(path);
  });
});

describe('a setting that nobody gave is called', () => {
  test.each([
    ['relay.host', 'RELAY_HOST'],
    ['accounts.0', 'accounts[0]'],
    ['accounts.12.sender', 'accounts[12].sender'],
    ['relay.backups.0.host', 'relay.backups[0].host'],
  ])('%s: %s', (path, name) => {
    expect(displayName(path)).toBe(name);
  });
});

describe('the name nearest to', () => {
  const KNOWN = ['host', 'port', 'username', 'password', 'password_file', 'trust_gateway'];
  test.each([
    ['hots', 'host'],
    ['HOST', 'host'],
    ['passwrod', 'password'],
    ['pass', 'password'],
    ['user', 'username'],
    ['passwordfile', 'password_file'],
    ['trustgateway', 'trust_gateway'],
    ['trust-gateway', 'trust_gateway'],
    ['something', undefined],
    ['u', undefined],
  ])('%s is %s', (unknown, name) => {
    expect(nearest(unknown, KNOWN)).toBe(name);
  });

  test('anything is nothing, where nothing is known', () => {
    expect(nearest('host', [])).toBeUndefined();
  });
});
