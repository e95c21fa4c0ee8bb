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
    ...checkGeneric(raw, given),
    ...checkClients(raw, given),
    ...checkOverrides(raw, given, facts),
  ];
}

function checkProvider(provider: Provider, path: string, given: Given, facts: Facts): Problem[] {
  const problems: Problem[] = [];
  const where = (key: string): string => whereOf(given, `${path}.${key}`);
  const has = (key: string): boolean => isGiven(given, `${path}.${key}`);
  const tls = provider.tls ?? defaultTls(has('host'));

  if (has('username') && !has('password')) {
    const right = `give ${where('password')} too, or ${secretFileName(where('password'))}`;
    problems.push(error(where('username'), 'has no password to go with it', right));
  }
  if (has('password') && !has('username')) {
    const right = `give ${where('username')} too`;
    problems.push(error(where('password'), 'has no login name to go with it', right));
  }
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
  const caFault = facts.caFiles.get(provider.ca_file ?? '');
  if (caFault !== undefined) problems.push(error(where('ca_file'), caFault.wrong, caFault.right));
  return problems;
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
  return ['port', 'mx', 'username', 'password', 'mechanisms']
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

function checkGeneric({ generic }: RawSettings, given: Given): Problem[] {
  const value = given.values.get('generic');
  const rows = value?.shape === 'table' ? value.rows : [];
  const places = generic.map(({ from }) => ({
    name: from,
    where: rows.find((row) => row.from.text === from)?.from.where ?? whereOf(given, 'generic'),
  }));
  return duplicates(places, 'is rewritten twice', 'keep one of the lines');
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
