import { setting as ref, settingOfName, words } from '../../settings/naming/sentence.ts';
import type { Table } from '../entry.ts';
import type { ClientTrouble } from '../trouble.ts';

/** Trouble of clients of this relay. */
export const CLIENTS: Table<ClientTrouble['kind']> = {
  'login-not-offered': () => ({
    cause: words`the client wants to log in, and this relay offers no login`,
    remedy: words`switch the login off at the client: this relay knows its clients by their network; or give it a login (${ref('submission.username')})`,
  }),
  'starttls-not-offered': () => ({
    cause: words`the client wants encryption (STARTTLS), which this relay does not offer`,
    remedy: words`switch encryption off at the client, or have this relay offer it (${ref('submission.tls', 'offer')})`,
  }),
  'left-after-ehlo': () => ({
    cause: words`the client asked what this relay offers (EHLO), and left without sending mail`,
    remedy: words`most programs do so that insist on a login or on encryption: switch both off at the client, or offer them (${ref('submission.tls', 'offer')}, ${ref('submission.username')}); a monitoring check does so on purpose`,
  }),
  'client-tls-first': () => ({
    cause: words`the client begins with TLS at once, and this relay does not`,
    remedy: words`set the client to no encryption, port 25; or have this relay listen on 465 too (${ref('listen')})`,
  }),
  'client-not-smtp': () => ({
    cause: words`the client does not speak SMTP`,
    remedy: words`nothing, unless it is a program that should send mail`,
  }),
  'client-hasty': () => ({
    cause: words`the client does not wait for replies`,
    remedy: words`have the client use EHLO, or give it a newer mail program`,
  }),
  'client-gone': () => ({
    cause: words`the client went away, or fell silent, in the middle of the message`,
    remedy: words`look at the client's own log; a program that ends its lines with LF instead of CRLF waits for ever: this relay accepts that as the end of a message only from clients in ${ref('submission.bare_lf_networks')}`,
  }),
  'command-refused': ({ command }) => ({
    cause: words`the client's command ${command} was refused, and it sent no mail`,
    remedy:
      command === 'MAIL' || command === 'RCPT'
        ? words`look at the client's own log for this relay's answer, and correct the address there: a single plain address, without a name in front`
        : words`look at the client's own log for this relay's answer`,
  }),
  'client-login-failed': () => ({
    cause: words`the client logs in with a wrong user name or password`,
    remedy: words`correct the login at the client, or switch it off there`,
  }),
  'client-login-clear': () => ({
    cause: words`the client logs in without TLS, so its password was not looked at`,
    remedy: words`switch TLS or STARTTLS on at the client; if it has neither, add its address to ${ref('submission.clear_networks')}`,
  }),
  'client-guessing': ({ by }) => ({
    cause:
      by === 'address'
        ? words`too many logins have failed from this address: logins are not checked for ten minutes`
        : words`too many logins have failed as this user: logins are not checked for ten minutes`,
    remedy: words`correct the password at the client if it is yours; otherwise close the port to it in your firewall`,
  }),
  'client-sender': () => ({
    cause: words`the login may not use this sender address`,
    remedy: words`correct the sender at the client, or add it to the senders of the login (logins)`,
  }),
  'client-tls-old': () => ({
    cause: words`the client's TLS is too old: it knows TLS 1.1 at best, or old ciphers only`,
    remedy: words`update the client, or give it a port of its own (${ref('submission.old_tls_port', '2525')})`,
  }),
  'client-distrusts': () => ({
    cause: words`the client does not trust this relay's certificate`,
    remedy: words`switch the check of the certificate off at the client, let it trust the one that "hikyaku status" shows, or give the relay a certificate that it trusts (${ref('submission.certificate_file')})`,
  }),
  'client-no-tls': () => ({
    cause: words`the client speaks without TLS on a port that begins with TLS`,
    remedy: words`set the client to SSL/TLS on this port, or to STARTTLS or no encryption on port 587 or 25`,
  }),
  'client-tls-failed': () => ({
    cause: words`the client began TLS and did not complete it`,
    remedy: words`look at the client's own log; switch its encryption off if it is in ${ref('networks')}`,
  }),
  'client-rate': () => ({
    cause: words`the client hands in more mail than it may`,
    remedy: words`raise ${ref('rate.client')}, the maximum for one client, or have the client send less`,
  }),
  'client-too-many': () => ({
    cause: words`the client opens too many connections, or makes too many errors`,
    remedy: words`have the client open fewer connections at once, or look at what it does wrong`,
  }),
  'message-too-large': () => ({
    cause: words`the message is larger than this relay takes`,
    remedy: words`raise ${ref('message_size')}, the maximum size, or send large files another way`,
  }),
  'client-not-allowed': () => ({
    cause: words`the client may not send through this relay`,
    remedy: words`add the client's network to ${ref('networks')}`,
  }),
  'no-such-mailbox': () => ({
    cause: words`there is no such mailbox on this relay`,
    remedy: words`correct the address, or add the name to ${ref('local.mailboxes')}`,
  }),
  'bad-address': () => ({
    cause: words`an address of the message is not a valid one`,
    remedy: words`correct the address at the client`,
  }),
  'client-tls-wanted': () => ({
    cause: words`this relay requires encryption of its clients`,
    remedy: words`let the client use TLS, or change ${ref('postfix.smtpd_tls_security_level')}`,
  }),
  'no-room': () => ({
    cause: words`the disk with the queue is full`,
    remedy: words`make room on the volume of /var/spool/postfix`,
  }),
  'filter-away': () => ({
    cause: words`the mail filter does not answer`,
    remedy: words`start the mail filter in ${ref('postfix.smtpd_milters')}, and check its address; ${ref('postfix.milter_default_action', 'accept')} takes mail without it`,
  }),
  'own-lookup': () => ({
    cause: words`a part of this relay does not work`,
    remedy: words`run "hikyaku doctor"`,
  }),
  'by-setting': ({ setting }) => ({
    cause: words`a setting of this relay refuses it`,
    remedy: words`if such mail should be taken, change ${settingOfName(setting)}, then "hikyaku reload" or a new container`,
  }),
  rejected: () => ({
    cause: words`this relay refused it`,
    remedy: words`the reply's own words say why`,
  }),
};
