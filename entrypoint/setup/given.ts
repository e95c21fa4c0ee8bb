/** The options of the command line, judged and read before anything is asked. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import ipaddr from 'ipaddr.js';
import { isSystemError, UsageError, UserError } from '../cli/errors.ts';
import type { Call } from '../cli/verb.ts';
import { readCaFile } from '../inputs/gather-facts.ts';
import { findPreset } from '../settings/providers.ts';
import { addressForm } from '../settings/validators/address.ts';
import { isDomain } from '../settings/validators/host.ts';
import { SENDERS, type Sender, type Server } from './answers.ts';
import type { OPTIONS } from './options.ts';

/** The answers from options. */
export interface GivenAnswers {
  readonly address: string | undefined;
  readonly server: Server | undefined;
  readonly username: string | undefined;
  readonly login: 'password' | 'oauth2' | undefined;
  readonly password: string | undefined;
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly ca: string | undefined;
  readonly senders: readonly Sender[] | undefined;
  readonly lan: string | undefined;
  readonly network: string | undefined;
  readonly image: string | undefined;
}

/** @throws UsageError for an option that makes no sense, UserError for a file that cannot be read */
export function readOptions(call: Call<typeof OPTIONS>): GivenAnswers {
  const { address, server, provider, username, lan, network } = call;
  return {
    address: checked('--address', address, addressFault),
    server: serverOf(server, provider),
    username,
    login: loginOf(call.login),
    password: secretIn(call['password-file'], '--password-file'),
    clientId: call['client-id'],
    clientSecret: secretIn(call['client-secret-file'], '--client-secret-file'),
    ca: caOf(call['ca-file']),
    senders: call.senders === undefined ? undefined : sendersOf(call.senders),
    lan: checked('--lan', lan, rangeFault),
    network: checked('--network', network, nameFault),
    image: checked('--image', call.image, nameFault),
  };
}

export const addressFault = (text: string): string | undefined =>
  addressForm(text) === 'address' ? undefined : 'use a mail address such as me@example.com';

export const serverFault = (text: string): string | undefined =>
  readServer(text) === undefined ? 'use a name, or name and port: mail.isp.example:587' : undefined;

export function rangeFault(text: string): string | undefined {
  const [address = '', prefix] = text.split('/');
  const right = 'use a range such as 192.168.1.0/24';
  if (prefix === undefined || !ipaddr.isValidCIDR(text)) return right;
  const network = ipaddr.IPv4.isValidFourPartDecimal(address)
    ? ipaddr.IPv4.networkAddressFromCIDR(text)
    : ipaddr.IPv6.networkAddressFromCIDR(text);
  return network.toString() === ipaddr.parse(address).toString()
    ? undefined
    : `use ${network.toString()}/${prefix}`;
}

export const nameFault = (text: string): string | undefined =>
  /^[\w][\w.:@/-]*$/.test(text) ? undefined : 'use letters, digits and . - _ : @ /';

function checked(
  option: string,
  text: string | undefined,
  fault: (text: string) => string | undefined,
): string | undefined {
  const wrong = text === undefined ? undefined : fault(text);
  if (wrong !== undefined) throw new UsageError(`${option}: ${wrong}`);
  return text;
}

/** `mail.isp.example:465`; 587 without a port. */
export function readServer(text: string): Server | undefined {
  const [, host = '', port = '587'] = /^([^:]+)(?::(\d{1,5}))?$/.exec(text.trim()) ?? [];
  const isHost = isDomain(host) || ipaddr.IPv4.isValidFourPartDecimal(host);
  return isHost && Number(port) > 0 && Number(port) < 65_536
    ? { host: host.toLowerCase(), port: Number(port) }
    : undefined;
}

function serverOf(server: string | undefined, provider: string | undefined): Server | undefined {
  if (provider !== undefined) {
    if (server !== undefined) throw new UsageError('--server and --provider: give one of the two');
    const preset = findPreset(provider);
    if (preset === undefined) {
      throw new UsageError('--provider: "hikyaku help RELAY_PROVIDER" lists the names');
    }
    return { provider: preset.name, host: preset.host, port: preset.port };
  }
  checked('--server', server, serverFault);
  return server === undefined ? undefined : readServer(server);
}

function loginOf(text: string | undefined): 'password' | 'oauth2' | undefined {
  if (text === undefined || text === 'password' || text === 'oauth2') return text;
  throw new UsageError('--login: use password or oauth2');
}

function sendersOf(text: string): readonly Sender[] {
  const words = text.split(',').map((word) => word.trim());
  const senders = SENDERS.filter((one) => words.includes(one));
  if (senders.length === words.length) return senders;
  throw new UsageError(`--senders: use ${SENDERS.join(', ')}, several with commas`);
}

/** A secret in a file; one newline at its end is dropped, as the relay does. */
function secretIn(file: string | undefined, option: string): string | undefined {
  if (file === undefined) return undefined;
  const text = textOf(file === '-' ? 0 : file, option).replace(/\r?\n$/, '');
  if (text === '') throw new UserError(`${option}: the file is empty: write the secret into it`);
  return text;
}

function caOf(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const read = readCaFile('--ca-file', path.resolve(file));
  if ('pem' in read) return read.pem;
  throw new UserError(`--ca-file: ${read.wrong}; ${read.right}`);
}

function textOf(file: string | 0, option: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    // A password in the place of its file's name is not repeated.
    throw new UserError(`${option}: the file cannot be read (${fault.code ?? ''}): give its path`);
  }
}
