/**
 * The mock mail provider: an SMTP server that records its input and fails on request.
 * README of the options: options.ts; of what it says over HTTP: api.ts and http.ts.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { issueCertificate } from './certificates.ts';
import { Faults } from './faults.ts';
import { createHttpServer } from './http.ts';
import { Journal } from './journal.ts';
import { readOptions } from './options.ts';
import { Provider } from './provider.ts';

const authority = process.env['PROVIDER_AUTHORITY'] ?? '/authority';
const options = readOptions(process.env);
const certificate = issueCertificate(options.certificate, options.names, authority);
const journal = new Journal();
const faults = new Faults();

const listeners = options.listeners.map(
  (listener) => new Provider(options, listener, certificate, journal, faults),
);
const setAway = (away: boolean) => {
  for (const listener of listeners) listener.setAway(away);
};
setAway(false);
const caPem = readFileSync(join(authority, 'ca.pem'), 'utf8');
createHttpServer({ journal, faults, caPem, setAway }).listen(8080, () => {
  console.log(`provider ${options.names.join(', ')} is ready`);
});

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0));
