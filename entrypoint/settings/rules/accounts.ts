import { type Given, isGiven, whereOf } from '../given.ts';
import { error, type Problem } from '../problem.ts';
import { withPreset } from '../providers.ts';
import { IMPLICIT_TLS_PORT } from '../settings.ts';
import type { RawSettings } from '../table.ts';
import { duplicates } from './duplicates.ts';
import { checkLogin } from './login.ts';
import { hasServer } from './provider.ts';
import { keysOf } from './where.ts';

/** Each account needs a sender of its own and a server. */
export function checkAccounts({ accounts }: RawSettings, given: Given): Problem[] {
  const missing = accounts.flatMap((_, index) => {
    const path = `accounts.${index}`;
    return [
      ...(isGiven(given, `${path}.sender`) ? [] : ['sender']),
      ...(hasServer(path, given) ? [] : ['host']),
    ].map((key) =>
      error(whereOf(given, `${path}.${key}`), 'is missing', `add "${key}: ..." to this account`),
    );
  });
  const places = accounts.map(({ sender = '' }, index) => ({
    name: sender,
    where: whereOf(given, `accounts.${index}.sender`),
  }));
  return [...missing, ...duplicates(places, 'has an account already', 'keep one of them')];
}

/** Relay hosts for when the first is away: their TLS is that of the relay host. */
export function checkBackups({ relay }: RawSettings, given: Given): Problem[] {
  return relay.backups.flatMap((backup, index) => {
    const path = `relay.backups.${index}`;
    const { where, has } = keysOf(path, given);
    const problems = checkLogin(path, given);
    if (!has('host')) {
      problems.push(error(where('host'), 'is missing', 'add "host: ..." to this relay host'));
    }
    if ((backup.port === IMPLICIT_TLS_PORT) !== (withPreset(relay).port === IMPLICIT_TLS_PORT)) {
      const wrong = 'is on port 465 while the relay host is not, or the reverse';
      problems.push(error(where('port'), wrong, 'use 465 for all of them, or for none'));
    }
    if (has('username') && !isGiven(given, 'relay.username')) {
      const right = `give ${whereOf(given, 'relay.username')} too, or leave it out here`;
      problems.push(error(where('username'), 'logs in where the relay host does not', right));
    }
    return problems;
  });
}
