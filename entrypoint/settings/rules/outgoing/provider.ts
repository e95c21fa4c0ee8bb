import ipaddr from 'ipaddr.js';
import { quoted } from '../../../messages/problem.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding, say, setting, warning } from '../../naming/finding.ts';
import { type Given, isGiven, isMissing } from '../../naming/given.ts';
import { findPreset, withPreset } from '../../providers.ts';
import { defaultTls } from '../../settings.ts';
import type { Provider, RawSettings } from '../../table.ts';
import { IMPLICIT_TLS_PORT } from '../../validators/plain.ts';
import { keysOf } from '../keys.ts';
import { checkLogin } from './login.ts';
import { checkOAuth2, checkTokenMechanisms } from './oauth2.ts';

/** The rules within `relay`, and within each account. */
export function checkProvider(
  raw: Provider,
  path: string,
  given: Given,
  facts: Facts,
): readonly Finding[] {
  const { where } = keysOf(path, given);
  return [
    ...checkLogin(path, given),
    ...checkOAuth2(raw, path, given, facts),
    ...checkTokenMechanisms(raw, path, given),
    ...checkPreset(raw, path, given),
    ...checkProtection(raw, path, given),
    ...checkMechanisms(raw, path, given),
    ...checkCaFile(raw.ca_file, where('ca_file'), facts),
    ...checkUnusedCa(raw, where('ca_file')),
  ];
}

function checkPreset({ provider }: Provider, path: string, given: Given): readonly Finding[] {
  const { where, name, has } = keysOf(path, given);
  if (provider === undefined) return [];
  if (!has('host')) return checkPasswords(provider, path, given);
  const wrong = say`${name('provider')} names a server already`;
  return [error(where('host'), wrong, 'give the provider or the host, not both')];
}

/** A provider at which a login by password fails. */
function checkPasswords(provider: string, path: string, given: Given): readonly Finding[] {
  const { where, has } = keysOf(path, given);
  if (findPreset(provider)?.refusesPasswords !== true || !has('password')) return [];
  const wrong = `${provider} takes no passwords any more, only logins by OAuth 2: mail would wait`;
  return [warning(where('provider'), wrong, 'log in by OAuth 2, or use another provider')];
}

/** A password goes over a protected connection only, and the level must suit port and host. */
function checkProtection(raw: Provider, path: string, given: Given): readonly Finding[] {
  const provider = withPreset(raw);
  const { where, has } = keysOf(path, given);
  const hasHost = hasServer(path, given);
  const tls = provider.tls ?? defaultTls(hasHost);
  const mayBeClear = tls === 'none' || tls === 'opportunistic';
  const problems: Finding[] = [];
  if (has('username') && hasHost && mayBeClear) {
    const wrong = `"${tls}" would send the password over a connection that may be in clear`;
    problems.push(error(where('tls'), wrong, 'use verify or encrypt'));
  }
  if (provider.port === IMPLICIT_TLS_PORT && hasHost && mayBeClear) {
    const wrong = `"${tls}" does not go with port 465, which is TLS from the first byte`;
    problems.push(error(where('tls'), wrong, 'use verify or encrypt, or port 587'));
  }
  if (provider.host === undefined || !ipaddr.isValid(provider.host)) return problems;
  if (provider.mx) {
    problems.push(
      error(where('mx'), `"${provider.host}" is an address: it has no MX`, 'use mx: no'),
    );
  }
  if (tls === 'verify' || tls === 'dane') {
    const wrong = `${quoted(provider.host)} is an address, and a certificate is for a name`;
    problems.push(error(where('host'), wrong, "give the server's name, or set tls to encrypt"));
  }
  return problems;
}

function checkUnusedCa({ tls, ca_file: file }: Provider, where: string): readonly Finding[] {
  if (tls !== 'none' || file === undefined) return [];
  return [warning(where, 'is for certificates, which tls: none does not use', 'leave it out')];
}

function checkMechanisms({ mechanisms }: Provider, path: string, given: Given): readonly Finding[] {
  const { where, name, lacks } = keysOf(path, given);
  if (mechanisms.length === 0 || !lacks('username')) return [];
  const right = say`give ${name('username')}, or leave it out`;
  return [warning(where('mechanisms'), 'chooses how to log in, but there is no login', right)];
}

/** A certificate for the name of the recipient's domain is what hardly any MX host has. */
export function checkDirect({ relay: { tls } }: RawSettings, given: Given): readonly Finding[] {
  if (hasServer('relay', given) || !isGiven(given, 'relay.tls')) return [];
  const where = 'relay.tls';
  if (tls === 'verify') {
    const wrong = "without a relay host, few recipients' servers have a certificate that fits";
    return [error(where, wrong, 'use dane or opportunistic')];
  }
  if (tls !== 'encrypt') return [];
  const wrong = 'mail to servers without TLS will wait and then come back';
  return [warning(where, wrong, 'use dane or opportunistic if that is not meant')];
}

/** No setting was given: direct delivery may be the intention, or the file is missing. */
export function checkNothing(given: Given): readonly Finding[] {
  if (given.values.size + given.secretFiles.size + given.problems.length > 0) return [];
  const wrong =
    "no setting is given: mail goes straight to the recipients' own servers, which refuse most of it from a connection at home";
  const right = say`give ${setting('relay.host')} or ${setting('relay.provider')}; if this is meant, set ${setting('relay.tls')} to opportunistic`;
  return [warning('relay.host', wrong, right)];
}

/** Whether a server was given, by its name or by its provider's; it may be invalid. */
export const hasServer = (path: string, given: Given): boolean =>
  ['host', 'provider', 'oauth2.provider'].some((key) => !isMissing(given, `${path}.${key}`));

/** Keys of `relay` that need a host: without one, mail would silently go out direct. */
export function checkRelayWithoutHost(given: Given): readonly Finding[] {
  if (hasServer('relay', given)) return [];
  return ['port', 'mx', 'username', 'password', 'mechanisms', 'connections']
    .map((key) => `relay.${key}`)
    .filter((path) => isGiven(given, path))
    .map((path) => {
      const right = say`give ${setting('relay.host')}, or leave this out`;
      return error(path, 'is for a relay host, but no relay host is given', right);
    });
}

/** A CA file that cannot be used. */
export function checkCaFile(
  path: string | undefined,
  where: string,
  { caFiles }: Facts,
): Finding[] {
  const file = caFiles.get(path ?? '');
  if (file === undefined) return [];
  if ('wrong' in file) return [error(where, file.wrong, file.right)];
  if (file.expired === undefined) return [];
  return [warning(where, `has an expired certificate (${file.expired})`, 'renew it')];
}
