import ipaddr from 'ipaddr.js';
import { quoted } from '../../../messages/problem.ts';
import { lookUp, NOT_AT_HOME } from '../../../postfix/address-lookup.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding, say, setting } from '../../naming/finding.ts';
import { type Given, isGiven, isMissing } from '../../naming/given.ts';
import { withPreset } from '../../providers.ts';
import { defaultTls } from '../../settings.ts';
import type { RawSettings } from '../../table.ts';
import { IMPLICIT_TLS_PORT } from '../../validators/plain.ts';
import { keysOf } from '../keys.ts';
import { duplicates } from '../lists.ts';
import { checkLogin } from './login.ts';
import { checkOAuth2 } from './oauth2.ts';
import { hasServer } from './provider.ts';

/** The keys that choose an account. */
const WAYS = ['sender', 'recipient', 'client'] as const;

/** Each account needs a server, and one thing that chooses it, which no other account has. */
export function checkAccounts(raw: RawSettings, given: Given): Finding[] {
  const { accounts } = raw;
  const missing = accounts.flatMap((_, index) => {
    const path = `accounts.${index}`;
    return [
      ...(WAYS.every((way) => isMissing(given, `${path}.${way}`)) ? ['sender'] : []),
      ...(hasServer(path, given) ? [] : ['host']),
    ].map((key) => error(`${path}.${key}`, 'is missing', `add "${key}: ..." to this account`));
  });
  const places = WAYS.map((way) =>
    accounts.map((account, index) => ({
      name: account[way] ?? '',
      place: `accounts.${index}.${way}`,
    })),
  );
  return [
    ...missing,
    ...places.flatMap((of) => duplicates(of, 'has an account already', 'keep one of them')),
    ...accounts.flatMap((_, index) => checkWays(index, given)),
    ...checkHome(raw),
    ...checkAllowed(raw),
  ];
}

function checkWays(index: number, given: Given): readonly Finding[] {
  const path = `accounts.${index}`;
  const [first, second] = WAYS.filter((way) => isGiven(given, `${path}.${way}`));
  if (second === undefined) return [];
  const right = `keep one of the two, or write two accounts`;
  return [error(`${path}.${second}`, `stands beside "${first}": one of them chooses`, right)];
}

/** Mail that stays here must not leave by an account. */
function checkHome({ accounts, local }: RawSettings): readonly Finding[] {
  if (local.domains.length === 0) return [];
  return accounts.flatMap(({ recipient, client }, index) => {
    const path = `accounts.${index}`;
    const domain = recipient?.slice(recipient.lastIndexOf('@') + 1).toLowerCase();
    if (domain !== undefined && local.domains.includes(domain)) {
      const wrong = say`mail for ${quoted(domain)} stays here: ${setting('local.domains')} has it`;
      return [error(`${path}.recipient`, wrong, 'remove one of them')];
    }
    if (client === undefined) return [];
    const wrong = say`a client's account takes all of its mail, that for ${setting('local.domains')} too`;
    const right = 'choose the account by sender or by recipient';
    return [error(`${path}.client`, wrong, right)];
  });
}

/** An account whose sender no client may use: its mail would be refused, the account never used. */
function checkAllowed(raw: RawSettings): readonly Finding[] {
  const { accounts, allowed_senders: allowed } = raw;
  if (allowed.length === 0) return [];
  const entries = new Map(allowed.map((one) => [one.toLowerCase(), one]));
  const domains = new Set([...entries.keys()].map((one) => one.slice(one.lastIndexOf('@'))));
  // An account of a domain is of use as soon as one of its addresses may send.
  const isAllowed = (sender: string): boolean =>
    sender.startsWith('@')
      ? domains.has(sender.toLowerCase())
      : lookUp(entries, sender, NOT_AT_HOME) !== undefined;
  return accounts.flatMap(({ sender }, index) => {
    if (sender === undefined || isAllowed(sender)) return [];
    const wrong = say`no client may send from ${quoted(sender)}: ${setting('allowed_senders')} does not have it`;
    const right = 'add it there, or remove the account';
    return [error(`accounts.${index}.sender`, wrong, right)];
  });
}

/** Relay hosts for when the first is away: their TLS is that of the relay host. */
export function checkBackups({ relay }: RawSettings, given: Given, facts: Facts): Finding[] {
  if (relay.backups.length === 0) return [];
  const { host, port } = withPreset(relay);
  if (!hasServer('relay', given)) {
    const right = say`give ${setting('relay.host')}, or leave them out`;
    const where = 'relay.backups.0.host';
    return [error(where, 'relay.backups replace a relay host, but no relay host is given', right)];
  }
  const servers = [{ host, port }, ...relay.backups].map((server, index) => ({
    name: server.host === undefined ? '' : `${server.host}:${server.port}`,
    place: `relay.backups.${index - 1}.host`,
  }));
  return [
    ...checkEachBackup(relay, given, facts),
    ...duplicates(servers, 'is tried already', 'name each relay host once'),
  ];
}

function checkEachBackup(
  relay: RawSettings['relay'],
  given: Given,
  facts: Facts,
): readonly Finding[] {
  const { port } = withPreset(relay);
  const isKnown = relay.port !== undefined || isMissing(given, 'relay.port');
  const verified = (relay.tls ?? defaultTls(true)) === 'verify' || relay.tls === 'dane';
  return relay.backups.flatMap((backup, index) => {
    const path = `relay.backups.${index}`;
    const { where, has, lacks } = keysOf(path, given);
    const problems = [...checkLogin(path, given), ...checkOAuth2(backup, path, given, facts)];
    if (lacks('host')) {
      problems.push(error(where('host'), 'is missing', 'add "host: ..." to this relay host'));
    }
    if (verified && backup.host !== undefined && ipaddr.isValid(backup.host)) {
      const wrong = `${quoted(backup.host)} is an address, and a certificate is for a name`;
      problems.push(error(where('host'), wrong, "give the server's name, or set tls to encrypt"));
    }
    if (isKnown && (backup.port === IMPLICIT_TLS_PORT) !== (port === IMPLICIT_TLS_PORT)) {
      const wrong = 'is on port 465 while the relay host is not, or the reverse';
      problems.push(
        error(where('port'), wrong, 'use 465 for all of them, or another port for all'),
      );
    }
    if (has('username') && isMissing(given, 'relay.username')) {
      const right = say`give ${setting('relay.username')} too, or leave it out here`;
      problems.push(
        error(where('username'), 'has a login, but the relay host has no login', right),
      );
    }
    return problems;
  });
}
