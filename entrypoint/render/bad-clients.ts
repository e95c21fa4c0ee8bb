import type { Group } from '../postfix/cf-syntax.ts';
import type { Settings } from '../settings/settings.ts';

/** How many clients one listener serves at once; each costs about 1.5 MB while it is connected. */
export const CLIENTS_AT_ONCE = 300;

/** How many of them may be one machine, so that there is always room for the others. */
const CLIENTS_OF_ONE_MACHINE = 200;

/**
 * Postfix trusts the clients in mynetworks to behave: none of its limits is for them. Here they are
 * nearly all the clients there are, and a web application among them hands on what strangers typed.
 */
export const badClients = ({ submission: { bareLfNetworks } }: Settings): Group => ({
  comment: 'What protects this relay, and the provider, from clients that do not behave.',
  parameters: [
    // Else a message with "<LF>.<LF>" in it ends there, and what follows is taken for commands
    // (SMTP smuggling): a second message, with any sender that whoever wrote it likes.
    ['smtpd_forbid_bare_newline_exclusions', bareLfNetworks.join(', ')],
    // Else one machine whose clients never finish would hold all the places, for five minutes.
    ['smtpd_client_connection_count_limit', String(CLIENTS_OF_ONE_MACHINE)],
    ['smtpd_client_event_limit_exceptions', ''],
    // Else a byte now and then keeps a place for ever. Each byte of a message gives a second more:
    // a client that writes as slowly as the job that feeds it is no abuser.
    ['smtpd_per_request_deadline', 'yes'],
    ['smtpd_min_data_rate', '1'],
  ],
});
