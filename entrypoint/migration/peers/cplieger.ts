import { addressForm } from '../../settings/validators/address.ts';
import { isDomain } from '../../settings/validators/host.ts';
import { asParameter, domain, messageSize } from '../foreign-parameters.ts';
import { networks, privateNetworks } from '../networks.ts';
import {
  as,
  common,
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

/** Addresses and domains stay; patterns have no counterpart. */
const recipients: Translate = (value, draft, name) => {
  const entries = value.split(/\s+/).filter((one) => one !== '');
  const good = entries.flatMap((one) =>
    isDomain(one) ? [`@${one}`] : addressForm(one) === 'address' ? [one] : [],
  );
  if (good.length > 0) draft.add('allowed_recipients', good);
  if (good.length === entries.length) return;
  const instead = 'patterns are not to be had here: name addresses, or @domains';
  if (good.length > 0) draft.drop(name, instead);
  else {
    draft.error(
      name,
      `without its patterns mail to everybody would be taken; ${instead}, under "allowed_recipients"`,
    );
  }
};

const FINGERPRINT = 'certificates are not known by their fingerprint here: use RELAY_CA_FILE';

/** docs/configuration.md, "Every setting". */
export const cplieger: Peer = {
  name: 'cplieger/docker-smtp-relay',
  image: /^cplieger\/(docker-)?smtp-relay$/,
  parameters: 'none',
  tls: 'verify',
  variables: [
    variable('RELAY_HOST', 'RELAY_HOST', (value, draft, name, all) => {
      relayhost(
        value.includes(':') && !value.startsWith('[') ? `[${value}]` : value,
        draft,
        name,
        all,
      );
      if (!all.has('RELAY_PORT')) draft.settings.delete('relay.port');
      draft.notes.splice(0);
    }),
    variable('RELAY_PORT', 'RELAY_PORT', as('relay.port')),
    variable('RELAY_LOGIN', 'RELAY_USERNAME', login),
    secret('RELAY_PASSWORD', 'RELAY_PASSWORD', 'relay.password'),
    variable('SMTP_TLS_SECURITY_LEVEL', 'RELAY_TLS', tlsLevel),
    variable('ACCEPTED_NETWORKS', 'RELAY_NETWORKS', networks),
    variable('RECIPIENT_RESTRICTIONS', 'RELAY_ALLOWED_RECIPIENTS', recipients),
    common(variable('MESSAGE_SIZE_LIMIT', 'RELAY_MESSAGE_SIZE', messageSize)),
    variable('SMTP_HOSTNAME', 'RELAY_MYHOSTNAME', domain('myhostname')),
    variable(
      'SMTPD_TLS_CERT_FILE',
      'POSTFIX_smtpd_tls_cert_file',
      asParameter('smtpd_tls_cert_file'),
    ),
    variable('SMTPD_TLS_KEY_FILE', 'POSTFIX_smtpd_tls_key_file', asParameter('smtpd_tls_key_file')),
    variable(
      'SMTPD_TLS_SECURITY_LEVEL',
      'POSTFIX_smtpd_tls_security_level',
      asParameter('smtpd_tls_security_level'),
    ),
    without('SMTP_TLS_FINGERPRINT_CERT_MATCH', FINGERPRINT),
    without('SMTP_TLS_FINGERPRINT_DIGEST', FINGERPRINT),
    settled('STARTUP_PROBE', 'ask with "hikyaku doctor"'),
    settled('STARTUP_PROBE_TIMEOUT', 'ask with "hikyaku doctor"'),
    kept('TZ'),
    common(settled('CONF_DIR', 'Postfix reads /etc/postfix')),
  ],
  defaults: (draft, all) => {
    privateNetworks(draft);
    if (all.has('SMTPD_TLS_CERT_FILE') && !all.has('SMTPD_TLS_SECURITY_LEVEL')) {
      draft.add('postfix', { smtpd_tls_security_level: 'may' });
    }
  },
};
