import ipaddr from 'ipaddr.js';
import type { Facts } from './facts.ts';
import { type Given, isGiven, whereOf } from './given.ts';
import { nearest } from './names.ts';
import { managedParameters } from './parameters.ts';
import { error, type Problem, quoted, warning } from './problem.ts';
import { defaultTls, IMPLICIT_TLS_PORT } from './settings.ts';
import type { Provider, RawSettings } from './table.ts';

/** The rules between settings: what is wrong although every single value is right. */
export function checkRules(raw: RawSettings, given: Given, facts: Facts): readonly Problem[] {
  return [
    ...checkProvider(raw.relay, 'relay', given, facts),
    ...checkRelayWithoutHost(given),
    ...raw.accounts.flatMap((account, index) =>
      checkProvider(account, `accounts.${index}`, given, facts),
    ),
    ...checkAccounts(raw, given),
    ...checkBackups(raw, given),
    ...checkTables(raw, given),
    ...checkLocal(raw, given),
    ...checkDatabase(raw, given, facts),
    ...checkMapType(raw, given, facts),
    ...checkClients(raw, given),
    ...checkOverrides(raw, given, facts),
  ];
}

function checkProvider(provider: Provider, path: string, given: Given, facts: Facts): Problem[] {
  const problems = checkLogin(path, given);
  const where = (key: string): string => whereOf(given, `${path}.${key}`);
  const has = (key: string): boolean => isGiven(given, `${path}.${key}`);
  const tls = provider.tls ?? defaultTls(has('host'));

  if (has('username') && has('host') && (tls === 'none' || tls === 'opportunistic')) {
    const wrong = `"${tls}" would send the password over a connection that may be in clear`;
    problems.push(error(where('tls'), wrong, 'use verify or encrypt'));
  }
  if (provider.port === IMPLICIT_TLS_PORT && (tls === 'none' || tls === 'opportunistic')) {
    const wrong = `"${tls}" does not go with port 465, which is TLS from the first byte`;
    problems.push(error(where('tls'), wrong, 'use verify or encrypt, or port 587'));
  }
  if (provider.host !== undefined && ipaddr.isValid(provider.host)) {
    problems.push(...checkNumericHost(provider, tls, where));
  }
  if (provider.mechanisms.length > 0 && !has('username')) {
    const wrong = 'chooses how to log in, but there is no login';
    problems.push(
      warning(where('mechanisms'), wrong, `give ${where('username')}, or leave it out`),
    );
  }
  problems.push(...checkCaFile(provider.ca_file, where('ca_file'), facts));
  return problems;
}

function checkCaFile(path: string | undefined, where: string, { caFiles }: Facts): Problem[] {
  const file = caFiles.get(path ?? '');
  return file === undefined || 'pem' in file ? [] : [error(where, file.wrong, file.right)];
}

const checkLogin = (path: string, given: Given): Problem[] =>
  checkPassword(`${path}.username`, `${path}.password`, given);

/** A name needs its password, and the reverse. */
function checkPassword(name: string, password: string, given: Given): Problem[] {
  const [nameWhere, passwordWhere] = [whereOf(given, name), whereOf(given, password)];
  if (isGiven(given, name) && !isGiven(given, password)) {
    const right = `give ${passwordWhere} too, or ${secretFileName(passwordWhere)}`;
    return [error(nameWhere, 'has no password to go with it', right)];
  }
  if (isGiven(given, password) && !isGiven(given, name)) {
    const right = `give ${nameWhere} too`;
    return [error(passwordWhere, 'has no login name to go with it', right)];
  }
  return [];
}

/** RELAY_PASSWORD -> RELAY_PASSWORD_FILE, accounts[0].password -> accounts[0].password_file. */
const secretFileName = (name: string): string =>
  name === name.toUpperCase() ? `${name}_FILE` : `${name}_file`;

function checkNumericHost(
  { host = '', mx }: Provider,
  tls: string,
  where: (key: string) => string,
): Problem[] {
  const problems: Problem[] = [];
  if (mx) problems.push(error(where('mx'), `"${host}" is an address: it has no MX`, 'use mx: no'));
  if (tls === 'verify' || tls === 'dane') {
    const wrong = `${quoted(host)} is an address, and a certificate is for a name`;
    problems.push(error(where('host'), wrong, "give the server's name, or set tls to encrypt"));
  }
  return problems;
}

/** Keys of `relay` that mean nothing without a host: mail would quietly go out direct. */
function checkRelayWithoutHost(given: Given): Problem[] {
  if (isGiven(given, 'relay.host')) return [];
  return ['port', 'mx', 'username', 'password', 'mechanisms', 'connections']
    .map((key) => `relay.${key}`)
    .filter((path) => isGiven(given, path))
    .map((path) => {
      const right = `give ${whereOf(given, 'relay.host')}, or leave this out`;
      return error(whereOf(given, path), 'is for a relay host, and none is given', right);
    });
}

function checkAccounts({ accounts }: RawSettings, given: Given): Problem[] {
  const missing = accounts.flatMap((_, index) =>
    ['sender', 'host']
      .filter((key) => !isGiven(given, `accounts.${index}.${key}`))
      .map((key) => {
        const where = whereOf(given, `accounts.${index}.${key}`);
        return error(where, 'is missing', `add "${key}: ..." to this account`);
      }),
  );
  const places = accounts.map(({ sender = '' }, index) => ({
    name: sender,
    where: whereOf(given, `accounts.${index}.sender`),
  }));
  return [...missing, ...duplicates(places, 'has an account already', 'keep one of them')];
}

/** postmap keeps the first of two equal keys and drops the other: refused instead. */
function duplicates(
  places: readonly { readonly name: string; readonly where: string }[],
  wrong: string,
  right: string,
): Problem[] {
  const seen = new Set<string>();
  return places.flatMap(({ name, where }) => {
    const key = name.toLowerCase();
    if (key === '' || !seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [error(where, `${quoted(name)} ${wrong}`, right)];
  });
}

/** An address that stands on the left side twice, in each of the address tables. */
function checkTables(raw: RawSettings, given: Given): Problem[] {
  return (['generic', 'canonical', 'virtual'] as const).flatMap((path) => {
    const value = given.values.get(path);
    const rows = value?.shape === 'table' ? value.rows : [];
    const places = raw[path].map(({ from }) => ({
      name: from,
      where: rows.findLast((row) => row.from.text === from)?.from.where ?? whereOf(given, path),
    }));
    return duplicates(places, 'is rewritten twice', 'keep one of the lines');
  });
}

function checkBackups({ relay }: RawSettings, given: Given): Problem[] {
  return relay.backups.flatMap((backup, index) => {
    const path = `relay.backups.${index}`;
    const where = (key: string): string => whereOf(given, `${path}.${key}`);
    const problems = checkLogin(path, given);
    if (!isGiven(given, `${path}.host`)) {
      problems.push(error(where('host'), 'is missing', 'add "host: ..." to this relay host'));
    }
    if ((backup.port === IMPLICIT_TLS_PORT) !== (relay.port === IMPLICIT_TLS_PORT)) {
      const wrong = 'is on port 465 while the relay host is not, or the reverse';
      problems.push(error(where('port'), wrong, 'use 465 for all of them, or for none'));
    }
    if (isGiven(given, `${path}.username`) && !isGiven(given, 'relay.username')) {
      const right = `give ${whereOf(given, 'relay.username')} too, or leave it out here`;
      problems.push(error(where('username'), 'logs in where the relay host does not', right));
    }
    return problems;
  });
}

function checkLocal({ local, virtual }: RawSettings, given: Given): Problem[] {
  const domains = whereOf(given, 'local.domains');
  const mailboxes = whereOf(given, 'local.mailboxes');
  if (local.mailboxes.length > 0 && local.domains.length === 0) {
    return [error(mailboxes, 'has no domain for its mailboxes', `give ${domains} too`)];
  }
  if (local.domains.length > 0 && local.mailboxes.length === 0 && virtual.length === 0) {
    const wrong = 'keeps mail here, and nobody has a mailbox: all of it would be refused';
    return [error(domains, wrong, `give ${mailboxes} too`)];
  }
  return [];
}

function checkDatabase({ database, accounts }: RawSettings, given: Given, facts: Facts): Problem[] {
  const where = (key: string): string => whereOf(given, `database.${key}`);
  const has = (key: string): boolean => isGiven(given, `database.${key}`);
  const problems = checkPassword('database.user', 'database.password', given);
  if (!has('driver')) {
    const given = ['hosts', 'user', 'password', 'name'].filter(has);
    const right = `give ${where('driver')} too`;
    return given.map((key) => error(where(key), 'is for a database of no known kind', right));
  }
  if (!has('name')) {
    const right = `give ${where('name')} too`;
    problems.push(error(where('driver'), 'has no database to look into', right));
  }
  if (database.driver === 'sqlite') {
    if (has('hosts')) problems.push(error(where('hosts'), 'sqlite has no server', 'leave it out'));
    if (database.name !== undefined && !database.name.startsWith('/')) {
      problems.push(error(where('name'), 'is not a full path', 'start it with "/"'));
    }
  } else if (database.driver !== undefined && !has('hosts')) {
    problems.push(error(where('driver'), 'has no server to ask', `give ${where('hosts')} too`));
  }
  if (accounts.length > 0) {
    const wrong = 'accounts are given in the file as well';
    problems.push(error(where('driver'), wrong, 'keep them in the file or in the database'));
  }
  problems.push(...checkCaFile(database.ca_file, where('ca_file'), facts));
  return problems;
}

function checkMapType(
  { map_type: type, database }: RawSettings,
  given: Given,
  facts: Facts,
): Problem[] {
  const has = (wanted: string): boolean => facts.tableTypes?.includes(wanted) ?? true;
  const types = facts.tableTypes?.join(', ') ?? '';
  const missing = (path: string, wanted: string): Problem[] => {
    const wrong = `this Postfix has no tables of type ${wanted}`;
    return [error(whereOf(given, path), wrong, `use one that it has: ${types}`)];
  };
  return [
    ...(type === 'texthash' || has(type) ? [] : missing('map_type', type)),
    ...(database.driver === undefined || has(database.driver)
      ? []
      : missing('database.driver', database.driver)),
  ];
}

function checkClients({ networks, listen }: RawSettings, given: Given): Problem[] {
  const problems: Problem[] = [];
  if (networks.length === 0) {
    const right = 'name at least one network (attached, or 192.168.1.0/24) if others should';
    problems.push(
      warning(whereOf(given, 'networks'), 'nobody but this container itself may send', right),
    );
  }
  if (listen.length === 0) {
    problems.push(error(whereOf(given, 'listen'), 'names no port', 'use 25, 587'));
  }
  const ports = listen.map((port) => ({ name: String(port), where: whereOf(given, 'listen') }));
  return [...problems, ...duplicates(ports, 'stands here twice', 'name each port once')];
}

function checkOverrides({ postfix }: RawSettings, given: Given, facts: Facts): Problem[] {
  const value = given.values.get('postfix');
  const rows = value?.shape === 'table' ? value.rows : [];
  return postfix.flatMap(({ from: name }) => {
    const where = rows.find((row) => row.from.text === name)?.from.where ?? 'postfix';
    const setting = managedParameters.get(name);
    if (setting !== undefined) {
      return [error(where, `${name} is set by Hikyaku itself`, setting)];
    }
    if (facts.parameterNames === undefined || facts.parameterNames.includes(name)) return [];
    const near = nearest(name, facts.parameterNames);
    const right = near === undefined ? 'look for it in postconf(5)' : `did you mean ${near}?`;
    return [error(where, `this Postfix has no parameter ${name}`, right)];
  });
}
