import { readsTable } from '../foreign-parameters.ts';
import { PRIVATE_NETWORKS } from '../networks.ts';
import { common, kept, type Peer, type Translate, variable, without } from '../peer.ts';

const DKIM = 'mail is not signed here: most providers sign what they relay';
const LOG = 'the log goes to the container as Postfix writes it';

/** Reads tables that a parameter refers to; the lines of other tables get a note. */
const table: Translate = (_, draft, name, all) => {
  const file = `/etc/postfix/${name.slice('POSTMAP_'.length).replace(/_FILE$/, '')}`;
  const users = [...all].flatMap(([key, value]) =>
    key.startsWith('POSTFIX_') && value.includes(file) ? [key.slice('POSTFIX_'.length)] : [],
  );
  if (users.length === 0) draft.drop(name, 'no parameter refers to this table');
  else if (!users.every(readsTable)) {
    draft.drop(
      name,
      `write its lines into a file, mount that, and name it in ${users.join(' and ')} as texthash:/path`,
    );
  }
};

/** `POSTFIX_relayhost_FILE`: what the file says is not known here. */
const inFile: Translate = (_, draft, name) =>
  draft.drop(name, `its value is in a file: give it as ${name.replace(/_FILE$/, '')}`);

/** README.md, "Configuration", and the script `run`. */
export const wader: Peer = {
  name: 'wader/postfix-relay',
  image: /^(mwader|wader)\/postfix-relay$/,
  parameters: 'as they are',
  tls: 'opportunistic',
  variables: [
    common(variable('POSTFIX_*_FILE', 'POSTFIX_parameter', inFile)),
    variable('POSTMAP_*', 'RELAY_GENERIC, RELAY_CANONICAL, RELAY_VIRTUAL or accounts', table),
    without('POSTFIXMASTER_*', 'services are not changed here; RELAY_LISTEN names the ports'),
    without('OPENDKIM_*', DKIM),
    without('POSTSRSD_*', 'senders are not rewritten by SRS here; RELAY_CANONICAL rewrites them'),
    without('POSTMASTER_ADDRESS', 'use POSTFIX_error_notice_recipient and POSTFIX_notify_classes'),
    without('SASL_Passwds', 'clients do not log in here: RELAY_NETWORKS says who may send'),
    without('RSYSLOG_*', LOG),
    kept('TZ'),
  ],
  defaults: (draft) => {
    if (draft.settings.has('networks')) return;
    draft.set('networks', PRIVATE_NETWORKS);
    draft.note(
      'everyone who reached the container could send; here only private networks may: narrow it to yours',
    );
  },
};
