import { domain, messageSize } from '../foreign-parameters.ts';
import { networks, privateNetworks } from '../networks.ts';
import {
  asSecretFile,
  common,
  itemsOf,
  kept,
  login,
  type Peer,
  secret,
  settled,
  type Translate,
  variable,
  without,
} from '../peer.ts';
import { relayhost } from '../relayhost.ts';
import { tlsLevel } from '../tls.ts';

const DKIM = 'mail is not signed here: most providers sign what they relay';
const XOAUTH2 = 'OAuth2 logins are not supported: use an app password of the provider';
const LOG = 'the log goes to the container as Postfix writes it';

/** Domains become patterns of addresses. */
const senderDomains: Translate = (value, draft, name) => {
  draft.add(
    'allowed_senders',
    itemsOf(value).map((one) => (one.includes('@') ? one : `@${one}`)),
  );
  // access(5): a domain stands for those below it, too (parent_domain_matches_subdomains).
  draft.note(
    `${name} let in the domains below these as well (user@mail.example.com for example.com): name each that sends under "allowed_senders"`,
  );
};

/** Its name, unless POSTFIX_myhostname gives another. */
const hostname: Translate = (value, draft, name, all) => {
  if (!all.has('POSTFIX_myhostname')) domain('myhostname')(value, draft, name, all);
};

/** README.md, "Configuration options", and image_root/scripts/functions.sh. */
export const bokysan: Peer = {
  name: 'bokysan/docker-postfix',
  image: /^(boky\/postfix|bokysan\/postfix)$/,
  parameters: 'as they are',
  tls: 'opportunistic',
  variables: [
    variable('RELAYHOST', 'RELAY_HOST and RELAY_PORT', relayhost),
    variable('RELAYHOST_USERNAME', 'RELAY_USERNAME', login),
    secret('RELAYHOST_PASSWORD', 'RELAY_PASSWORD', 'relay.password'),
    variable('RELAYHOST_PASSWORD_FILE', 'RELAY_PASSWORD_FILE', asSecretFile('relay.password')),
    variable('RELAYHOST_TLS_LEVEL', 'RELAY_TLS', tlsLevel),
    variable('ALLOWED_SENDER_DOMAINS', 'RELAY_ALLOWED_SENDERS (@example.com)', senderDomains),
    variable('MYNETWORKS', 'RELAY_NETWORKS', networks),
    common(variable('HOSTNAME', 'RELAY_MYHOSTNAME', hostname)),
    common(variable('MESSAGE_SIZE_LIMIT', 'RELAY_MESSAGE_SIZE', messageSize)),
    settled(
      'ALLOW_EMPTY_SENDER_DOMAINS',
      'any sender may be used unless RELAY_ALLOWED_SENDERS is set',
    ),
    settled('SASL_RELAYHOST', 'the login is always found by the relay host'),
    settled('SKIP_ROOT_SPOOL_CHOWN', 'owners are only changed where they are wrong'),
    without(
      'MASQUERADED_DOMAINS',
      'use RELAY_GENERIC or RELAY_CANONICAL, or POSTFIX_masquerade_domains',
    ),
    without('SMTP_HEADER_CHECKS', 'mount your file and give POSTFIX_smtp_header_checks'),
    without('SMTPD_SASL_USERS', 'clients do not log in here: RELAY_NETWORKS says who may send'),
    without('XOAUTH2_*', XOAUTH2),
    without('DKIM_*', DKIM),
    without('OPENDKIM_*', DKIM),
    without('RSPAMD_*', DKIM),
    without('AUTOSET_HOSTNAME', 'give the name as RELAY_MYHOSTNAME'),
    without('AUTOSET_HOSTNAME_SERVICES', 'give the name as RELAY_MYHOSTNAME'),
    without('INBOUND_DEBUGGING', 'use POSTFIX_debug_peer_list'),
    without('ANONYMIZE_EMAILS', LOG),
    common(without('LOG_FORMAT', LOG)),
    common(without('FORCE_COLOR', LOG)),
    kept('TZ'),
  ],
  defaults: privateNetworks,
};
