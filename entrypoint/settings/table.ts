import { presetNames, providerName } from './providers.ts';
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
import { databaseHost, domain, selector, server } from './validators/host.ts';
import { loginName, mechanism, password, username } from './validators/login.ts';
import { ipAddress, type Network, network, range } from './validators/network.ts';
import { clientId, httpsUrl, tenant } from './validators/oauth2.ts';
import {
  count,
  date,
  duration,
  keepingTime,
  line,
  oneOf,
  parameterName,
  parameterValue,
  path,
  port,
  rateLimit,
  size,
  yesNo,
} from './validators/plain.ts';

/** The TLS levels of a connection to a server, from none to a certificate found by DNSSEC. */
export const tlsLevel = oneOf('none', 'opportunistic', 'encrypt', 'verify', 'dane');

const login = {
  username: optional(username(), {
    describe: 'The user name at the provider.',
    example: 'hoge',
    drives: ['smtp_sasl_auth_enable', 'smtp_sasl_password_maps'],
  }),
  password: secret(password(), {
    describe: 'The password, or app password, at the provider.',
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
  client_secret_expires: optional(date(), {
    describe: "The client secret's last day, as the provider shows it: alerts tell before it ends.",
    example: '2027-05-31',
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
      'A user\'s refresh token, for those who have one; "hikyaku login" gets one and keeps it.',
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
  device_endpoint: optional(httpsUrl(), {
    describe: 'Where "hikyaku login" asks another provider for a code (RFC 8628).',
    example: 'https://login.isp.example/oauth2/device',
    drives: [],
    defaultText: "from the provider's metadata",
  }),
  authorization_endpoint: optional(httpsUrl(), {
    describe: 'Where a browser logs in at another provider that has no codes.',
    example: 'https://login.isp.example/oauth2/authorize',
    drives: [],
    defaultText: "from the provider's metadata",
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
      'A well-known provider, instead of host and port: gmail, outlook365, icloud, yahoo ...',
    example: 'gmail',
    drives: [],
    known: presetNames,
  }),
  host: optional(server(), {
    describe:
      "The provider's submission server. Without it, mail goes directly to the recipients' MX hosts.",
    example: 'mail.isp.example',
    drives: ['relayhost', 'default_transport'],
  }),
  port: optional(port(), {
    describe:
      'The port of the host: a number, or submission, submissions or smtp. 465 means implicit TLS.',
    example: '587',
    drives: ['smtp_tls_wrappermode'],
    defaultText: '587',
  }),
  mx: one(yesNo(), {
    describe: 'Whether to look up the MX records of the host and deliver to them.',
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
    describe: 'A file of CA certificates (PEM) to trust in addition to those of Debian.',
    example: '/certs/ca.pem',
    drives: ['smtp_tls_CAfile', 'smtp_tls_CApath'],
  }),
  mechanisms: list(mechanism(), {
    describe: 'The SASL mechanisms allowed. Empty: all that both sides support.',
    example: 'plain, login',
    drives: ['smtp_sasl_mechanism_filter', 'smtp_sasl_security_options'],
    default: [],
  }),
  connections: optional(count(1, 100)(), {
    describe: 'Maximum number of connections to the server.',
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
const backups = items('Relay hosts to try, in order, if the one before does not answer.', {
  host: optional(server(), {
    describe: 'The server.',
    example: 'mail2.isp.example',
    drives: ['relayhost'],
  }),
  port: one(port(), {
    describe: 'The port of the server. Either 465 or a port with STARTTLS, as for the relay host.',
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
  send_as: optional(address(), {
    describe: 'The sender address of all mail through this relay host. Default: send_as.',
    example: 'hoge@isp2.example',
    drives: [],
  }),
});

/** Limits that delay mail without losing it. */
const rate = {
  total: optional(rateLimit(), {
    describe: 'Maximum rate of outgoing mail; excess waits in the queue. 30/m is thirty a minute.',
    example: '30/m',
    drives: ['smtp_transport_rate_delay', 'default_transport_rate_delay'],
  }),
  client: optional(rateLimit(), {
    describe: 'Maximum mail rate per client; excess gets a temporary error (450).',
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
    describe: 'The domains whose mail is delivered to local mailboxes.',
    example: 'hostname.localdomain',
    drives: ['virtual_mailbox_domains'],
    default: [],
  }),
  mailboxes: list(userName(), {
    describe: 'The users with a local mailbox: a Maildir /var/mail/NAME, to be kept on a volume.',
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

/** The recipients of alerts when mail cannot leave. */
const alerts = {
  to: secret<readonly string[]>(alertAddresses(), {
    describe:
      'Where alerts go: ntfy, Telegram, Slack, Discord, Gotify, or a plain http(s) address.',
    example: 'ntfys://ntfy.sh/my-office',
    drives: [],
  }),
  after: one(duration(), {
    describe: 'How long mail may wait before an alert is sent.',
    example: '30m',
    drives: [],
    default: 30 * 60,
    defaultText: '30m',
  }),
};

/** How the log is written. */
const log = {
  format: one<'postfix' | 'json'>(oneOf('postfix', 'json')(), {
    describe: 'The format of the log: lines of Postfix, or one JSON object per line.',
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
    describe: 'Whether clients may or must use TLS.',
    example: 'require',
    drives: [],
    defaultText: 'offer if a certificate, a login or port 465 is set, else none',
  }),
  certificate_file: optional(path(), {
    describe: 'The certificate (PEM, with its chain) for clients. Needs key_file.',
    example: '/certs/relay.pem',
    drives: [],
    defaultText: 'generated, kept in /var/lib/hikyaku',
  }),
  key_file: optional(path(), {
    describe: 'The private key (PEM) of that certificate.',
    example: '/certs/relay.key',
    drives: [],
  }),
  names: list(server(), {
    describe:
      "Additional names and addresses in the relay's own certificate: those that clients use.",
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
    describe: 'The networks whose devices may log in without TLS, with the password in clear.',
    example: '192.168.1.40',
    drives: [],
    default: [],
  }),
  bare_lf_networks: list(range(), {
    describe: 'The networks whose devices may end lines and messages with a bare LF.',
    example: '192.168.1.41',
    drives: [],
    default: [],
  }),
  old_tls_port: optional(port(), {
    describe: 'A separate port for machines that support only TLS 1.0 or 1.1.',
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
    describe: 'The domains whose outgoing mail is signed with DKIM.',
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
      'A private key (PEM, RSA or Ed25519). Without it, the relay generates and keeps its own.',
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
    describe: 'The database servers, each with its port if it is not the default.',
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
    describe: "A file of CA certificates (PEM) to trust in addition for the accounts' servers.",
    example: '/certs/ca.pem',
    drives: [],
  }),
};

/** Every setting, once: types, variables, YAML keys, documentation and schema come from here. */
export const settingsTable = {
  myhostname: optional(domain(), {
    describe: 'The host name of this relay, as it tells it to other servers.',
    example: 'linux.myhome.net',
    drives: ['myhostname'],
    defaultText: "the container's host name",
  }),
  myorigin: optional(domain(), {
    describe: 'The domain added to bare user names, such as root.',
    example: 'myhome.net',
    drives: ['myorigin'],
    defaultText: 'myhostname',
  }),
  relay: section({ ...provider, backups }),
  send_as: optional(address(), {
    describe:
      'The sender address of all outgoing mail. The original address stays visible in the display name.',
    example: 'hoge@isp.example',
    drives: [],
  }),
  capture: optional(addressOrUser(), {
    describe:
      'The address, or local mailbox, that gets all mail instead of its recipients, for staging.',
    example: 'dev@example.com',
    drives: [],
  }),
  accounts: items('Other ways out, chosen by sender, recipient or client.', {
    sender: optional(senderPattern(), {
      describe:
        'The sender whose mail uses this account: an address, or @example.com for a domain.',
      example: 'user1@example.com',
      drives: [
        'sender_dependent_default_transport_maps',
        'sender_dependent_relayhost_maps',
        'smtp_sender_dependent_authentication',
      ],
    }),
    recipient: optional(addressOrDomain(), {
      describe:
        'The recipient whose mail uses this account: an address, or @example.com for a domain.',
      example: '@office.example',
      drives: [],
    }),
    client: optional(range(), {
      describe: 'The client whose mail uses this account: an address or a range.',
      example: '192.168.1.40',
      drives: [],
    }),
    ...provider,
    send_as: optional(address(), {
      describe: 'The sender address of all mail through this account.',
      example: 'office@example.com',
      drives: [],
    }),
  }),
  generic: table(addressPattern(), addressOrDomain(), {
    describe: 'Addresses to rewrite in envelope and headers when mail leaves this relay.',
    example: '@linux.myhome.net=hoge@foo.bar.example',
    drives: ['smtp_generic_maps'],
  }),
  canonical: table(addressPattern(), addressOrDomain(), {
    describe: 'Addresses to rewrite in envelope and headers of all mail, local mail included.',
    example: 'your-login-name=your-account@your-isp.example',
    drives: ['canonical_maps', 'sender_canonical_maps', 'recipient_canonical_maps'],
  }),
  virtual: table(addressPattern(), recipients(), {
    describe:
      'Recipients to redirect, each to one or more addresses, in the envelope only: aliases, or mail to keep local.',
    example: 'root=admin@example.com',
    drives: ['virtual_alias_maps', 'virtual_alias_domains', 'virtual_maps'],
  }),
  local: section(local),
  networks: list<Network>(network(), {
    describe:
      'Who may send through this relay: attached, host, addresses and ranges. A "!" in front excludes a range.',
    example: 'attached, 192.168.1.0/24',
    drives: ['mynetworks', 'mynetworks_style', 'smtpd_relay_restrictions'],
    default: [{ kind: 'attached' }],
    defaultText: 'attached',
  }),
  trust_gateway: one(yesNo(), {
    describe:
      "Whether the gateways of attached networks and the relay's own addresses may send. Through a published port, outside clients can appear under these addresses.",
    example: 'no',
    drives: [],
    default: false,
  }),
  allowed_senders: list(senderPattern(), {
    describe: 'The sender addresses that clients may use. Empty: any.',
    example: 'nas@example.com, @myhome.net',
    drives: ['smtpd_sender_restrictions'],
    default: [],
  }),
  allowed_recipients: list(addressOrDomain(), {
    describe: 'The recipient addresses that clients may send to. Empty: any.',
    example: 'admin@example.com',
    drives: ['smtpd_recipient_restrictions'],
    default: [],
  }),
  listen: list(port(), {
    describe: 'The ports on which the relay listens for clients.',
    example: '25, 587',
    drives: [],
    default: [25, 587],
    defaultText: '25, 587',
  }),
  proxy_interfaces: list(ipAddress(), {
    describe: 'The outside addresses of a NAT in front of this relay, to prevent mail loops.',
    example: '192.0.2.1',
    drives: 'proxy_interfaces',
    default: [],
  }),
  block_lists: list(domain(), {
    describe:
      'The DNS block lists that doctor queries for the outside address of a relay without a provider.',
    example: 'zen.spamhaus.org',
    drives: [],
    default: ['zen.spamhaus.org', 'bl.spamcop.net'],
    defaultText: 'zen.spamhaus.org, bl.spamcop.net',
  }),
  message_size: optional(size(), {
    describe: 'Maximum size of a message.',
    example: '25MB',
    drives: ['message_size_limit', 'mailbox_size_limit'],
    defaultText: "25MB, or the provider's own limit",
  }),
  rate: section(rate),
  queue_lifetime: one(duration(), {
    describe: 'How long undelivered mail stays in the queue before it is returned to its sender.',
    example: '5d',
    drives: ['maximal_queue_lifetime', 'bounce_queue_lifetime'],
    default: 5 * 86400,
    defaultText: '5d',
  }),
  map_type: one(oneOf('lmdb', 'hash', 'cdb', 'texthash')(), {
    describe: 'The type of the lookup tables: lmdb, hash, cdb or texthash.',
    example: 'lmdb',
    drives: 'default_database_type',
    default: 'lmdb',
  }),
  submission: section(submission),
  logins,
  dkim: section(dkim),
  log: section(log),
  alerts: section(alerts),
  expect: items('Mail that should come regularly. If it does not, an alert is sent.', {
    sender: optional(senderPattern(), {
      describe: 'The sender address, or @example.com for a domain.',
      example: 'nas@home.example',
      drives: [],
    }),
    client: optional(ipAddress(), {
      describe: 'The address of the machine that sends it.',
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
    failed: list(line(), {
      describe: 'Words in the subject of such a mail that mean failure: then, an alert is sent.',
      example: 'failed, error',
      drives: [],
      default: [],
    }),
  }),
  watch: one(yesNo(), {
    describe: 'Whether changed settings, secrets and certificates are applied automatically.',
    example: 'yes',
    drives: [],
    default: false,
  }),
  history: one(keepingTime(), {
    describe: 'How long the relay keeps the history of each mail: 30d, 1y, or none.',
    example: '30d',
    drives: [],
    default: 0,
    defaultText: 'none',
  }),
  page: section(page),
  database: section(database),
  postfix: table(parameterName(), parameterValue(), {
    describe: 'Any other main.cf parameter of Postfix, in main.cf syntax.',
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
