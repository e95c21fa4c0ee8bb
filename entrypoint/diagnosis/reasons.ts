/**
 * What Postfix and the big providers say when mail waits or comes back, in plain words. The first
 * rule that matches counts, so what is particular stands before what is general.
 *
 * Sources: the texts in Postfix 3.10 (src/smtp, src/dns, src/qmgr, src/virtual), provoked one by
 * one with the tests' provider; Google's "Gmail SMTP errors and codes"; Microsoft's "Non-delivery
 * reports in Exchange Online"; Yahoo's "SMTP error codes"; Amazon's "SMTP response codes returned by
 * Amazon SES"; IONOS' and GMX' postmaster pages; RFC 3463 and RFC 5248 for the codes themselves.
 */
import type { SettingName } from './servers.ts';

/** What kind of trouble it is; several texts mean the same. */
export type Trouble =
  | 'app password'
  | 'sign in'
  | 'login disabled'
  | 'login locked'
  | 'password'
  | 'mechanisms'
  | 'login missing'
  | 'sender'
  | 'sender domain'
  | 'account blocked'
  | 'rate'
  | 'mailbox full'
  | 'size'
  | 'greylisting'
  | 'address reputation'
  | 'authenticity'
  | 'content'
  | 'relaying'
  | 'recipient'
  | 'certificate'
  | 'no TLS'
  | 'TLS handshake'
  | 'TLSA'
  | 'TLS set-up'
  | 'port 25'
  | 'no answer'
  | 'connection refused'
  | 'no network'
  | 'resolver'
  | 'name'
  | 'greeting'
  | 'slow'
  | 'connection lost'
  | 'loop'
  | 'tables'
  | 'disk'
  | 'mailbox'
  | 'service'
  | 'later'
  | 'refused';

export interface Rule {
  readonly trouble: Trouble;
  readonly pattern: RegExp;
  readonly cause: string;
  /** What to do; `of` names a setting of the server in question. */
  readonly remedy: (of: SettingName) => string;
}

const LOGIN: readonly Rule[] = [
  {
    trouble: 'app password',
    pattern: /534[ -]5\.7\.9|InvalidSecondFactor|app(lication)?([ -]specific)?[ -]password/i,
    cause: 'the provider wants an app password here, not the password of the account',
    remedy: (of) =>
      `make an app password in the account's security settings and give it as ${of('password')}`,
  },
  {
    trouble: 'sign in',
    pattern:
      /534[ -]5\.7\.14|WebLoginRequired|via your web browser|#MBR\d+|verify (your )?account/i,
    cause: 'the provider wants the owner of the account to sign in on its web page first',
    remedy: (of) =>
      `sign in there with a browser and confirm; then make an app password for ${of('password')}`,
  },
  {
    trouble: 'login disabled',
    pattern: /5\.7\.139(?!.*credentials were incorrect)|SmtpClientAuth|basic auth\w* is disabled/i,
    cause: 'the provider has switched this way of logging in off for the account (SMTP AUTH)',
    remedy: () =>
      'have the mailbox\'s administrator allow "Authenticated SMTP" (Microsoft 365: Mail, Manage ' +
      'email apps; security defaults off), or use another provider to send',
  },
  {
    trouble: 'login locked',
    pattern:
      /#?AUTH005|too many (bad |failed |invalid )?(auth|login)|account .*(locked|suspended)/i,
    cause: 'the provider has locked the login for a while after too many wrong attempts',
    remedy: (of) =>
      `correct ${of('username')} and ${of('password')} first, then wait an hour before the next try`,
  },
  {
    trouble: 'rate',
    pattern: /maximum credits exceeded/i,
    cause: 'the provider takes no more mail from this account for now',
    remedy: () => 'raise the limit at the provider, or wait until it starts anew',
  },
  {
    trouble: 'password',
    pattern: /\b535\b|5\.7\.8\b|BadCredentials|Username and Password not accepted/i,
    cause: 'the provider refuses this user name and password',
    remedy: (of) =>
      `correct ${of('username')} (often the whole address) and ${of('password')}; Gmail, Yahoo, ` +
      'iCloud and others want an app password here',
  },
  {
    trouble: 'mechanisms',
    pattern:
      /no mechanism available|No worthy mechs|no compatible auth|no supported AUTH|null AUTH/i,
    cause: 'the server and this relay have no way of logging in in common (SASL mechanism)',
    remedy: (of) =>
      `see with "hikyaku doctor" what the server offers, and change ${of('mechanisms')}`,
  },
  {
    trouble: 'no TLS',
    pattern: /must issue a STARTTLS|530.*STARTTLS|TLS required for/i,
    cause: 'the server wants the connection to be encrypted',
    remedy: (of) => `set ${of('tls')} to verify or encrypt`,
  },
  {
    trouble: 'login missing',
    pattern: /\b530\b|5\.7\.57|authentication (is )?required|client (was |is )?not authenticated/i,
    cause: 'the server wants a login, and none took place',
    remedy: (of) =>
      `give ${of('username')} and ${of('password')}; if they are given, the server offers no login ` +
      `on this port: use 587 or 465 (${of('port')})`,
  },
  {
    trouble: 'later',
    pattern: /SASL authentication failed; server .* said: 4|temporary authentication/i,
    cause: "the provider's login service does not work at the moment",
    remedy: () => 'nothing: Postfix tries again by itself',
  },
];

const SENDERS: readonly Rule[] = [
  {
    trouble: 'account blocked',
    pattern:
      /bad outbound sender|5\.7\.501|5\.7\.705|5\.7\.708|spam abuse detected|5\.4\.6 unusual/i,
    cause: 'the provider has blocked the account or its network because of the mail it sent',
    remedy: () =>
      'find the machine that sends too much (hikyaku queue), then have the provider lift the block',
  },
  {
    trouble: 'sender',
    pattern:
      /not owned by|SendAsDenied|5\.7\.60\b|5\.2\.252|not? permissions? to send as|from address (is )?not (one of|verified)|sender address (is )?not allowed|does not match a verified sender|email address is not verified|relaying disallowed as|not allowed to send (mail |email )?(from|as)|sender address rejected: (not (owned|logged)|access)|not (authorized|permitted) to (send|use).*(from|sender|address)/i,
    cause: 'the provider does not let this login send mail from that sender address',
    remedy: (of) =>
      "rewrite it to the account's own address (RELAY_GENERIC=@made-up.name=me@provider.example), " +
      `give that sender its own login (accounts), or log in as its owner (${of('username')})`,
  },
  {
    trouble: 'sender domain',
    pattern:
      /sender address rejected: (domain|need fully)|sender('s)? domain .*(exist|resolve|valid)/i,
    cause: "the sender's domain does not exist on the Internet",
    remedy: () =>
      'rewrite made-up addresses to a real one: RELAY_GENERIC=@made-up.name=me@provider.example, ' +
      'or RELAY_MYORIGIN for mail from bare user names',
  },
];

const LIMITS: readonly Rule[] = [
  {
    trouble: 'rate',
    pattern:
      /4\.7\.28|5\.4\.5|sending (limit|quota)|send limit|rate limit|throttl|unusual rate|too (many (messages|mails|emails|connections|concurrent|recipients)|quickly)|concurrent connections|quota ?exceeded ?exception|daily message quota|messages per (hour|day|minute)|\[?TSS0\d|\[GL01\]|peak SMTP relay limit|server busy|message count quota/i,
    cause: 'the provider takes only so much mail in a given time',
    remedy: (of) =>
      'nothing at once: Postfix tries again by itself. If it lasts: look which machine sends so much ' +
      `(hikyaku queue), lower ${of('connections')}, or ask the provider for a higher limit`,
  },
  {
    trouble: 'mailbox full',
    pattern:
      /[45]\.2\.2\b|over ?quota|mailbox (is )?full|out of storage|quota ?exceeded|exceeded .*quota/i,
    cause: "the recipient's mailbox is full",
    remedy: () => 'the recipient has to make room there; nothing to change here',
  },
  {
    trouble: 'size',
    pattern:
      /message size \d+ exceeds size limit|[45]\.3\.4\b|[45]\.2\.3\b|message (file )?(size )?(is )?(too (big|large|long)|exceeds)|exceed\w* .*(message )?size|\b552\b.*size/i,
    cause: 'the message is larger than the server takes',
    remedy: () =>
      'send large files another way; set RELAY_MESSAGE_SIZE to what "hikyaku doctor" says the server ' +
      'takes, so that a client is told at once',
  },
  {
    trouble: 'greylisting',
    pattern: /gr[ae]y-?list|try again in \d+ (seconds|minutes)|please retry in \d+/i,
    cause: 'the server makes unknown senders wait (greylisting)',
    remedy: () => 'nothing: Postfix tries again by itself within half an hour',
  },
];

const REFUSALS: readonly Rule[] = [
  {
    trouble: 'address reputation',
    pattern:
      /spamhaus|blocked using|dnsbl|black-?list|block ?list|5\.7\.606|5\.7\.511|banned sending ip|(poor|bad|low) reputation|PTR record|5\.7\.25|(cannot|could not|unable to) find your (reverse )?hostname|reverse dns|dynamic ip|residential|dial-?up/i,
    cause: "the server refuses mail from this connection's Internet address",
    remedy: (of) =>
      `send through a provider's submission server (${of('host')}, port 587, with a login) instead ` +
      'of straight from a home connection',
  },
  {
    trouble: 'authenticity',
    pattern: /5\.7\.26|5\.7\.23|5\.7\.509|5\.7\.515|unauthenticated|\bSPF\b|\bDKIM\b|\bDMARC\b/i,
    cause: "the sender's domain does not vouch for this server (SPF, DKIM or DMARC)",
    remedy: (of) =>
      'send from an address of the provider that is logged in to (RELAY_GENERIC), or have the ' +
      `domain's DNS allow the provider's servers; the provider is ${of('host')}`,
  },
  {
    trouble: 'relaying',
    pattern:
      /relay(ing)? (access )?(denied|not (permitted|allowed)|disallowed)|unable to relay|5\.7\.54|credentials for relay|not permitted to relay/i,
    cause: 'the server sends mail on only for those who have logged in, and none did',
    remedy: (of) =>
      `give ${of('username')} and ${of('password')} and use the submission port (${of('port')}: 587)`,
  },
  {
    trouble: 'content',
    pattern:
      /\bspam\b|policy (reasons|restrictions|violation)|content .*(blocked|reject|presents)|virus|5\.7\.0 .*blocked|unsolicited/i,
    cause: 'the server takes the message for spam or for dangerous',
    remedy: () => 'look at what the message holds (attachments, links) and at its sender address',
  },
  {
    trouble: 'recipient',
    pattern:
      /5\.1\.[12]\b|5\.1\.10|5\.4\.1\b|user unknown|no such (user|recipient|mailbox)|unknown (user|recipient|local)|recipient (address )?(rejected|not found)|mailbox (is )?(unavailable|disabled|not found)|does not (exist|accept mail)|null ?MX/i,
    cause: 'there is no such recipient',
    remedy: () => 'correct the address in the program that sends; look also at RELAY_VIRTUAL',
  },
];

const ENCRYPTION: readonly Rule[] = [
  {
    trouble: 'certificate',
    pattern:
      /Server certificate not (verified|trusted)|certificate (verification failed|has expired)/i,
    cause: "the server's certificate is not good: expired, of another name, or from an unknown CA",
    remedy: (of) =>
      `see with "hikyaku doctor" which; give the name that is in it as ${of('host')}, or its CA as ` +
      `${of('ca_file')}`,
  },
  {
    trouble: 'no TLS',
    pattern: /TLS is required, but (was not offered|host)/i,
    cause: 'the server offers no encryption here (STARTTLS), or somebody on the way takes it out',
    remedy: (of) =>
      `use the provider's port for it, 587 or 465 (${of('port')}); only if the server really has ` +
      `none and no password is sent, set ${of('tls')} to opportunistic`,
  },
  {
    trouble: 'TLSA',
    pattern: /TLSA|DANE|non DNSSEC/,
    cause: 'the server has no signed fingerprint of its certificate in the DNS (DANE)',
    remedy: (of) => `set ${of('tls')} to verify, or use a resolver that checks DNSSEC`,
  },
  {
    trouble: 'TLS handshake',
    pattern: /Cannot start TLS|TLS handshake/i,
    cause: 'no encrypted connection came about: other versions of TLS, or no TLS on this port',
    remedy: (of) =>
      `with port 465 TLS starts at once, with 587 after STARTTLS: check ${of('port')}; a server that ` +
      'knows nothing newer than TLS 1.1 has to be renewed',
  },
  {
    trouble: 'TLS set-up',
    pattern: /TLS engine is unavailable|client TLS configuration problem/i,
    cause: "Postfix's own encryption does not start, most likely because of the CA file",
    remedy: (of) => `check ${of('ca_file')}: a readable file of certificates in PEM form`,
  },
];

const CONNECTION: readonly Rule[] = [
  {
    trouble: 'port 25',
    pattern: /connect to .*\]:25: (Connection|Operation) timed out/i,
    cause: 'port 25 does not answer: most providers of home connections block it outwards',
    remedy: (of) =>
      `send through your provider's submission server: ${of('host')} with ${of('port')}=587 and a ` +
      'login; or have port 25 opened',
  },
  {
    trouble: 'no answer',
    pattern: /connect to .*timed out/i,
    cause: 'the server does not answer: it is away, or a firewall swallows the connection',
    remedy: (of) => `check ${of('host')} and ${of('port')}, and firewalls between here and there`,
  },
  {
    trouble: 'connection refused',
    pattern: /Connection refused/i,
    cause: 'nothing listens on that port of the server',
    remedy: (of) => `check ${of('host')} and ${of('port')} (587 or 465 at most providers)`,
  },
  {
    trouble: 'no network',
    pattern: /Network is unreachable|No route to host|Address family not supported/i,
    cause: 'this container has no way to that address: no network, or no IPv6',
    remedy: () =>
      "check the container's network and the host's connection; without IPv6: " +
      'POSTFIX_inet_protocols=ipv4',
  },
  {
    trouble: 'resolver',
    pattern:
      /Host not found, try again|Temporary failure in name resolution|Name service error.*(SERVFAIL|timed out)/i,
    cause: 'the DNS server that this container asks does not answer',
    remedy: () => "check the host's connection and DNS, and the container's (dns: in compose.yaml)",
  },
  {
    trouble: 'name',
    pattern:
      /Host or domain name not found|Name or service not known|Host not found|unable to look up host|no (MX|SRV) host for|No address associated/i,
    cause: 'there is no host of that name in the DNS',
    remedy: (of) => `check the spelling of ${of('host')}, or the recipient's domain`,
  },
  {
    trouble: 'loop',
    pattern: /loops back to myself|forwarding loop|too many hops|my own hostname/i,
    cause: 'the mail would come back to this relay',
    remedy: () =>
      'give the outside address of the NAT as RELAY_PROXY_INTERFACES, and check RELAY_MYHOSTNAME ' +
      'and RELAY_HOST: neither may be the other',
  },
  {
    trouble: 'greeting',
    pattern: /(timed out|lost connection with .*) while receiving the initial server greeting/i,
    cause: 'the server takes the connection and says nothing',
    remedy: (of) =>
      `a port with TLS from the first byte is 465: check ${of('port')}; else the server is overloaded`,
  },
  {
    trouble: 'slow',
    pattern: /conversation with .* timed out/i,
    cause: 'the server stopped answering in the middle of the conversation',
    remedy: () =>
      'nothing at once: Postfix tries again by itself; if it lasts, check the connection',
  },
  {
    trouble: 'connection lost',
    pattern: /lost connection with/i,
    cause: 'the connection broke in the middle of the conversation',
    remedy: () => 'nothing at once: Postfix tries again by itself; if it lasts, ask the provider',
  },
];

const INSIDE: readonly Rule[] = [
  {
    trouble: 'tables',
    pattern: /address resolver failure|lookup error|map lookup problem|(mysql|pgsql|sqlite):/i,
    cause: 'a table or the database of accounts cannot be read',
    remedy: () =>
      'check that the database runs and lets this relay in (RELAY_DATABASE_HOSTS, ' +
      'RELAY_DATABASE_USER, RELAY_DATABASE_PASSWORD); "hikyaku doctor" says which table it is',
  },
  {
    trouble: 'disk',
    pattern: /Insufficient system storage|queue file write error|No space left/i,
    cause: 'the disk with the queue is full',
    remedy: () =>
      "make room on the volume of /var/spool/postfix, or on the recipient server's disk",
  },
  {
    trouble: 'mailbox',
    pattern: /delivery failed to mailbox|maildir delivery failed|cannot update mailbox/i,
    cause: 'the mail cannot be put into the mailbox here',
    remedy: () => 'check that /var/mail is a volume that can be written, and has room',
  },
  {
    trouble: 'service',
    pattern:
      /mail transport unavailable|unknown mail transport error|configuration (error|problem)/i,
    cause: 'a part of Postfix does not work',
    remedy: () => 'look in the container\'s log for the line with "fatal" or "warning" before it',
  },
];

const GENERAL: readonly Rule[] = [
  {
    trouble: 'later',
    pattern: /(said|talk to me): 4\d\d/i,
    cause: 'the server did not take the message this time',
    remedy: () => 'nothing at once: Postfix tries again by itself',
  },
  {
    trouble: 'refused',
    pattern: /(said|talk to me): 5\d\d/i,
    cause: 'the server refuses the message for good',
    remedy: () => "the server's own words say why",
  },
];

/** The whole table, in the order in which it is searched. */
export const RULES: readonly Rule[] = [
  ...LOGIN,
  ...SENDERS,
  ...LIMITS,
  ...REFUSALS,
  ...ENCRYPTION,
  ...CONNECTION,
  ...INSIDE,
  ...GENERAL,
];
