import { PRIVATE_NETWORKS } from '../networks.ts';
import { common, type Peer, settled, type Translate, variable, without } from '../peer.ts';

const DKIM = 'mail is not signed here: most providers sign what they relay';
const LOG = 'the log goes to the container as Postfix writes it';

/** Tables are read where a parameter refers to them. */
const table: Translate = (_, draft, name, all) => {
  const file = `/etc/postfix/${name.slice('POSTMAP_'.length)}`;
  const used = [...all].some(([key, value]) => key.startsWith('POSTFIX_') && value.includes(file));
  if (!used) draft.drop(name, 'no parameter refers to this table');
};

/** README.md, "Configuration", and the script `run`. */
export const wader: Peer = {
  name: 'wader/postfix-relay',
  image: /^(mwader|wader)\/postfix-relay$/,
  parameters: 'as they are',
  variables: [
    variable('POSTMAP_*', 'RELAY_GENERIC, RELAY_CANONICAL, RELAY_VIRTUAL or accounts', table),
    without('POSTFIXMASTER_*', 'services are not changed here; RELAY_LISTEN names the ports'),
    without('OPENDKIM_*', DKIM),
    without('POSTSRSD_*', 'senders are not rewritten by SRS here; RELAY_CANONICAL rewrites them'),
    without('POSTMASTER_ADDRESS', 'use POSTFIX_error_notice_recipient and POSTFIX_notify_classes'),
    without('SASL_Passwds', 'clients do not log in here: RELAY_NETWORKS says who may send'),
    without('RSYSLOG_*', LOG),
    common(settled('TZ', 'it works here too')),
  ],
  defaults: (draft) => {
    if (draft.settings.has('networks')) return;
    draft.set('networks', PRIVATE_NETWORKS);
    draft.note(
      'everyone who reached the container could send; here only private networks may: narrow it to yours',
    );
  },
};
