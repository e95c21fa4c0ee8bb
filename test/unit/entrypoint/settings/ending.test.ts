import { expect, it } from 'vitest';
import type { CertificateEnd } from '../../../../entrypoint/settings/facts.ts';
import { readSettings } from '../../../../entrypoint/settings/read-settings.ts';
import { facts } from '../support/facts.ts';
import { givenBy, problemsOf } from '../support/judge.ts';

const APPLICATION = {
  RELAY_USERNAME: 'relay@contoso.example',
  RELAY_OAUTH2_PROVIDER: 'microsoft',
  RELAY_OAUTH2_CLIENT_ID: 'id',
  RELAY_OAUTH2_TENANT: 'contoso.example',
  RELAY_OAUTH2_CLIENT_SECRET: 'a-secret',
};

function endings(environment: Readonly<Record<string, string>>, ends: readonly CertificateEnd[]) {
  const reading = readSettings(givenBy(environment), facts({ certificateEnds: ends }));
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  return reading.settings.endings;
}

it('knows a certificate by the setting that names it, and a file once', () => {
  const ends = [
    { setting: 'relay.ca_file', file: '/ca.pem', at: 5 },
    { setting: 'accounts.0.ca_file', file: '/ca.pem', at: 5 },
    { setting: 'submission.certificate_file', file: '/own.pem', at: 6 },
    { setting: 'relay.oauth2.certificate_file', file: '/app.pem', at: 7 },
    { setting: 'postfix.smtp_tls_cert_file', file: '/client.pem', at: 8 },
  ];
  expect(endings({}, ends)).toEqual([
    { what: 'ca-certificate', name: '/ca.pem', setting: 'relay.ca_file', at: 5 },
    {
      what: 'listener-certificate',
      name: '/own.pem',
      setting: 'submission.certificate_file',
      at: 6,
    },
    {
      what: 'assertion-certificate',
      name: '/app.pem',
      setting: 'relay.oauth2.certificate_file',
      at: 7,
    },
    {
      what: 'client-certificate',
      name: '/client.pem',
      setting: 'postfix.smtp_tls_cert_file',
      at: 8,
    },
  ]);
});

it('takes the last day of a client secret as one that still counts', () => {
  const environment = { ...APPLICATION, RELAY_OAUTH2_CLIENT_SECRET_EXPIRES: '2027-05-31' };
  expect(endings(environment, [])).toEqual([
    {
      what: 'client-secret',
      name: 'relay@contoso.example',
      setting: 'relay.oauth2.client_secret',
      at: Date.parse('2027-06-01T00:00:00Z') / 1000,
    },
  ]);
});

it.each(['31.05.2027', '2027-02-30', 'next year'])('takes no "%s" for a date', (text) => {
  const environment = { ...APPLICATION, RELAY_OAUTH2_CLIENT_SECRET_EXPIRES: text };
  expect(problemsOf(environment)).toHaveLength(1);
});
