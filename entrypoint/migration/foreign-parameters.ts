import { managedParameters } from '../settings/rules/parameters/managed-parameters.ts';
import { addressForm } from '../settings/validators/address.ts';
import { isDomain } from '../settings/validators/host.ts';
import type { Draft } from './draft.ts';
import { type Rows, rowsOf } from './foreign-tables.ts';
import { networks } from './networks.ts';
import { as, itemsOf, type Translate, type Variables } from './peer.ts';
import { relayhost } from './relayhost.ts';
import { caFile, tlsLevel } from './tls.ts';

const nothing: Translate = () => undefined;

const list =
  (path: string): Translate =>
  (value, draft) =>
    draft.set(
      path,
      itemsOf(value).filter((one) => !one.startsWith('!')),
    );

/** A host or domain; `$mydomain` and similar parameters have no meaning here. */
export const domain =
  (path: string): Translate =>
  (value, draft, name) => {
    if (isDomain(value)) draft.set(path, value);
    else if (!value.startsWith('$')) draft.unusable(name, path);
  };

/** A limit in bytes. 0 means no limit, which this relay does not support; a note says so. */
export const messageSize: Translate = (value, draft, name) => {
  if (/^[1-9]\d*$/.test(value)) draft.set('message_size', value);
  else if (value !== '0') draft.unusable(name, 'message_size');
};

/** A lifetime; Postfix's unit without one is the day. */
const lifetime: Translate = (value, draft, name) => {
  if (/^\d+[smhdw]?$/.test(value)) {
    draft.set('queue_lifetime', /\d$/.test(value) ? `${value}d` : value);
  } else draft.unusable(name, 'queue_lifetime');
};

/** A table of addresses. */
const addresses =
  (path: 'generic' | 'canonical' | 'virtual'): Translate =>
  (value, draft, name, all) => {
    const rows = rowsOf(value, all);
    if (rows === undefined) {
      draft.drop(name, `its table is a file of yours: write its lines under "${path}" (from: to)`);
      return;
    }
    const isAddress = (text: string): boolean => addressForm(text) !== undefined;
    const good = rows
      .map(([from, to]) => [from, to.split(/[\s,]+/)] as const)
      .filter(([from, to]) => [from, ...to].every(isAddress));
    draft.add(path, Object.fromEntries(good.map(([from, to]) => [from, to.join(', ')])));
    if (good.length < rows.length) {
      draft.drop(name, `some lines of its table are no addresses: look at "${path}"`);
    }
  };

/** The mechanisms of this relay. */
const MECHANISM = /^(plain|login|cram-md5|digest-md5|ntlm|scram-sha-\d+)$/i;

const mechanisms: Translate = (value, draft, name) => {
  const wanted = itemsOf(value).filter((one) => !one.startsWith('!'));
  const known = wanted.filter((one) => MECHANISM.test(one));
  if (known.length > 0) draft.set('relay.mechanisms', known);
  if (known.length < wanted.length) {
    draft.drop(name, 'OAuth2 and the like are not to be had here: use an app password');
  }
};

/** The login for the relay host, or else the first that is for a server. */
function loginIn(rows: Rows, all: Variables): string | undefined {
  const servers = rows.filter(([key]) => !key.includes('@'));
  const relayhosts = [...all].flatMap(([name, value]) =>
    /relay_?host$/i.test(name) ? [value] : [],
  );
  return (servers.find(([key]) => relayhosts.includes(key)) ?? servers[0])?.[1];
}

/** The logins: one for the relay host; those of senders become accounts, by hand. */
const logins: Translate = (value, draft, name, all) => {
  const fixed = /^static:([^:]+):/.exec(value)?.[1];
  const rows = fixed === undefined ? rowsOf(value, all) : [['', `${fixed}:`] as const];
  if (rows === undefined) {
    draft.drop(name, 'its table is a file of yours: give relay.username and relay.password_file');
    return;
  }
  const username = loginIn(rows, all)?.split(':')[0] ?? '';
  if (username !== '') {
    draft.set('relay.username', username);
    draft.secret(name, 'relay.password');
  }
  if (rows.filter(([key]) => !key.includes('@')).length > 1) {
    draft.drop(name, 'it has logins for more servers: one is taken, for the relay host');
  }
  if (rows.some(([key]) => key.includes('@'))) {
    draft.drop(name, 'it has logins of senders: give each an entry under "accounts"');
  }
};

const perSender: Translate = (_, draft, name) =>
  draft.drop(name, 'give each sender an entry under "accounts", with its server and login');

/** Parameters that have a setting here, or need none. */
const PARAMETERS: Readonly<Record<string, Translate>> = {
  myhostname: domain('myhostname'),
  myorigin: domain('myorigin'),
  relayhost,
  mynetworks: networks,
  message_size_limit: messageSize,
  mailbox_size_limit: nothing,
  maximal_queue_lifetime: lifetime,
  bounce_queue_lifetime: nothing,
  proxy_interfaces: list('proxy_interfaces'),
  smtp_destination_concurrency_limit: as('relay.connections'),
  smtp_tls_security_level: tlsLevel,
  smtp_tls_CAfile: caFile,
  smtp_tls_CApath: nothing,
  smtp_tls_wrappermode: nothing,
  smtp_use_tls: nothing,
  smtp_sasl_auth_enable: nothing,
  smtp_sasl_security_options: nothing,
  smtp_sasl_tls_security_options: nothing,
  smtp_sasl_password_maps: logins,
  smtp_sasl_mechanism_filter: mechanisms,
  smtp_generic_maps: addresses('generic'),
  canonical_maps: addresses('canonical'),
  sender_canonical_maps: addresses('canonical'),
  virtual_alias_maps: addresses('virtual'),
  sender_dependent_relayhost_maps: perSender,
  sender_dependent_default_transport_maps: perSender,
  smtp_sender_dependent_authentication: nothing,
  mydestination: (value, draft, name) => {
    if (value !== '' && value !== 'localhost') {
      draft.drop(name, 'no mail stays here; if some should, see "local" (domains and mailboxes)');
    }
  },
};

/** Parameters for logins of clients, which need a program that checks passwords. */
const LOGIN_OF_CLIENTS = /^(smtpd_sasl_|cyrus_sasl_config_path$|broken_sasl_auth_clients$)/;

/** A table that refuses clients, senders or recipients (access(5)). */
const FILTER = /\bcheck_\w+_access\b/;

/** A name that speaks of a secret: what Postfix has of this kind is translated above. */
const SECRET = /passw|secret|token|credential/i;

/** Whether the migration reads the lines of a parameter's tables, not only the reference. */
export const readsTable = (parameter: string): boolean =>
  /_maps$/.test(parameter) && Object.hasOwn(PARAMETERS, parameter);

/**
 * A main.cf parameter of another image.
 * @param name the variable or the like that gave it
 */
export function translateParameter(
  parameter: string,
  value: string,
  draft: Draft,
  name: string,
  all: Variables,
): void {
  const translate = Object.hasOwn(PARAMETERS, parameter) ? PARAMETERS[parameter] : undefined;
  const managed = managedParameters.get(parameter);
  if (translate !== undefined) translate(value, draft, name, all);
  else if (managed !== undefined && FILTER.test(value)) {
    draft.error(name, `what its table refuses would be taken here: ${managed}`);
  } else if (managed !== undefined) draft.drop(name, managed);
  else if (SECRET.test(parameter)) {
    draft.drop(name, 'not shown, since it may hold a password: give the login as relay.username');
  } else if (LOGIN_OF_CLIENTS.test(parameter) && !hasDovecot(all)) {
    draft.drop(name, 'clients do not log in here: RELAY_NETWORKS says who may send');
  } else if (/^[a-z0-9]\w*$/i.test(parameter)) {
    draft.add('postfix', { [parameter]: withPlainTables(value, draft, name) });
  } else draft.drop(name, 'there is no such parameter');
}

/** Tables that postmap made of a file. It does not run here; texthash reads the file itself. */
function withPlainTables(value: string, draft: Draft, name: string): string {
  const plain = value.replaceAll(/\b(?:hash|btree|dbm|lmdb|cdb):(?=\/)/g, 'texthash:');
  if (plain !== value) {
    draft.note(
      `${name}: mount the file of its table; it is read as it is (texthash), without postmap`,
    );
  }
  return plain;
}

/** Logins that another container judges are possible here as well. */
const hasDovecot = (all: Variables): boolean =>
  [...all].some(([name, value]) => name.endsWith('smtpd_sasl_type') && value === 'dovecot');

/** The value of a variable as that of a main.cf parameter. */
export const asParameter =
  (parameter: string): Translate =>
  (value, draft, name, all) =>
    translateParameter(parameter, value, draft, name, all);
