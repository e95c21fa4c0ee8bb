import services from 'nodemailer/lib/well-known/services.json' with { type: 'json' };
import { isLikeName, isNearMiss } from '../messages/may-be-shown.ts';
import { nearest } from '../messages/nearest.ts';
import { notA, validator } from './validators/invalid.ts';

/** A well-known provider: its submission server, and limits of its own. */
export interface Preset {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** In bytes. */
  readonly messageSize?: number;
  readonly connections?: number;
  /** That it takes no passwords, only OAuth 2. */
  readonly refusesPasswords?: boolean;
}

interface Service {
  readonly host?: string;
  readonly port?: number | string;
  readonly aliases?: readonly string[];
  readonly domains?: readonly string[];
  readonly ignoreTLS?: boolean;
}

const KIB = 1024;
const MIB = 1024 * KIB;

/** Providers that nodemailer's list lacks: Japanese ones (their own help pages). */
const MORE: Readonly<Record<string, Service>> = {
  YahooJapan: { host: 'smtp.mail.yahoo.co.jp', port: 465, domains: ['yahoo.co.jp', 'ymail.ne.jp'] },
  Biglobe: { host: 'mail.biglobe.ne.jp', port: 465, domains: ['biglobe.ne.jp'] },
  Nifty: { host: 'smtp.nifty.com', port: 465, domains: ['nifty.com'] },
  SoNet: { host: 'mail.so-net.ne.jp', port: 465 },
};

/** Limits that senders run into (the providers' own help pages; YahooJapan announces its SIZE). */
const LIMITS: Readonly<
  Record<string, Pick<Preset, 'messageSize' | 'connections' | 'refusesPasswords'>>
> = {
  gmail: { messageSize: 25 * MIB },
  gmailworkspace: { messageSize: 25 * MIB },
  outlook365: { messageSize: 25 * MIB, connections: 3 },
  // Since September 2024 (support.microsoft.com, "Modern Authentication" for Outlook.com).
  hotmail: { messageSize: 25 * MIB, connections: 3, refusesPasswords: true },
  icloud: { messageSize: 20 * MIB },
  yahoo: { messageSize: 25 * MIB },
  yahoojapan: { messageSize: 20_000 * KIB },
};

/** People write Gmail, gmail, "Yahoo Japan", yahoo-japan. */
const key = (name: string): string => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

const presets: ReadonlyMap<string, Preset> = new Map(
  Object.entries<Service>({ ...services, ...MORE }).flatMap(([name, service]) => {
    const { host, port, aliases = [], ignoreTLS = false } = service;
    // Servers for tests, without TLS, are on nodemailer's list too: no login goes there.
    const number = Number(port);
    if (host === undefined || ignoreTLS || !(number > 25)) return [];
    const preset: Preset = {
      name: name.toLowerCase(),
      host,
      port: number,
      ...LIMITS[key(name)],
    };
    return [name, ...aliases].map((one): [string, Preset] => [key(one), preset]);
  }),
);

/** Every name of a preset, for the help and for "did you mean". */
export const presetNames: readonly string[] = [
  ...new Set([...presets.values()].map(({ name }) => name)),
];

export const findPreset = (name: string | undefined): Preset | undefined =>
  name === undefined ? undefined : presets.get(key(name));

/** Domains of well-known providers that nodemailer's list leaves out, and their presets. */
const MORE_DOMAINS: Readonly<Record<string, string>> = {
  'live.com': 'hotmail',
  'msn.com': 'hotmail',
  'ymail.com': 'yahoo',
  'zoho.com': 'zoho',
};

/** Domains of nodemailer's list whose accounts are at another server (docs/providers.md). */
const OTHERWISE: readonly string[] = ['gmx.net', 'gmx.de'];

const presetByDomain: ReadonlyMap<string, string> = new Map([
  ...Object.entries<Service>({ ...services, ...MORE }).flatMap(([name, { domains = [] }]) =>
    domains.map((domain): [string, string] => [domain, name]),
  ),
  ...Object.entries(MORE_DOMAINS),
]);

/** The provider whose own domain this is: of `gmail.com`, Gmail. */
export const presetOfDomain = (domain: string): Preset | undefined =>
  OTHERWISE.includes(domain) ? undefined : findPreset(presetByDomain.get(domain));

const DEFAULT_PORT = 587;

/** Enough to be fast, since connections are reused; few enough for most providers' limits. */
const DEFAULT_CONNECTIONS = 12;

/** The settings that a preset can fill in. */
interface Chosen {
  readonly provider?: string | undefined;
  readonly oauth2?: { readonly provider: keyof typeof OF_TOKENS | undefined };
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly connections?: number | undefined;
}

/** The preset of each provider of OAuth 2 tokens. */
const OF_TOKENS = { microsoft: 'outlook365', google: 'gmail' } as const;

/** The provider that was named, or the one whose tokens are asked for. */
export const presetName = ({ provider, oauth2 }: Pick<Chosen, 'provider' | 'oauth2'>) =>
  provider ?? (oauth2?.provider && OF_TOKENS[oauth2.provider]);

/** A provider's settings with what its preset fills in: a value that was given wins. */
export function withPreset<P extends Chosen>(
  provider: P,
): P & { readonly port: number; readonly connections: number } {
  const preset = findPreset(presetName(provider));
  return {
    ...provider,
    host: provider.host ?? preset?.host,
    port: provider.port ?? preset?.port ?? DEFAULT_PORT,
    connections: provider.connections ?? preset?.connections ?? DEFAULT_CONNECTIONS,
  };
}

/** The name of a well-known provider. */
export const providerName = validator<string>((text) => {
  const preset = /["']/.test(text) ? undefined : findPreset(text);
  if (preset !== undefined) return preset.name;
  const bare = text
    .trim()
    .replace(/^(smtp|mail)\./i, '')
    .replace(/\.[a-z.]+$/i, '');
  const near = findPreset(bare)?.name ?? nearest(text, presetNames);
  const right = near === undefined ? 'give its server as host instead' : `did you mean ${near}?`;
  const isLikely = isNearMiss(text, presetNames) || (isLikeName(text) && text.includes('.'));
  throw notA(text, 'a provider that is known here', right, isLikely);
});
