import { describe, expect, test } from 'vitest';
import type { Facts, OAuth2File } from '../../../../entrypoint/settings/facts.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { relayHostsOf } from '../../../../entrypoint/settings/settings.ts';
import { facts } from '../support/facts.ts';
import { givenBy, linesOf, problemsOf } from '../support/judge.ts';

const LOGIN = { RELAY_USERNAME: 'relay@contoso.example' };
const ID = { ...LOGIN, RELAY_OAUTH2_CLIENT_ID: 'id' };
const MICROSOFT = { ...ID, RELAY_OAUTH2_PROVIDER: 'microsoft' };
const USER = { ...MICROSOFT, RELAY_OAUTH2_REFRESH_TOKEN: 'a-token' };
const GOOGLE = {
  ...ID,
  RELAY_OAUTH2_PROVIDER: 'google',
  RELAY_OAUTH2_REFRESH_TOKEN: 'a-token',
};
const OTHER = {
  ...ID,
  RELAY_HOST: 'mail.isp.example',
  RELAY_OAUTH2_TOKEN_ENDPOINT: 'https://login.isp.example/token',
  RELAY_OAUTH2_SCOPE: 'smtp',
};
const APPLICATION = {
  ...MICROSOFT,
  RELAY_OAUTH2_TENANT: 'contoso.example',
  RELAY_OAUTH2_CLIENT_SECRET: 'a-secret',
};

const FILES = new Map<string, OAuth2File>([
  ['/app.pem', { text: 'certificate' }],
  ['/app.key', { text: 'key' }],
  ['/sa.json', { text: JSON.stringify({ client_email: 'sa@x.example', private_key: 'key' }) }],
]);

function loginOf(environment: Readonly<Record<string, string>>, more: Partial<Facts> = {}) {
  const reading = readSettings(givenBy(environment), facts({ oauth2Files: FILES, ...more }));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  const [host] = relayHostsOf(reading.settings.route);
  return { host: host?.host, port: host?.port, oauth2: host?.login?.oauth2 };
}

describe('the grant follows from what is given', () => {
  test.each([
    ['Microsoft, a user', USER, 'user'],
    ['Microsoft, a secret', APPLICATION, 'application'],
    [
      'Microsoft, a certificate',
      {
        ...MICROSOFT,
        RELAY_OAUTH2_TENANT: 'contoso.example',
        RELAY_OAUTH2_CERTIFICATE_FILE: '/app.pem',
        RELAY_OAUTH2_KEY_FILE: '/app.key',
      },
      'application',
    ],
    ['Google, a user', { ...GOOGLE, RELAY_OAUTH2_CLIENT_SECRET: 'a-secret' }, 'user'],
    [
      'Google, a service account',
      {
        ...LOGIN,
        RELAY_OAUTH2_PROVIDER: 'google',
        RELAY_OAUTH2_SERVICE_ACCOUNT_FILE: '/sa.json',
      },
      'service account',
    ],
    ['Microsoft, a user who will log in', MICROSOFT, 'user'],
    ['another, a user who will log in', OTHER, 'user'],
    [
      'another with a secret, a user who will log in',
      {
        ...OTHER,
        RELAY_OAUTH2_CLIENT_SECRET: 'a-secret',
        RELAY_OAUTH2_AUTHORIZATION_ENDPOINT: 'https://login.isp.example/authorize',
      },
      'user',
    ],
    ['another, a refresh token', { ...OTHER, RELAY_OAUTH2_REFRESH_TOKEN: 't' }, 'user'],
    ['another, a secret', { ...OTHER, RELAY_OAUTH2_CLIENT_SECRET: 'a-secret' }, 'application'],
  ])('%s', (_, environment, kind) => {
    expect(loginOf(environment).oauth2?.grant.kind).toBe(kind);
  });
});

describe('a provider brings', () => {
  test('host, port, endpoint and scope', () => {
    expect(loginOf(APPLICATION)).toMatchObject({
      host: 'smtp.office365.com',
      port: 587,
      oauth2: {
        tokenEndpoint: 'https://login.microsoftonline.com/contoso.example/oauth2/v2.0/token',
        scope: 'https://outlook.office365.com/.default',
      },
    });
    expect(loginOf({ ...GOOGLE, RELAY_OAUTH2_CLIENT_SECRET: 'a-secret' })).toMatchObject({
      host: 'smtp.gmail.com',
      oauth2: {
        tokenEndpoint: 'https://oauth2.googleapis.com/token',
        scope: 'https://mail.google.com/',
      },
    });
  });

  test('no host where one is given', () => {
    const environment = { ...USER, RELAY_HOST: 'smtp-mail.outlook.com' };
    expect(loginOf(environment)).toMatchObject({
      host: 'smtp-mail.outlook.com',
      oauth2: {
        tokenEndpoint: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
        scope: 'https://outlook.office.com/SMTP.Send offline_access',
      },
    });
  });

  test('and the CA file of the server counts for the endpoint', () => {
    const caFiles = new Map([['/ca.pem', { pem: 'PEM' }]]);
    const environment = { ...APPLICATION, RELAY_CA_FILE: '/ca.pem' };
    expect(loginOf(environment, { caFiles }).oauth2?.ca).toBe('PEM');
  });
});

describe('what is missing or contradicts is refused, and the place is named', () => {
  test.each([
    [{ ...APPLICATION, RELAY_PASSWORD: 'piyopiyo' }, 'RELAY_PASSWORD'],
    [{ RELAY_OAUTH2_PROVIDER: 'microsoft', RELAY_OAUTH2_CLIENT_ID: 'id' }, 'RELAY_USERNAME'],
    [{ ...LOGIN, RELAY_OAUTH2_PROVIDER: 'microsoft' }, 'RELAY_OAUTH2_CLIENT_ID'],
    [GOOGLE, 'RELAY_OAUTH2_CLIENT_SECRET'],
    [{ ...APPLICATION, RELAY_OAUTH2_TENANT: '' }, 'RELAY_OAUTH2_TENANT'],
    [{ ...APPLICATION, RELAY_OAUTH2_TENANT: 'common' }, 'RELAY_OAUTH2_TENANT'],
    [
      { ...GOOGLE, RELAY_OAUTH2_CLIENT_SECRET: 'a-secret', RELAY_OAUTH2_TENANT: 'common' },
      'RELAY_OAUTH2_TENANT',
    ],
    [{ ...OTHER, RELAY_OAUTH2_SCOPE: '' }, 'RELAY_OAUTH2_SCOPE'],
    [{ ...OTHER, RELAY_OAUTH2_TOKEN_ENDPOINT: '' }, 'RELAY_OAUTH2_TOKEN_ENDPOINT'],
    [
      { ...OTHER, RELAY_OAUTH2_TOKEN_ENDPOINT: 'http://login.isp.example/token' },
      'RELAY_OAUTH2_TOKEN_ENDPOINT',
    ],
    [
      { ...APPLICATION, RELAY_OAUTH2_SCOPE: 'https://graph.microsoft.com/.default' },
      'RELAY_OAUTH2_SCOPE',
    ],
    [
      {
        ...APPLICATION,
        RELAY_OAUTH2_CERTIFICATE_FILE: '/app.pem',
        RELAY_OAUTH2_KEY_FILE: '/app.key',
      },
      'RELAY_OAUTH2_CERTIFICATE_FILE',
    ],
    [
      {
        ...MICROSOFT,
        RELAY_OAUTH2_TENANT: 'contoso.example',
        RELAY_OAUTH2_CERTIFICATE_FILE: '/app.pem',
      },
      'RELAY_OAUTH2_KEY_FILE',
    ],
    [
      { ...APPLICATION, RELAY_OAUTH2_SERVICE_ACCOUNT_FILE: '/sa.json' },
      'RELAY_OAUTH2_SERVICE_ACCOUNT_FILE',
    ],
    [{ ...APPLICATION, RELAY_MAP_TYPE: 'texthash' }, 'RELAY_MAP_TYPE'],
    [{ ...APPLICATION, RELAY_MECHANISMS: 'plain' }, 'RELAY_MECHANISMS'],
    [
      { ...LOGIN, RELAY_HOST: 'a.example', RELAY_PASSWORD: 'abcd', RELAY_MECHANISMS: 'xoauth2' },
      'RELAY_MECHANISMS',
    ],
  ])('%j', (environment, where) => {
    const lines = linesOf(environment, { oauth2Files: FILES });
    expect(lines.map((line) => line.split(': ').slice(0, 2))).toContainEqual(['error', where]);
    expect(lines.join('\n')).not.toContain('a-secret');
  });

  test('a relay host and a backup log in the same way', () => {
    const yaml = `
relay:
  username: a@b.example
  oauth2: {provider: microsoft, client_id: id, refresh_token: abcd}
  backups: [{host: mail2.example, username: a, password: piyopiyo}]`;
    expect(problemsOf(yaml)).toEqual([
      expect.stringMatching(/^error relay.yaml:\d+:\d+ relay.backups\[0\].username/),
    ]);
  });

  test('a file that cannot be used', () => {
    const oauth2Files = new Map([['/sa.json', { wrong: 'is wrong', right: 'mend it' }]]);
    const environment = {
      ...LOGIN,
      RELAY_OAUTH2_PROVIDER: 'google',
      RELAY_OAUTH2_SERVICE_ACCOUNT_FILE: '/sa.json',
    };
    expect(problemsOf(environment, { oauth2Files })).toEqual([
      'error RELAY_OAUTH2_SERVICE_ACCOUNT_FILE',
    ]);
  });
});
