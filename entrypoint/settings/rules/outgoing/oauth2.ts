import type { Facts } from '../../facts.ts';
import { error, type Finding, say, type Words } from '../../naming/finding.ts';
import { type Given, isGiven } from '../../naming/given.ts';
import { type GrantKind, grantKind, SHARED_TENANTS } from '../../oauth2.ts';
import type { Provider, RawOAuth2, RawSettings } from '../../table.ts';
import { keysOf, wantsOAuth2 } from '../keys.ts';

/** The rules within one `oauth2` section, and between it and the login that it belongs to. */
export function checkOAuth2(
  { oauth2 }: Pick<Provider, 'oauth2'>,
  path: string,
  given: Given,
  facts: Facts,
): readonly Finding[] {
  if (!wantsOAuth2(path, given)) return [];
  const login = keysOf(path, given);
  const problems: Finding[] = [];
  if (login.has('password')) {
    const wrong = 'stands beside oauth2, which takes its place';
    problems.push(error(login.where('password'), wrong, 'leave one of the two out'));
  }
  if (login.lacks('username')) {
    const right = say`give ${login.name('username')}: the address of the mailbox that logs in`;
    problems.push(error(login.where('username'), 'is missing, and oauth2 logs in', right));
  }
  return [
    ...problems,
    ...checkEndpoint(oauth2, `${path}.oauth2`, given),
    ...checkGrant(oauth2, `${path}.oauth2`, given),
    ...checkFiles(oauth2, `${path}.oauth2`, facts),
  ];
}

function checkEndpoint(raw: RawOAuth2, path: string, given: Given): readonly Finding[] {
  const { where, name, lacks } = keysOf(path, given);
  const problems: Finding[] = [];
  if (raw.scope?.includes('graph.microsoft.com')) {
    const right = 'leave it out, or use https://outlook.office.com/SMTP.Send offline_access';
    problems.push(error(where('scope'), 'is for Microsoft Graph, which is not SMTP', right));
  }
  if (!lacks('provider')) return problems;
  for (const key of ['token_endpoint', 'scope'] as const) {
    if (!lacks(key)) continue;
    const right = say`give ${name('provider')} (microsoft or google), or both token_endpoint and scope`;
    problems.push(error(where(key), 'is missing, and no provider brings it', right));
  }
  return problems;
}

/** The keys that each grant requires, and those that it excludes. */
function checkGrant(raw: RawOAuth2, path: string, given: Given): readonly Finding[] {
  const { where, name, has, lacks } = keysOf(path, given);
  const problems: Finding[] = [];
  const missing = (key: string, why: string): void => {
    problems.push(error(where(key), `is missing${why}`, say`give ${name(key)} too`));
  };
  const excess = (key: string, wrong: Words): void => {
    if (has(key)) problems.push(error(where(key), wrong, 'leave one of the two out'));
  };
  if (has('service_account_file')) {
    for (const key of [
      ...['client_id', 'client_secret', 'certificate_file', 'refresh_token'],
      ...['device_endpoint', 'authorization_endpoint'],
    ]) {
      excess(key, say`does not go with ${name('service_account_file')}, which has all in it`);
    }
    if (raw.provider === 'microsoft') excess('service_account_file', 'is only for Google');
    return problems;
  }
  if (lacks('client_id')) missing('client_id', ': which application asks for tokens');
  if (has('client_secret')) {
    excess('certificate_file', say`does not go with ${name('client_secret')}`);
  }
  if (has('certificate_file') && lacks('key_file')) missing('key_file', ': its private key');
  if (has('key_file') && lacks('certificate_file')) missing('certificate_file', ' beside its key');
  return [...problems, ...checkProvider(raw, grantKind(raw), path, given)];
}

function checkProvider(
  raw: RawOAuth2,
  grant: GrantKind,
  path: string,
  given: Given,
): readonly Finding[] {
  const { where, name, has, lacks } = keysOf(path, given);
  if (raw.provider === 'google') {
    return [
      ...(lacks('client_secret')
        ? [
            error(
              where('client_secret'),
              'is missing: Google wants it',
              say`give ${name('client_secret')}`,
            ),
          ]
        : []),
      ...(has('certificate_file')
        ? [error(where('certificate_file'), 'is not known to Google', 'use service_account_file')]
        : []),
      ...(has('tenant') ? [error(where('tenant'), 'is only for Microsoft', 'leave it out')] : []),
    ];
  }
  if (raw.provider === 'microsoft') {
    if (grant !== 'application' || has('token_endpoint')) return [];
    const right = "give your organization's own directory (tenant) ID";
    if (lacks('tenant')) {
      return [error(where('tenant'), 'is missing: an application belongs to one tenant', right)];
    }
    if (!SHARED_TENANTS.includes(raw.tenant?.toLowerCase() ?? '')) return [];
    return [error(where('tenant'), 'stands for many, and an application belongs to one', right)];
  }
  return [];
}

function checkFiles(raw: RawOAuth2, path: string, { oauth2Files }: Facts): readonly Finding[] {
  return (['certificate_file', 'key_file', 'service_account_file'] as const).flatMap((key) => {
    const file = oauth2Files?.get(raw[key] ?? '');
    if (file === undefined || 'text' in file) return [];
    return [error(`${path}.${key}`, file.wrong, file.right)];
  });
}

/** The mechanisms that take a token. */
const WITH_TOKEN: readonly string[] = ['xoauth2', 'oauthbearer'];

/** A token goes only by its own mechanisms, and a password never by these. */
export function checkTokenMechanisms(
  { mechanisms }: Provider,
  path: string,
  given: Given,
): readonly Finding[] {
  const isToken = wantsOAuth2(path, given);
  const wrong = mechanisms.filter((one) => WITH_TOKEN.includes(one) !== isToken);
  if (wrong.length === 0) return [];
  const what = `${wrong.join(', ')} ${isToken ? 'would send the token as a password' : 'wants a token'}`;
  const right = isToken ? 'use xoauth2 or oauthbearer' : `take it out, or log in by oauth2`;
  return [error(`${path}.mechanisms`, what, right)];
}

/**
 * What concerns the whole: Postfix notices a new token by the date of its table, which a table of
 * type texthash has not; and the relay host and its backups share one list of mechanisms.
 */
export function checkTokenTables(raw: RawSettings, given: Given): readonly Finding[] {
  const paths = [
    'relay',
    ...raw.relay.backups.map((_, index) => `relay.backups.${index}`),
    ...raw.accounts.map((_, index) => `accounts.${index}`),
  ].filter((path) => wantsOAuth2(path, given));
  const problems: Finding[] = [];
  if (paths.length > 0 && raw.map_type === 'texthash') {
    const wrong = 'texthash: Postfix would not notice a new token';
    problems.push(error('map_type', wrong, 'use lmdb, hash or cdb with oauth2'));
  }
  const isToken = paths.includes('relay');
  raw.relay.backups.forEach((_, index) => {
    const path = `relay.backups.${index}`;
    if (!isGiven(given, `${path}.username`) || paths.includes(path) === isToken) return;
    const wrong = `logs in by ${isToken ? 'a password' : 'oauth2'} and the relay host does not`;
    problems.push(error(`${path}.username`, wrong, 'log in to all the same way'));
  });
  return problems;
}
