import { type Option, type Service, unix } from '../postfix/cf-syntax.ts';
import { LOOPBACK } from '../postfix/inside-services.ts';

/**
 * A listener inside, and its cleanup, for mail that takes a second step through the queue
 * (FILTER_README, "Advanced content filter"). Its only client is this relay, and what was checked
 * and rewritten once is not checked and rewritten again.
 */

export const none = (...names: readonly string[]): readonly Option[] =>
  names.map((name) => [name, '']);

/** @param own what differs from one listener to another */
export const insideListener = (port: number, logName: string, own: readonly Option[]): Service => ({
  ...unix(`${LOOPBACK}:${port}`, 'smtpd', { private: false, processes: '0' }),
  type: 'inet',
  options: [
    ['syslog_name', `postfix/${logName}`],
    ['mynetworks', '127.0.0.0/8'],
    ['smtpd_authorized_xforward_hosts', '127.0.0.0/8'],
    ['smtpd_relay_restrictions', 'permit_mynetworks, reject'],
    ['receive_override_options', 'no_unknown_recipient_checks'],
    ['smtpd_sasl_auth_enable', 'no'],
    ['smtpd_client_connection_count_limit', '0'],
    ['smtpd_client_message_rate_limit', '0'],
    ['message_size_limit', '0'],
    ...none(
      'smtpd_client_restrictions',
      'smtpd_helo_restrictions',
      'smtpd_sender_restrictions',
      'smtpd_recipient_restrictions',
      'smtpd_data_restrictions',
      'smtpd_end_of_data_restrictions',
      'smtpd_upstream_proxy_protocol',
    ),
    ...own,
  ],
});

/** @param own what differs from one cleanup to another */
export const insideCleanup = (name: string, logName: string, own: readonly Option[]): Service =>
  unix(name, 'cleanup', {
    private: false,
    processes: '0',
    options: [
      ['syslog_name', `postfix/${logName}`],
      ['message_size_limit', '0'],
      ...none(
        'canonical_maps',
        'recipient_canonical_maps',
        'virtual_alias_maps',
        'masquerade_domains',
        'header_checks',
        'mime_header_checks',
        'nested_header_checks',
        'body_checks',
        'always_bcc',
        'sender_bcc_maps',
        'recipient_bcc_maps',
      ),
      ...own,
    ],
  });
