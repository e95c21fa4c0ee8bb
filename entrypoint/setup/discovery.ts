/**
 * Finds the provider of a mail address, as mail programs do:
 *
 *   1. a preset for the domain: no server is asked       settings/providers.ts
 *   2. the domain's own file in Thunderbird's format     autoconfig.ts
 *   3. SRV records                                       RFC 6186, RFC 8314 section 5.1
 *   4. Thunderbird's database, for the domain
 *   5. the MX hosts: a preset, or Thunderbird's database for their domain
 *   6. smtp.DOMAIN or mail.DOMAIN, where there is such a name
 *
 * All look-ups are optional and run at the same time, for at most `PATIENCE_MS`. Others see only
 * the domain, never the address.
 */
import { findPreset, presetOfDomain } from '../settings/providers.ts';
import { isDomain } from '../settings/validators/host.ts';
import type { Server } from './answers.ts';
import { type NamedServer, readAutoconfig } from './autoconfig.ts';

/** Who named a server. */
export type Origin = 'preset' | 'autoconfig' | 'srv' | 'ispdb' | 'mx' | 'guess';

export interface Candidate extends Server {
  readonly username: string;
  readonly origin: Origin;
}

/** The look-ups; each rejects without an answer. */
export interface Sources {
  readonly srv: (
    name: string,
  ) => Promise<readonly { readonly name: string; readonly port: number }[]>;
  /** The MX hosts of a domain, the preferred one first. */
  readonly mx: (domain: string) => Promise<readonly string[]>;
  /** The text at an address of HTTPS. */
  readonly text: (url: string) => Promise<string>;
  /** Whether a host has an address. */
  readonly exists: (host: string) => Promise<boolean>;
}

const PATIENCE_MS = 5_000;

/** Domains of MX hosts, and the presets of those who run them (the providers' own help pages). */
const MX_DOMAINS: Readonly<Record<string, string>> = {
  'google.com': 'gmail',
  'googlemail.com': 'gmail',
  'outlook.com': 'outlook365',
  'icloud.com': 'icloud',
  'messagingengine.com': 'fastmail',
  'protonmail.ch': 'proton',
  'yahoodns.net': 'yahoo',
  'yandex.net': 'yandex',
  'zoho.com': 'zoho',
};

/** The candidates for an address, the most likely one first. */
export async function discover(
  address: string,
  sources: Sources,
  patienceMs = PATIENCE_MS,
): Promise<readonly Candidate[]> {
  const domain = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  const preset = presetOfDomain(domain);
  if (preset !== undefined) return [{ ...ofPreset(preset.name, address), origin: 'preset' }];
  const late = new Promise<readonly Candidate[]>((resolve) => {
    setTimeout(resolve, patienceMs, []).unref();
  });
  const found = await Promise.all(
    lookups(domain, address, sources).map((lookup) =>
      Promise.race([lookup.catch((): readonly Candidate[] => []), late]),
    ),
  );
  return onceEach(found.flat());
}

function lookups(
  domain: string,
  address: string,
  { srv, mx, text, exists }: Sources,
): readonly Promise<readonly Candidate[]>[] {
  const named = (origin: Origin) => (servers: readonly NamedServer[]) =>
    servers.map((one) => ofServer(one, origin, address));
  const fromFile = async (url: string, origin: Origin): Promise<readonly Candidate[]> =>
    named(origin)(readAutoconfig(await text(url)));
  const hosts = mx(domain);
  return [
    fromFile(`https://autoconfig.${domain}/mail/config-v1.1.xml`, 'autoconfig'),
    fromFile(`https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`, 'autoconfig'),
    srv(`_submissions._tcp.${domain}`).then((all) =>
      named('srv')(targets(all).filter(({ port }) => port === 465)),
    ),
    srv(`_submission._tcp.${domain}`).then((all) =>
      named('srv')(targets(all).filter(({ port }) => port !== 465)),
    ),
    fromFile(database(domain), 'ispdb'),
    hosts.then(([first = '']) => ofMxHost(first, address)),
    hosts.then(([first = '']) => fromFile(database(baseOf(first)), 'ispdb')),
    ...['smtp', 'mail'].map(async (label) => {
      const host = `${label}.${domain}`;
      return (await exists(host)) ? named('guess')([{ host, port: 587, localPart: false }]) : [];
    }),
  ];
}

const database = (domain: string): string => `https://autoconfig.thunderbird.net/v1.1/${domain}`;

/** "." means that the service does not exist (RFC 2782); Node.js returns it as an empty name. */
const targets = (
  all: readonly { readonly name: string; readonly port: number }[],
): readonly NamedServer[] =>
  all.flatMap(({ name, port }) => {
    const host = name.replace(/\.$/, '').toLowerCase();
    return isDomain(host) ? [{ host, port, localPart: false }] : [];
  });

/** `mx1.mail.example.co.jp` -> example.co.jp: what was registered, by its looks. */
const baseOf = (host: string): string =>
  /[^.]+\.(?:(?:ac|co|com|gov|ne|net|or|org)\.[a-z]{2}|[^.]+)$/i.exec(host)?.[0] ?? host;

function ofMxHost(host: string, address: string): readonly Candidate[] {
  const [, preset] =
    Object.entries(MX_DOMAINS).find(([domain]) => `.${host}`.endsWith(`.${domain}`)) ?? [];
  return preset === undefined ? [] : [{ ...ofPreset(preset, address), origin: 'mx' }];
}

function ofPreset(name: string, address: string): Omit<Candidate, 'origin'> {
  const { host = '', port = 0 } = findPreset(name) ?? {};
  return { provider: name, host, port, username: address };
}

const ofServer = (
  { host, port, localPart }: NamedServer,
  origin: Origin,
  address: string,
): Candidate => ({
  host,
  port,
  origin,
  username: localPart ? address.slice(0, address.lastIndexOf('@')) : address,
});

const onceEach = (all: readonly Candidate[]): readonly Candidate[] =>
  all.filter(
    ({ host, port }, index) =>
      all.findIndex((other) => other.host === host && other.port === port) === index,
  );
