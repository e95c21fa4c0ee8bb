import type { Group } from '../postfix/cf-syntax.ts';
import type { Settings } from '../settings/settings.ts';

/** How many clients one listener serves at once; each costs about 1.5 MB while it is connected. */
export const CLIENTS_AT_ONCE = 300;

/** Maximum number of connections of one machine, so that others always get one. */
const CLIENTS_OF_ONE_MACHINE = 200;

/**
 * Postfix exempts the clients in mynetworks from its limits. Here nearly all clients are in
 * mynetworks, and a web application among them passes on text from strangers.
 */
export const badClients = ({ submission: { bareLfNetworks } }: Settings): Group => ({
  comment: 'What protects this relay, and the provider, from clients that do not behave.',
  parameters: [
    // Otherwise a message with "<LF>.<LF>" ends there, and the rest is taken for commands
    // (SMTP smuggling): a second message, with any sender that its author likes.
    ['smtpd_forbid_bare_newline_exclusions', bareLfNetworks.join(', ')],
    // Otherwise one machine with hanging clients would hold all connections for five minutes.
    ['smtpd_client_connection_count_limit', String(CLIENTS_OF_ONE_MACHINE)],
    ['smtpd_client_event_limit_exceptions', ''],
    // Otherwise a client could keep a connection for ever with one byte now and then. Each byte of
    // a message extends the deadline by a second, since a slow job may feed an honest client.
    ['smtpd_per_request_deadline', 'yes'],
    ['smtpd_min_data_rate', '1'],
  ],
});
