import { items, list, one, optional, secret, section, table, type Values } from './setting.ts';
import { address, addressOrDomain, addressPattern } from './validators/address.ts';
import { domain, server } from './validators/host.ts';
import { mechanism, password, username } from './validators/login.ts';
import { type Network, network } from './validators/network.ts';
import { parameterName, parameterValue } from './validators/parameter.ts';
import { oneOf, path, port, yesNo } from './validators/plain.ts';

/** How the connection to a server is protected, from nothing to a certificate found by DNSSEC. */
export const tlsLevel = oneOf('none', 'opportunistic', 'encrypt', 'verify', 'dane');

/** A mail provider and the login there: the keys of `relay`, and of each of `accounts`. */
const provider = {
  host: optional(server(), {
    describe:
      "The provider's submission server; without it mail goes to the recipients' own MX hosts.",
    example: 'mail.isp.example',
    drives: ['relayhost', 'default_transport'],
  }),
  port: one(port(), {
    describe:
      'Its port: a number, or submission, submissions or smtp; 465 is TLS from the first byte.',
    example: '587',
    drives: ['smtp_tls_wrappermode'],
    default: 587,
  }),
  mx: one(yesNo(), {
    describe: 'Whether to look up the MX records of the host and deliver to those.',
    example: 'no',
    drives: [],
    default: false,
  }),
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
  tls: optional(tlsLevel(), {
    describe:
      'none, opportunistic, encrypt, verify (the certificate must be valid for the host), or dane.',
    example: 'verify',
    drives: ['smtp_tls_security_level', 'smtp_tls_secure_cert_match', 'smtp_dns_support_level'],
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
  relay: section(provider),
  accounts: items('Senders with a provider account of their own.', {
    sender: optional(addressOrDomain(), {
      describe: 'Whose mail goes through this account: an address, or @example.com for a domain.',
      example: 'user1@example.com',
      drives: ['sender_dependent_default_transport_maps', 'smtp_sender_dependent_authentication'],
    }),
    ...provider,
  }),
  generic: table(addressPattern(), address(), {
    describe: 'Addresses to rewrite, in envelope and headers, only when mail leaves this machine.',
    example: '@linux.myhome.net=hoge@foo.bar.com',
    drives: ['smtp_generic_maps'],
  }),
  networks: list<Network>(network(), {
    describe:
      'Who may send through this relay: attached, host, addresses and ranges, several of them.',
    example: 'attached, 192.168.1.0/24',
    drives: ['mynetworks', 'mynetworks_style', 'smtpd_relay_restrictions'],
    default: [{ kind: 'attached' }],
    defaultText: 'attached',
  }),
  trust_gateway: one(yesNo(), {
    describe:
      'Whether the gateway of an attached network may send too: on a Docker host it stands for every outside client of a published port.',
    example: 'no',
    drives: [],
    default: false,
  }),
  listen: list(port(), {
    describe: 'The ports on which clients hand in mail.',
    example: '25, 587',
    drives: ['inet_interfaces'],
    default: [25, 587],
    defaultText: '25, 587',
  }),
  postfix: table(parameterName(), parameterValue(), {
    describe: 'Any other main.cf parameter of Postfix, as it would stand there.',
    example: 'smtp_helo_timeout=60s',
    drives: [],
  }),
};

/** The settings as the rest of the program sees them: checked, complete, frozen. */
export type SettingsTable = typeof settingsTable;
export type RawSettings = Values<SettingsTable>;
export type Provider = Values<typeof provider>;
export type Account = RawSettings['accounts'][number];
export type TlsLevel = NonNullable<Provider['tls']>;
