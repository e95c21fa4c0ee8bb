import { presetNames } from './providers.ts';
import { items, list, one, optional, secret, section, table, type Values } from './setting.ts';
import {
  address,
  addressOrDomain,
  addressOrUser,
  addressPattern,
  recipients,
  senderPattern,
  userName,
} from './validators/address.ts';
import { alertAddresses } from './validators/alert-addresses.ts';
import { databaseHost, domain, server } from './validators/host.ts';
import { loginName, mechanism, password, username } from './validators/login.ts';
import { ipAddress, type Network, network, range } from './validators/network.ts';
import { clientId, httpsUrl, tenant } from './validators/oauth2.ts';
import { parameterName, parameterValue } from './validators/parameter.ts';
import {
  count,
  duration,
  keepingTime,
  line,
  oneOf,
  path,
  port,
  size,
  yesNo,
} from './validators/plain.ts';

import { providerName } from './validators/provider-name.ts';
import { rateLimit } from './validators/rate.ts';
import { selector } from './validators/selector.ts';

/** How the connection to a server is protected, from nothing to a certificate found by DNSSEC. */
export const tlsLevel = oneOf('none', 'opportunistic', 'encrypt', 'verify', 'dane');

const login = {
  username: optional(username(), {
    describe: 'The login at the provider.',
    example: 'hoge',
    drives: ['smtp_sasl_auth_enable', 'smtp_sasl_password_maps'],
  }),
  password: secret(password(), {
    describe: 'The password, or app password, of that login.',
    example: 'piyopiyo',
    drives: ['smtp_sasl_auth_enable', 'smtp_sasl_password_maps'],
  }),
};

/** OAuth 2 in place of a password: where access tokens come from. */
const oauth2 = section({
  provider: optional(oneOf('microsoft', 'google')(), {
    describe: 'Whose tokens: microsoft or google, with host, port, endpoint and scope.',
    example: 'microsoft',
    drives: [],
  }),
  tenant: optional(tenant(), {
    describe: "Microsoft's directory (tenant) ID; an application by itself needs its own.",
    example: '11111111-2222-3333-4444-555555555555',
    drives: [],
    defaultText: 'common',
  }),
  client_id: optional(clientId(), {
    describe: "The application's client ID at the provider.",
    example: '11111111-2222-3333-4444-555555555555',
    drives: [],
  }),
  client_secret: secret(password(), {
    describe: "The application's client secret.",
    example: 'abc~defgh',
    drives: [],
  }),
  certificate_file: optional(path(), {
    describe: 'A certificate (PEM) in place of the client secret, at Microsoft.',
    example: '/run/secrets/app.pem',
    drives: [],
  }),
  key_file: optional(path(), {
    describe: 'The private key (PEM) of that certificate.',
    example: '/run/secrets/app.key',
    drives: [],
  }),
  refresh_token: secret(password(), {
    describe:
      "A user's refresh token; a newer one that the provider sends is kept in /var/lib/hikyaku.",
    example: '1//abcdef',
    drives: [],
  }),
  service_account_file: optional(path(), {
    describe: "The key file (JSON) of Google's service account, for the user in username.",
    example: '/run/secrets/service-account.json',
    drives: [],
  }),
  token_endpoint: optional(httpsUrl(), {
    describe: 'The token endpoint of another provider.',
    example: 'https://login.isp.example/oauth2/token',
    drives: [],
  }),
  scope: optional(line(), {
    describe: 'The scope of the tokens of another provider.',
    example: 'https://mail.isp.example/smtp',
    drives: [],
  }),
});

/** A mail provider and the login there: the keys of `relay`, and of each of `accounts`. */
const provider = {
  provider: optional(providerName(), {
    describe:
      'A well-known provider, in place of its host and port: gmail, outlook365, icloud, yahoo ...',
    example: 'gmail',
    drives: [],
    known: presetNames,
  }),
  host: optional(server(), {
    describe:
      "The provider's submission server; without it mail goes to the recipients' own MX hosts.",
    example: 'mail.isp.example',
    drives: ['relayhost', 'default_transport'],
  }),
  port: optional(port(), {
    describe:
      'Its port: a number, or submission, submissions or smtp; 465 is TLS from the first byte.',
    example: '587',
    drives: ['smtp_tls_wrappermode'],
    defaultText: '587',
  }),
  mx: one(yesNo(), {
    describe: 'Whether to look up the MX records of the host and deliver to those.',
    example: 'no',
    drives: [],
    default: false,
  }),
  ...login,
  oauth2,
  tls: optional(tlsLevel(), {
    describe:
      'none, opportunistic, encrypt, verify (the certificate must be valid for the host), or dane.',
    example: 'verify',
    drives: [
      'smtp_tls_security_level',
      'smtp_tls_secure_cert_match',
      'smtp_tls_servername',
      'smtp_tls_policy_maps',
      'smtp_tls_per_site',
      'smtp_use_tls',
      'smtp_enforce_tls',
      'smtp_dns_support_level',
    ],
    defaultText: 'verify to a relay host, opportunistic when direct',
  }),
  ca_file: optional(path(), {
    describe: 'A file of CA certificates (PEM) to trust as well as the well-known ones.',
    example: '/certs/ca.pem',
    drives: ['smtp_tls_CAfile', 'smtp_tls_CApath'],
  }),
  mechanisms: list(mechanism(), {
    describe: 'The SASL mechanisms that may be used; empty: whichever both sides know.',
    example: 'plain, login',
    drives: ['smtp_sasl_mechanism_filter', 'smtp_sasl_security_options'],
    default: [],
  }),
  connections: optional(count(1, 100)(), {
    describe: 'At most so many connections to the server at once.',
    example: '5',
    drives: [
      'smtp_destination_concurrency_limit',
      'smtp_initial_destination_concurrency',
      'smtp_connection_cache_destinations',
      'smtp_connection_cache_time_limit',
      'connection_cache_ttl_limit',
    ],
    defaultText: "12, or the provider's own limit",
  }),
};

/** Relay hosts that are tried, in order, when the first one does not answer. */
const backups = items('Relay hosts to try, in order, when the one before does not answer.', {
  host: optional(server(), {
    describe: 'The server.',
    example: 'mail2.isp.example',
    drives: ['relayhost'],
  }),
  port: one(port(), {
    describe: 'Its port; like that of the relay host either 465 or one with STARTTLS.',
    example: '587',
    drives: [],
    default: 587,
  }),
  mx: one(yesNo(), {
    describe: 'Whether to look up the MX records of the host.',
    example: 'no',
    drives: [],
    default: false,
  }),
  ...login,
  oauth2,
});

/** Limits that slow mail down, and lose none. */
const rate = {
  total: optional(rateLimit(), {
    describe:
      'How much mail is sent on at most: the rest waits in the queue. 30/m is thirty a minute.',
    example: '30/m',
    drives: ['smtp_transport_rate_delay', 'default_transport_rate_delay'],
  }),
  client: optional(rateLimit(), {
    describe: 'How much mail one client may hand in: more has to come back later.',
    example: '100/m',
    drives: [
      'smtpd_client_message_rate_limit',
      'smtpd_client_event_limit_exceptions',
      'anvil_rate_time_unit',
    ],
  }),
};

/** The mail that stays in this container. */
const local = {
  domains: list(domain(), {
    describe: 'The domains whose mail is delivered here, into mailboxes.',
    example: 'hostname.localdomain',
    drives: ['virtual_mailbox_domains'],
    default: [],
  }),
  mailboxes: list(userName(), {
    describe: 'The users who have a mailbox here: a Maildir /var/mail/NAME, to be put on a volume.',
    example: 'your-login-name',
    drives: [
      'virtual_mailbox_maps',
      'virtual_mailbox_base',
      'virtual_uid_maps',
      'virtual_gid_maps',
      'virtual_minimum_uid',
      'virtual_mailbox_limit',
    ],
    default: [],
  }),
};

/** Who is told when mail cannot get out. */
const alerts = {
  to: secret<readonly string[]>(alertAddresses(), {
    describe:
      'Where alerts go: ntfy, Telegram, Slack, Discord, Gotify, or a plain http(s) address.',
    example: 'ntfys://ntfy.sh/my-office',
    drives: [],
  }),
  after: one(duration(), {
    describe: 'How long mail waits before an alert is sent.',
    example: '30m',
    drives: [],
    default: 30 * 60,
    defaultText: '30m',
  }),
};

/** How the log is written. */
const log = {
  format: one<'postfix' | 'json'>(oneOf('postfix', 'json')(), {
    describe: 'The form of the log: the lines of Postfix, or a JSON object for each.',
    example: 'json',
    drives: [],
    default: 'postfix',
  }),
  anonymize: one(yesNo(), {
    describe: 'Whether the log shows only the domains of addresses.',
    example: 'yes',
    drives: [],
    default: false,
  }),
};

/** The web page, with the metrics beside it. */
const page = {
  listen: optional(port(), {
    describe:
      'The port of the web page and of the metrics (/metrics); without it neither is there.',
    example: '8080',
    drives: [],
    defaultText: 'none',
  }),
  username: one<string>(username(), {
    describe: 'The user name that the page asks for, if it has a password.',
    example: 'admin',
    drives: [],
    default: 'admin',
  }),
  password: secret(password(), {
    describe:
      'The password of the page and of the metrics; without it they answer only the clients that may send mail.',
    example: 'secret',
    drives: [],
  }),
};

/** Signatures on mail that leaves. */
/** Clients that want TLS or a login. */
const submission = {
  tls: optional(oneOf('none', 'offer', 'require')(), {
    describe: 'Whether clients may, or have to, use TLS.',
    example: 'require',
    drives: [],
    defaultText: 'offer where a certificate, a login or port 465 is set, else none',
  }),
  certificate_file: optional(path(), {
    describe: 'The certificate (PEM, with its chain) that clients see; with key_file.',
    example: '/certs/relay.pem',
    drives: [],
    defaultText: 'one of its own, kept in /var/lib/hikyaku',
  }),
  key_file: optional(path(), {
    describe: 'The private key (PEM) of that certificate.',
    example: '/certs/relay.key',
    drives: [],
  }),
  names: list(server(), {
    describe: "Further names and addresses in the relay's own certificate: those that clients use.",
    example: '192.168.1.5',
    drives: [],
    default: [],
  }),
  username: optional(loginName(), {
    describe: 'The login with which a client may send from anywhere.',
    example: 'printer',
    drives: [],
  }),
  password: secret(password(), {
    describe: 'The password of that login.',
    example: 'geheim',
    drives: [],
  }),
  clear_networks: list(range(), {
    describe: 'Where devices without TLS may log in with a password in clear.',
    example: '192.168.1.40',
    drives: [],
    default: [],
  }),
  bare_lf_networks: list(range(), {
    describe: 'Where devices may end lines, and the message, with LF alone.',
    example: '192.168.1.41',
    drives: [],
    default: [],
  }),
  old_tls_port: optional(port(), {
    describe: 'A port of its own for machines that know TLS 1.0 or 1.1 at best.',
    example: '2525',
    drives: [],
  }),
};

/** More logins of clients. */
const logins = items('Logins with which clients may send from anywhere.', {
  username: optional(loginName(), {
    describe: 'The name.',
    example: 'scanner',
    drives: [],
  }),
  password: secret(password(), {
    describe: 'The password.',
    example: 'geheim',
    drives: [],
  }),
  senders: list(senderPattern(), {
    describe: 'The only senders that the login may use: addresses or @example.com; empty: any.',
    example: 'scanner@example.com',
    drives: [],
    default: [],
  }),
});

const dkim = {
  domain: list(domain(), {
    describe: 'The domains whose mail is signed with DKIM when it leaves.',
    example: 'example.com',
    drives: [],
    default: [],
  }),
  selector: one(selector(), {
    describe: 'The DKIM selector: DNS has the key as SELECTOR._domainkey.DOMAIN.',
    example: 'mail2026',
    drives: [],
    default: 'hikyaku',
  }),
  key_file: optional(path(), {
    describe:
      'A private key (PEM, RSA or Ed25519); without it the relay makes its own and keeps it.',
    example: '/run/secrets/dkim.pem',
    drives: [],
    defaultText: 'RSA 2048 and Ed25519 keys below /var/lib/hikyaku/dkim',
  }),
};

/** Accounts per sender in a database, instead of `accounts`. */
const database = {
  driver: optional(oneOf('mysql', 'pgsql', 'sqlite')(), {
    describe: 'The kind of database: mysql (also MariaDB), pgsql or sqlite.',
    example: 'mysql',
    drives: [],
  }),
  hosts: list(databaseHost(), {
    describe: 'The database servers, each with a port if it is not the usual one.',
    example: 'db:3306',
    drives: [],
    default: [],
  }),
  user: optional(line(), {
    describe: 'The user name at the database server.',
    example: 'hikyaku',
    drives: [],
  }),
  password: secret(password(), {
    describe: 'The password at the database server.',
    example: 'secret',
    drives: [],
  }),
  name: optional(line(), {
    describe: 'The name of the database; for sqlite the full path of its file.',
    example: 'mail',
    drives: [],
  }),
  relay_query: optional(line(), {
    describe: 'The query that gives a sender ("%s") its server, as [mail.example.com]:587.',
    example: "SELECT server FROM senders WHERE address='%s'",
    drives: [],
    defaultText: 'a query on the table accounts',
  }),
  credentials_query: optional(line(), {
    describe: 'The query that gives a sender ("%s") its login, as username:password.',
    example: "SELECT login FROM senders WHERE address='%s'",
    drives: [],
    defaultText: 'a query on the table accounts',
  }),
  tls: one<'encrypt' | 'verify'>(oneOf('encrypt', 'verify')(), {
    describe: "How the connection to an account's server is protected: encrypt or verify.",
    example: 'verify',
    drives: [],
    default: 'verify',
  }),
  ca_file: optional(path(), {
    describe: "A file of CA certificates (PEM) to trust as well for the accounts' servers.",
    example: '/certs/ca.pem',
    drives: [],
  }),
};

/** Every setting, once: types, variables, YAML keys, documentation and schema come from here. */
export const settingsTable = {
  myhostname: optional(domain(), {
    describe: 'How this relay calls itself when it talks to other servers.',
    example: 'linux.myhome.net',
    drives: ['myhostname'],
    defaultText: "the container's host name",
  }),
  myorigin: optional(domain(), {
    describe: 'The domain of mail from bare user names, such as root.',
    example: 'myhome.net',
    drives: ['myorigin'],
    defaultText: 'myhostname',
  }),
  relay: section({ ...provider, backups }),
  send_as: optional(address(), {
    describe:
      'The address that mail leaves from, whatever its sender; the original stays visible as the display name.',
    example: 'hoge@isp.example',
    drives: [],
  }),
  capture: optional(addressOrUser(), {
    describe:
      'The address, or the mailbox here, that gets all mail in place of its recipients: for staging.',
    example: 'dev@example.com',
    drives: [],
  }),
  accounts: items('Mail with another way out, chosen by its sender, recipient or client.', {
    sender: optional(senderPattern(), {
      describe: 'Whose mail goes through this account: an address, or @example.com for a domain.',
      example: 'user1@example.com',
      drives: [
        'sender_dependent_default_transport_maps',
        'sender_dependent_relayhost_maps',
        'smtp_sender_dependent_authentication',
      ],
    }),
    recipient: optional(addressOrDomain(), {
      describe: 'To whom mail goes through this account: an address, or @example.com for a domain.',
      example: '@office.example',
      drives: [],
    }),
    client: optional(range(), {
      describe: 'From which machine mail goes through this account: an address or a range.',
      example: '192.168.1.40',
      drives: [],
    }),
    ...provider,
    send_as: optional(address(), {
      describe: 'The address that mail through this account leaves from, whatever its sender.',
      example: 'office@example.com',
      drives: [],
    }),
  }),
  generic: table(addressPattern(), addressOrDomain(), {
    describe: 'Addresses to rewrite, in envelope and headers, only when mail leaves this machine.',
    example: '@linux.myhome.net=hoge@foo.bar.example',
    drives: ['smtp_generic_maps'],
  }),
  canonical: table(addressPattern(), addressOrDomain(), {
    describe: 'Addresses to rewrite in all mail, in envelope and headers, also in mail that stays.',
    example: 'your-login-name=your-account@your-isp.example',
    drives: ['canonical_maps', 'sender_canonical_maps', 'recipient_canonical_maps'],
  }),
  virtual: table(addressPattern(), recipients(), {
    describe:
      'Recipients to redirect, each to one address or several, in the envelope alone: aliases, or mail to keep at home.',
    example: 'root=admin@example.com',
    drives: ['virtual_alias_maps', 'virtual_alias_domains', 'virtual_maps'],
  }),
  local: section(local),
  networks: list<Network>(network(), {
    describe:
      'Who may send through this relay: attached, host, addresses and ranges; "!" in front leaves a range out.',
    example: 'attached, 192.168.1.0/24',
    drives: ['mynetworks', 'mynetworks_style', 'smtpd_relay_restrictions'],
    default: [{ kind: 'attached' }],
    defaultText: 'attached',
  }),
  trust_gateway: one(yesNo(), {
    describe:
      "Whether the gateway of an attached network, and the relay's own addresses, may send too: a published port may bring every outside client under one of them.",
    example: 'no',
    drives: [],
    default: false,
  }),
  allowed_senders: list(senderPattern(), {
    describe: 'The only addresses from which clients may send on; empty: any.',
    example: 'nas@example.com, @myhome.net',
    drives: ['smtpd_sender_restrictions'],
    default: [],
  }),
  allowed_recipients: list(addressOrDomain(), {
    describe: 'The only addresses to which clients may send on; empty: any.',
    example: 'admin@example.com',
    drives: ['smtpd_recipient_restrictions'],
    default: [],
  }),
  listen: list(port(), {
    describe: 'The ports on which clients hand in mail.',
    example: '25, 587',
    drives: [],
    default: [25, 587],
    defaultText: '25, 587',
  }),
  proxy_interfaces: list(ipAddress(), {
    describe: 'The outside addresses of a NAT in front of this relay, so that mail does not loop.',
    example: '192.0.2.1',
    drives: 'proxy_interfaces',
    default: [],
  }),
  block_lists: list(domain(), {
    describe:
      'The DNS block lists that doctor asks about the outside address of a relay without a provider.',
    example: 'zen.spamhaus.org',
    drives: [],
    default: ['zen.spamhaus.org', 'bl.spamcop.net'],
    defaultText: 'zen.spamhaus.org, bl.spamcop.net',
  }),
  message_size: optional(size(), {
    describe: 'The largest message that is taken.',
    example: '25MB',
    drives: ['message_size_limit', 'mailbox_size_limit'],
    defaultText: "25MB, or the provider's own limit",
  }),
  rate: section(rate),
  queue_lifetime: one(duration(), {
    describe: 'How long undelivered mail is tried again before it goes back to its sender.',
    example: '5d',
    drives: ['maximal_queue_lifetime', 'bounce_queue_lifetime'],
    default: 5 * 86400,
    defaultText: '5d',
  }),
  map_type: one(oneOf('lmdb', 'hash', 'cdb', 'texthash')(), {
    describe: 'The type of the tables that are written: lmdb, hash, cdb or texthash.',
    example: 'lmdb',
    drives: 'default_database_type',
    default: 'lmdb',
  }),
  submission: section(submission),
  logins,
  dkim: section(dkim),
  log: section(log),
  alerts: section(alerts),
  expect: items('Mail that should come regularly: an alert is sent when it does not.', {
    sender: optional(senderPattern(), {
      describe: 'The address that it comes from, or @example.com for a domain.',
      example: 'nas@home.example',
      drives: [],
    }),
    client: optional(ipAddress(), {
      describe: 'The address of the machine that hands it in.',
      example: '192.168.1.40',
      drives: [],
    }),
    every: one(duration(), {
      describe: 'How often it should come, such as 1d or 12h.',
      example: '1d',
      drives: [],
      default: 86400,
      defaultText: '1d',
    }),
  }),
  watch: one(yesNo(), {
    describe: 'Whether changed settings, secrets and certificates are applied by themselves.',
    example: 'yes',
    drives: [],
    default: false,
  }),
  history: one<number | undefined>(keepingTime(), {
    describe: 'How long the relay keeps what became of each mail: 30d, 1y, or none.',
    example: '30d',
    drives: [],
    default: undefined,
    defaultText: 'none',
  }),
  page: section(page),
  database: section(database),
  postfix: table(parameterName(), parameterValue(), {
    describe: 'Any other main.cf parameter of Postfix, as it would stand there.',
    example: 'smtp_helo_timeout=60s',
    drives: [],
  }),
};

/** The settings as the rest of the program sees them: checked, complete, frozen. */
export type SettingsTable = typeof settingsTable;
export type RawSettings = Values<SettingsTable>;
export type RawDatabase = RawSettings['database'];
export type MapType = RawSettings['map_type'];
export type Provider = Values<typeof provider>;
export type Account = RawSettings['accounts'][number];
export type RawOAuth2 = Provider['oauth2'];
export type TlsLevel = NonNullable<Provider['tls']>;
