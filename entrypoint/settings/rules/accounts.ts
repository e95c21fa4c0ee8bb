import ipaddr from 'ipaddr.js';
import { type Given, isMissing, nameOf, whereOf } from '../given.ts';
import { error, type Problem, quoted } from '../problem.ts';
import { withPreset } from '../providers.ts';
import { defaultTls, IMPLICIT_TLS_PORT } from '../settings.ts';
import type { RawSettings } from '../table.ts';
import { duplicates } from './duplicates.ts';
import { checkLogin } from './login.ts';
import { hasServer } from './provider.ts';
import { keysOf } from './where.ts';

/** Each account needs a sender of its own and a server. */
export function checkAccounts(raw: RawSettings, given: Given): Problem[] {
  const { accounts } = raw;
  const missing = accounts.flatMap((_, index) => {
    const path = `accounts.${index}`;
    return [
      ...(isMissing(given, `${path}.sender`) ? ['sender'] : []),
      ...(hasServer(path, given) ? [] : ['host']),
    ].map((key) =>
      error(whereOf(given, `${path}.${key}`), 'is missing', `add "${key}: ..." to this account`),
    );
  });
  const places = accounts.map(({ sender = '' }, index) => ({
    name: sender,
    where: whereOf(given, `accounts.${index}.sender`),
  }));
  return [
    ...missing,
    ...duplicates(places, 'has an account already', 'keep one of them'),
    ...checkAllowed(raw, given),
  ];
}

/** Whether some address that the sender stands for may send on. */
function isAllowed(sender: string, allowed: readonly string[]): boolean {
  const [wanted, domain] = [sender.toLowerCase(), sender.slice(sender.lastIndexOf('@'))];
  return allowed
    .map((one) => one.toLowerCase())
    .some((one) => one === wanted || one === domain.toLowerCase() || one.endsWith(wanted));
}

/** An account whose sender no client may use: its mail would be refused, the account never used. */
function checkAllowed(raw: RawSettings, given: Given): readonly Problem[] {
  const { accounts, allowed_senders: allowed } = raw;
  if (allowed.length === 0) return [];
  return accounts.flatMap(({ sender }, index) => {
    if (sender === undefined || isAllowed(sender, allowed)) return [];
    const list = whereOf(given, 'allowed_senders');
    const wrong = `no client may send from ${quoted(sender)}: ${list} does not have it`;
    const right = 'add it there, or take the account away';
    return [error(whereOf(given, `accounts.${index}.sender`), wrong, right)];
  });
}

/** Relay hosts for when the first is away: their TLS is that of the relay host. */
export function checkBackups({ relay }: RawSettings, given: Given): Problem[] {
  if (relay.backups.length === 0) return [];
  const { host, port } = withPreset(relay);
  if (!hasServer('relay', given)) {
    const right = `give ${nameOf(given, 'relay.host')}, or leave them out`;
    const where = whereOf(given, 'relay.backups.0.host');
    return [error(where, 'relay.backups stand in for a relay host, and none is given', right)];
  }
  const servers = [{ host, port }, ...relay.backups].map((server, index) => ({
    name: server.host === undefined ? '' : `${server.host}:${server.port}`,
    where: whereOf(given, `relay.backups.${index - 1}.host`),
  }));
  return [
    ...checkEachBackup(relay, given),
    ...duplicates(servers, 'is tried already', 'name each relay host once'),
  ];
}

function checkEachBackup(relay: RawSettings['relay'], given: Given): readonly Problem[] {
  const { port } = withPreset(relay);
  const isKnown = relay.port !== undefined || isMissing(given, 'relay.port');
  const verified = (relay.tls ?? defaultTls(true)) === 'verify' || relay.tls === 'dane';
  return relay.backups.flatMap((backup, index) => {
    const path = `relay.backups.${index}`;
    const { where, has, lacks } = keysOf(path, given);
    const problems = checkLogin(path, given);
    if (lacks('host')) {
      problems.push(error(where('host'), 'is missing', 'add "host: ..." to this relay host'));
    }
    if (verified && backup.host !== undefined && ipaddr.isValid(backup.host)) {
      const wrong = `${quoted(backup.host)} is an address, and a certificate is for a name`;
      problems.push(error(where('host'), wrong, "give the server's name, or set tls to encrypt"));
    }
    if (isKnown && (backup.port === IMPLICIT_TLS_PORT) !== (port === IMPLICIT_TLS_PORT)) {
      const wrong = 'is on port 465 while the relay host is not, or the reverse';
      problems.push(error(where('port'), wrong, 'use 465 for all of them, or for none'));
    }
    if (has('username') && isMissing(given, 'relay.username')) {
      const right = `give ${nameOf(given, 'relay.username')} too, or leave it out here`;
      problems.push(error(where('username'), 'logs in where the relay host does not', right));
    }
    return problems;
  });
}
