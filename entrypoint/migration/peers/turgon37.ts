import { domain, translateParameter } from '../foreign-parameters.ts';
import { networks } from '../networks.ts';
import {
  isOn,
  login,
  type Peer,
  secret,
  settled,
  type Translate,
  variable,
  without,
} from '../peer.ts';
import { relayhost } from '../relayhost.ts';
import { caFile, tlsLevel } from '../tls.ts';

const domainOf = (all: ReadonlyMap<string, string>): string | undefined =>
  all.get('RELAY_MYDOMAIN');

const strictSender: Translate = (value, draft, _, all) => {
  const domain = domainOf(all);
  if (value === 'true' && domain !== undefined) draft.add('allowed_senders', [`@${domain}`]);
};

/** Modes that let clients of the networks send to any recipient need no setting here. */
const mode: Translate = (value, draft, name, all) => {
  const domains = (all.get('RELAY_DOMAINS') ?? domainOf(all) ?? '').split(/[\s,]+/);
  if (value === 'STRICT' || value === 'ALLOW_SASLAUTH_NODOMAIN') {
    const known = domains.filter((one) => /^[\w.-]+$/.test(one));
    if (known.length > 0)
      draft.add(
        'allowed_recipients',
        known.map((one) => `@${one}`),
      );
  } else if (!value.endsWith('_NODOMAIN')) {
    draft.error(
      name,
      'restrictions of your own are not taken over: give RELAY_ALLOWED_SENDERS and RELAY_ALLOWED_RECIPIENTS',
    );
  }
};

const extras: Translate = (value, draft, name, all) => {
  for (const item of value.split(/\s+/).filter((one) => one.includes('='))) {
    const [parameter = '', text = ''] = item.split(/=(.*)/s);
    translateParameter(parameter, text, draft, name, all);
  }
};

const parameter: Translate = (value, draft, name, all) =>
  translateParameter(name.slice('POSTCONF_'.length), value, draft, name, all);

/** README.md, "Docker Informations", and docker-entrypoint.d/21postfix. */
export const turgon37: Peer = {
  name: 'Turgon37/docker-smtp-relay',
  image: /^turgon37\/smtp-relay$/,
  parameters: 'none',
  tls: 'opportunistic',
  variables: [
    variable('RELAY_MYHOSTNAME', 'RELAY_MYHOSTNAME', domain('myhostname')),
    variable('RELAY_MYDOMAIN', 'RELAY_MYORIGIN', domain('myorigin')),
    variable('RELAY_MYNETWORKS', 'RELAY_NETWORKS', networks),
    variable('RELAY_HOST', 'RELAY_HOST and RELAY_PORT', relayhost),
    variable('RELAY_LOGIN', 'RELAY_USERNAME', login),
    secret('RELAY_PASSWORD', 'RELAY_PASSWORD', 'relay.password'),
    variable('RELAY_USE_TLS', 'RELAY_TLS', (value, draft) => {
      if (!isOn(value)) draft.set('relay.tls', 'none');
    }),
    variable('RELAY_TLS_VERIFY', 'RELAY_TLS', (value, draft, name, all) => {
      if (isOn(all.get('RELAY_USE_TLS') ?? 'yes')) tlsLevel(value, draft, name, all);
    }),
    variable('RELAY_TLS_CA', 'RELAY_CA_FILE', caFile),
    variable('RELAY_STRICT_SENDER_MYDOMAIN', 'RELAY_ALLOWED_SENDERS', strictSender),
    variable('RELAY_MODE', 'RELAY_ALLOWED_RECIPIENTS', mode),
    settled('RELAY_DOMAINS', 'mail for every domain goes to the relay host'),
    variable('RELAY_EXTRAS_SETTINGS', 'POSTFIX_parameter', extras),
    variable('POSTCONF_*', 'POSTFIX_parameter', parameter),
    without('RELAY_POSTMASTER', 'use POSTFIX_2bounce_notice_recipient and POSTFIX_notify_classes'),
  ],
  // The Dockerfile sets these defaults, so only other values count.
  defaults: (draft, all) => {
    if (!all.has('RELAY_MYNETWORKS')) networks('127.0.0.0/8', draft, 'RELAY_MYNETWORKS', all);
    if (!all.has('RELAY_STRICT_SENDER_MYDOMAIN')) {
      strictSender('true', draft, 'RELAY_STRICT_SENDER_MYDOMAIN', all);
    }
    if (!all.has('RELAY_MODE')) mode('STRICT', draft, 'RELAY_MODE', all);
    const narrow = ['allowed_senders', 'allowed_recipients'].filter((one) =>
      draft.settings.has(one),
    );
    if (narrow.length > 0) {
      draft.note(`${narrow.join(' and ')}: as strict as before; take out what need not be so`);
    }
    draft.note('clients do not log in here: "networks" says who may send');
  },
};
