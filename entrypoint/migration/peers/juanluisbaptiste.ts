import { addressForm } from '../../settings/validators/address.ts';
import { isDomain } from '../../settings/validators/host.ts';
import type { Draft } from '../draft.ts';
import { asParameter, domain, messageSize } from '../foreign-parameters.ts';
import { networks, PRIVATE_NETWORKS } from '../networks.ts';
import {
  asSecretFile,
  common,
  kept,
  login,
  type Peer,
  secret,
  type Translate,
  variable,
  without,
} from '../peer.ts';
import { relayhost } from '../relayhost.ts';

const server: Translate = (value, draft, name, all) => {
  relayhost(`[${value}]:${all.get('SMTP_PORT') ?? '587'}`, draft, name, all);
};

/** The port is read together with the server. */
const port: Translate = () => undefined;

/** The whole From header; here the display name is the original sender's. */
const sendAs: Translate = (value, draft, name) => {
  const address = /<([^<>]*)>\s*$/.exec(value)?.[1] ?? value;
  if (addressForm(address) === 'address') draft.set('send_as', address);
  else draft.unusable(name, 'send_as');
};

const HEADERS =
  'headers are not changed here; POSTFIX_smtp_header_checks can, with a file of yours';

/** Parameters that its own restrictions already cover. */
const isForLoginsAlone = ({ settings }: Draft): boolean =>
  String(settings.get('networks') ?? '') === 'host';

/** README.md, "How to run it", and run.sh. */
export const juanluisbaptiste: Peer = {
  name: 'juanluisbaptiste/docker-postfix',
  image: /^juanluisbaptiste\/postfix$/,
  parameters: 'any case',
  tls: 'opportunistic',
  variables: [
    variable('SMTP_SERVER', 'RELAY_HOST', server),
    variable('SMTP_PORT', 'RELAY_PORT', port),
    variable('SMTP_USERNAME', 'RELAY_USERNAME', login),
    secret('SMTP_PASSWORD', 'RELAY_PASSWORD', 'relay.password'),
    variable('SMTP_PASSWORD_FILE', 'RELAY_PASSWORD_FILE', asSecretFile('relay.password')),
    without('SMTP_USERNAME_FILE', 'give the login itself as RELAY_USERNAME: it is no secret'),
    variable('SERVER_HOSTNAME', 'RELAY_MYHOSTNAME', domain('myhostname')),
    variable('SMTP_NETWORKS', 'RELAY_NETWORKS', networks),
    common(variable('DOMAIN', 'RELAY_MYORIGIN', domain('myorigin'))),
    common(without('DESTINATION', 'no mail stays here; see RELAY_LOCAL_DOMAINS')),
    common(variable('MESSAGE_SIZE_LIMIT', 'RELAY_MESSAGE_SIZE', messageSize)),
    variable('SMTPUTF8_ENABLE', 'POSTFIX_smtputf8_enable', asParameter('smtputf8_enable')),
    variable(
      'ALWAYS_ADD_MISSING_HEADERS',
      'POSTFIX_always_add_missing_headers',
      asParameter('always_add_missing_headers'),
    ),
    without('SMTP_HEADER_TAG', HEADERS),
    variable('OVERWRITE_FROM', 'RELAY_SEND_AS', sendAs),
    without(
      'LOG_SUBJECT',
      'give POSTFIX_header_checks with a file of yours that has the action INFO',
    ),
    common(without('DEBUG', 'ask with "hikyaku doctor"')),
    kept('TZ'),
  ],
  defaults: (draft, all) => {
    if (!isForLoginsAlone(draft)) draft.add('networks', PRIVATE_NETWORKS);
    // Mail from bare names was from the last two labels of the server's name.
    const name = all.get('SERVER_HOSTNAME') ?? '';
    const above = name.split('.').slice(-2).join('.');
    if (!draft.settings.has('myorigin') && isDomain(above) && above !== name) {
      draft.set('myorigin', above);
    }
  },
};
