import { describe, expect, it } from 'vitest';
import { readDelivery } from '../../../../entrypoint/advice/foreign/delivery.ts';
import type { Kind } from '../../../../entrypoint/advice/trouble.ts';
import { providerReasons } from './provider-texts.ts';

const host = 'host mail.isp.example[192.0.2.1]';
const login = 'SASL authentication failed; server mail.isp.example[192.0.2.1] said:';

// What Postfix 3.10 says, provoked one by one, and what providers answer according to their pages.
const TEXTS: readonly [Kind, string][] = [
  [
    'app-password',
    `${login} 534-5.7.9 Application-specific password required. For more information, go to 534 5.7.9 https://support.google.com/mail/?p=InvalidSecondFactor`,
  ],
  [
    'sign-in',
    `${login} 534-5.7.14 <https://accounts.google.com/signin/continue> Please log in via your web browser and then try again.`,
  ],
  ['sign-in', `${login} 535 5.7.0 (#MBR1240) Please verify account by going to login.yahoo.com`],
  [
    'login-disabled',
    `${login} 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.`,
  ],
  [
    'login-disabled',
    `${login} 535 5.7.139 Authentication unsuccessful, basic authentication is disabled.`,
  ],
  [
    'password',
    `${login} 535 5.7.139 Authentication unsuccessful, the user credentials were incorrect.`,
  ],
  ['login-locked', `${login} 535 5.7.0 (#AUTH005) Too many bad auth attempts.`],
  ['login-locked', `${login} 454 4.7.0 Too many login attempts, please try again later.`],
  [
    'password',
    `${login} 535-5.7.8 Username and Password not accepted. For more information, go to 535 5.7.8 https://support.google.com/mail/?p=BadCredentials`,
  ],
  ['password', `${login} 535 5.7.3 Authentication unsuccessful`],
  ['password', `${login} 535 Authentication credentials invalid`],
  ['password', `${login} 535 5.7.8 Error: authentication failed: authentication failure`],
  ['credits', `${login} 451 Authentication failed: Maximum credits exceeded`],
  ['login-service', `${login} 454 4.7.0 Temporary authentication failure`],
  [
    'mechanisms',
    'SASL authentication failed; cannot authenticate to server mail.isp.example[192.0.2.1]: no mechanism available',
  ],
  [
    'mechanisms',
    'SASL authentication failed: server mail.isp.example[192.0.2.1] offered no compatible authentication mechanisms for this type of connection security',
  ],
  [
    'tls-wanted',
    `${host} said: 530 5.7.0 Must issue a STARTTLS command first (in reply to MAIL FROM)`,
  ],
  ['login-wanted', `${host} said: 530 5.7.0 Authentication Required. (in reply to MAIL FROM)`],
  [
    'login-wanted',
    `${host} said: 530 5.7.57 Client not authenticated to send mail. (in reply to MAIL FROM)`,
  ],
  [
    'sender',
    `${host} said: 554 5.2.252 SendAsDenied; a@b.example not allowed to send as c@b.example; STOREDRV.Submission (in reply to end of DATA)`,
  ],
  [
    'sender',
    `${host} said: 550 5.7.60 SMTP; Client does not have permissions to send as this sender`,
  ],
  ['sender', `${host} said: 553 5.7.1 <a@b.example>: Sender address rejected: not owned by user x`],
  ['sender', `${host} said: 550 5.7.0 From address is not one of your addresses.`],
  ['sender-unverified', `${host} said: 554 Message rejected: Email address is not verified.`],
  [
    'sender',
    `${host} said: 550 The from address does not match a verified Sender Identity. Mail cannot be sent until this error is resolved.`,
  ],
  ['sender', `${host} said: 553 Relaying disallowed as root@nas.local`],
  ['sender', `${host} said: 550 Sender address is not allowed.`],
  [
    'sender-domain',
    `${host} said: 550 5.1.8 <a@nas.local>: Sender address rejected: Domain not found`,
  ],
  ['account-blocked', `${host} said: 550 5.1.8 Access denied, bad outbound sender.`],
  [
    'rate',
    `${host} said: 421-4.7.28 Gmail has detected an unusual rate of unsolicited mail originating from your IP address.`,
  ],
  ['rate', `${host} said: 550 5.4.5 Daily user sending limit exceeded.`],
  ['rate', `${host} said: 450 Mail send limit exceeded.`],
  ['rate', `${host} said: 432 4.3.2 Concurrent connections limit exceeded.`],
  ['rate', `${host} said: 454 Throttling failure: Maximum sending rate exceeded.`],
  ['rate', `${host} said: 454 Throttling failure: Daily message quota exceeded.`],
  ['rate', `${host} refused to talk to me: 421 Too many concurrent SMTP connections`],
  [
    'rate',
    `${host} said: 421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints`,
  ],
  ['mailbox-full', `${host} said: 452-4.2.2 The recipient's inbox is out of storage space.`],
  ['mailbox-full', `${host} said: 550 Quota Exceeded (in reply to end of DATA command)`],
  ['mailbox-full', `${host} said: 552 5.2.2 Mailbox is over quota`],
  ['size', 'message size 2746 exceeds size limit 1000 of server mail.isp.example[192.0.2.1]'],
  ['size', `${host} said: 552 5.3.4 Your message exceeded Google's message size limits.`],
  ['size', `${host} said: 552 Message too big for system`],
  ['greylisting', `${host} said: 450 4.2.0 <a@b.example>: Recipient address rejected: Greylisted`],
  ['greylisting', `${host} said: 451 4.7.1 Greylisting in action, please come back later`],
  [
    'address-reputation',
    `${host} refused to talk to me: 554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org`,
  ],
  [
    'address-reputation',
    `${host} said: 550-5.7.25 The IP address sending this message does not have a PTR record setup`,
  ],
  [
    'address-reputation',
    `${host} said: 450 4.7.1 Client host rejected: cannot find your hostname, [192.0.2.1]`,
  ],
  [
    'authenticity',
    `${host} said: 550-5.7.26 Your email has been blocked because the sender is unauthenticated.`,
  ],
  ['relaying', `${host} said: 554 5.7.1 <a@b.example>: Relay access denied (in reply to RCPT TO)`],
  ['relaying', `${host} said: 550-5.7.1 Invalid credentials for relay [192.0.2.1].`],
  ['content', `${host} said: 554 5.7.9 Message not accepted for policy reasons.`],
  [
    'content',
    `${host} said: 552-5.7.0 This message was blocked because its content presents a potential security issue.`,
  ],
  [
    'recipient',
    `${host} said: 550-5.1.1 The email account that you tried to reach does not exist.`,
  ],
  ['recipient', `${host} said: 550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found`],
  ['recipient', `${host} said: 550 Requested action not taken: mailbox unavailable`],
  ['certificate', 'Server certificate not verified'],
  ['certificate', 'Server certificate not trusted'],
  ['no-tls', 'TLS is required, but was not offered by host mail.isp.example[192.0.2.1]'],
  [
    'no-tls',
    'TLS is required, but host mail.isp.example[192.0.2.1] refused to start TLS: 454 4.7.0 TLS not available',
  ],
  ['tls-setup', 'TLS is required, but our TLS engine is unavailable'],
  ['tls-handshake', 'Cannot start TLS: handshake failure'],
  ['tlsa', 'no TLSA records found'],
  ['port-25', 'connect to mx.example.com[192.0.2.1]:25: Connection timed out'],
  [
    'port-25',
    'delivery temporarily suspended: connect to mx.example.com[192.0.2.1]:25: Connection timed out',
  ],
  ['no-answer', 'connect to mail.isp.example[192.0.2.1]:587: Connection timed out'],
  ['connection-refused', 'connect to mail.isp.example[192.0.2.1]:587: Connection refused'],
  ['no-network', 'connect to mail.isp.example[2001:db8::1]:587: Network is unreachable'],
  ['no-network', 'connect to mail.isp.example[192.0.2.1]:587: No route to host'],
  [
    'resolver',
    'Host or domain name not found. Name service error for name=isp.example type=MX: Host not found, try again',
  ],
  ['resolver', 'unable to look up host mail.isp.example: Temporary failure in name resolution'],
  [
    'name',
    'Host or domain name not found. Name service error for name=isp.example type=A: Host not found',
  ],
  ['name', 'unable to look up host nowhere.isp.example: Name or service not known'],
  ['loop', 'mail for example.com loops back to myself'],
  [
    'no-greeting',
    'lost connection with mail.isp.example[192.0.2.1] while receiving the initial server greeting',
  ],
  [
    'no-greeting',
    'conversation with mail.isp.example[192.0.2.1] timed out while receiving the initial server greeting',
  ],
  ['slow', 'conversation with mail.isp.example[192.0.2.1] timed out while sending message body'],
  ['connection-lost', 'lost connection with mail.isp.example[192.0.2.1] while sending MAIL FROM'],
  ['tables', 'address resolver failure'],
  ['server-disk', `${host} said: 452 4.3.1 Insufficient system storage`],
  ['mailbox', 'delivery failed to mailbox /var/mail/me/: cannot update mailbox'],
  ['service', 'mail transport unavailable'],
  ['later', `${host} said: 451 4.3.0 Temporary system problem. Try again later.`],
  ['later', `${host} refused to talk to me: 421 4.3.0 Temporary System Problem`],
  ['refused', `${host} said: 554 transaction failed`],
];

describe('what Postfix and the providers say', () => {
  it.each(TEXTS)('is known as %s: %s', (kind, text) => {
    expect(readDelivery(text)?.kind).toBe(kind);
  });

  it.each(providerReasons())('is known as %s in other words: %s', (kind, text) => {
    expect(readDelivery(text)?.kind).toBe(kind);
  });

  it.each<[Kind, string]>([
    ['later', 'host mx.spamhaus.example[185.7.25.3] said: 450 4.2.0 try again later'],
    ['later', 'host mx.dkim.example[2001:db8:530::535] said: 450 4.2.0 try again later'],
    ['recipient', `${host} said: 550 5.1.1 <virus@spf.example>: User unknown`],
    ['recipient', `${host} said: 550 5.1.1 throttling@spam.example: User unknown`],
    ['name', 'Name service error for name=spam.example type=A: Host not found'],
  ])('is known as %s, whatever names and addresses are in it: %s', (kind, text) => {
    expect(readDelivery(text)?.kind).toBe(kind);
  });

  it.each([
    'connect to mx.example.com[192.0.2.9]:25: Connection timed out',
    'configuration error',
    'certificate has expired',
    'lookup error',
  ])("is a server's trouble and not this relay's in a server's answer: %s", (words) => {
    expect(readDelivery(`${host} said: 451 4.3.0 ${words}`)?.kind).toBe('later');
  });

  it('is called unknown when it is, instead of being guessed at', () => {
    expect(readDelivery('something that nobody has ever said')).toBeUndefined();
  });
});
