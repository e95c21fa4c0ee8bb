import { any, type Rule } from './rule.ts';

/** What to do about a server that asks for a certificate of the client's. */
export const CLIENT_CERTIFICATE =
  'ask the provider for a server that takes a user name and a password without one; if you have such ' +
  'a certificate, mount it and name it with POSTFIX_smtp_tls_chain_files';

/** What is said of a domain that does not vouch for the server that its mail comes from. */
const UNVOUCHED: Omit<Rule, 'pattern'> = {
  trouble: 'authenticity',
  cause: "the sender's domain does not vouch for this server (SPF, DKIM or DMARC)",
  remedy: (of) =>
    'send from an address of the provider that is logged in to (RELAY_GENERIC), or have the ' +
    `domain's DNS allow the provider's servers; the provider is ${of('host')}`,
};

/**
 * Said with codes of its own (RFC 7372, Google, Microsoft), often as the reason of a limit: before
 * the words about limits.
 */
export const AUTHENTICITY: readonly Rule[] = [
  {
    ...UNVOUCHED,
    pattern: any(/[45]\.7\.2[3467]\b|[45]\.7\.3[02]\b|[45]\.7\.(509|515)\b/),
  },
];

/** Why servers refuse a connection, a message or a recipient. */
export const REFUSALS: readonly Rule[] = [
  {
    trouble: 'not wanted',
    pattern: any(
      /5\.7\.13[34]\b|SenderNotAuthenticatedFor|RST\.NotAuthorized/,
      /(envelope|manually) blocked|BLOCK-SEND-ER|address blacklisted|suppression list/,
      /rejected by (the )?recipient|user refused|policy rejection on the target/,
    ),
    cause: 'the recipient takes no mail from this sender, or the provider sends them none any more',
    remedy: () =>
      "ask the recipient, or the recipient's administrator, to let the sender in; a service for " +
      'sending keeps a list of those who get nothing (suppression list) on its web page',
  },
  {
    trouble: 'login missing',
    pattern: /client certificate/i,
    cause: 'the server wants a certificate of this relay',
    remedy: () => CLIENT_CERTIFICATE,
  },
  {
    trouble: 'login missing',
    pattern: any(
      /\b530\b/,
      /5\.7\.57/,
      /\bauth(entication)? (is )?required|AUTH command is required|pop.before.smtp|must be authenticated|not logged in/,
      /client (was |is )?not authenticated/,
      /unauthenticated (senders|commands)/,
      /turn on smtp auth|without authentication/,
    ),
    cause: 'the server wants a login, and none took place',
    remedy: (of) =>
      `give ${of('username')} and ${of('password')}; if they are given, the server offers no login ` +
      `on this port: use 587 or 465 (${of('port')})`,
  },
  {
    trouble: 'address reputation',
    pattern: any(
      /spamhaus|spamcop|sorbs|uceprotect|barracuda reputation|rx\.t-online/,
      /rdns|\b(DNS:NR|RTR:\w+)|permanently deferred|block for spam|554 .*not accepting connections|suspected spam ip/,
      /aup#\S*1(000|1\d\d|2\d\d)|aup#(\S*ipbl|cxbl|cxdns|cdrbl)/,
      /blocked using|dnsbl|\brbl\b|black[- ]?list(?!ed url)|block ?list|ipcheck\./,
      /listed (at|in|on|by) \S*\./,
      /5\.7\.606|5\.7\.511|banned sending ip/,
      /client host (rejected|.*blocked)/,
      /send email directly to our servers/,
      /(poor|bad|low) reputation(?! of the sending domain)|due to listing in/,
      /PTR (resource )?record|[45]\.7\.25\b/,
      /(cannot|could not|unable to) find your (reverse )?hostname|reverse dns/,
      /dynamic ip|residential|dial-?up/,
    ),
    cause: "the server refuses mail from this connection's Internet address",
    remedy: (of) =>
      `send through a provider's submission server (${of('host')}, port 587, with a login) instead ` +
      'of straight from a home connection',
  },
  {
    ...UNVOUCHED,
    pattern: any(
      /unauthenticated|spoof|authentication (information|checks)|auth guards|cxsndr/,
      /\bSPF\b|\bDKIM\b|\bDMARC\b|mismatches client ip/,
    ),
  },
  {
    trouble: 'relaying',
    pattern: any(
      /relay(ing)? (access )?(denied|not (permitted|allowed)|disallowed)/,
      /unable to relay|not permitted to relay|as a relay/,
      /5\.7\.54/,
      /credentials for relay|list of allowed rcpthosts|unauthori[sz]ed relay|not a gateway|relaying .*prohibited|local user only/,
    ),
    cause: 'the server does not send mail on for this relay: most do it for those alone who log in',
    remedy: (of) =>
      `give ${of('username')} and ${of('password')} and use the submission port (${of('port')}: 587); ` +
      'if they are given, the server offers no login there, or lets this one send to nobody else: ' +
      '"hikyaku doctor" tells which',
  },
  {
    trouble: 'format',
    pattern: /SMTPUTF8 is required/i,
    cause: 'an address has letters beyond ASCII, and the server takes none such',
    remedy: () => 'use an address in plain letters, in the program that sends',
  },
  {
    trouble: 'format',
    pattern: any(
      /missing a (valid )?(message-id|address|header)/,
      /RFC.?\d* ?compliant/,
      /(message|header\w*) (is|are) malformed|invalid header|mime error|invalid structure|missing \S+ header/,
      /line (is )?too long|line length/,
      /(bare|lone) ?<?(lf|cr|linefeed)/,
    ),
    cause: 'the message is not in order: header fields, line ends, or a line that is too long',
    remedy: () =>
      'have the program that sends set From, Date and Message-ID, end its lines in CRLF, and keep ' +
      'them under 998 characters; another program on the same machine shows whether it is this one',
  },
  {
    trouble: 'content',
    pattern: any(
      /\bspam\b|spamassassin|unsolicited|virus(?!_?scan| scan)|DT:SPM/,
      /policy (reasons|restrictions|violation|rejection)|(local|security) polic|by policy|mailpolicy/,
      /content .*(blocked|reject|denied|presents)|prohibited content|content filter|banned|attachment type|5\.7\.0 .*blocked/,
      /(illegal|forbidden|dangerous) attachment|attachment .*(forbidden|not allowed|rejected)|gtube|malware|phishing|junk ?mail/,
      /reputation of the sending domain|surbl|uribl|blacklisted url|urlbl|mail rejete|message not allowed/,
      /likely suspicious|message filtered|administrative prohibition/,
    ),
    cause: 'the server takes the message for spam or for dangerous',
    remedy: () => 'look at what the message holds (attachments, links) and at its sender address',
  },
  {
    trouble: 'recipient',
    pattern: any(
      /[45]\.1\.(1|2|3|6|10)\b|5\.4\.1\b|5\.1\.0\b.*address rejected/,
      /user unknown|addressee unknown|unknown (user|recipient|local)/,
      /no such (user|recipient|mailbox)|invalid (recipient|mailbox)|unrouteable/,
      /recipient (address )?(rejected|not found)/,
      /mailbox (is )?(unavailable|disabled|not found)|account (\w+ ){0,8}is (disabled|inactive)/,
      /archived recipient|no such person|recipient not allowed|user not local|account not found/,
      /(address|recipient) unknown|recipient cannot be verified|said: 5\d\d[ -]5\.4\.4\b/,
      /does not (exist|accept mail)|doesn't have (a|an) |no longer valid|null ?MX/,
    ),
    cause: 'there is no such recipient',
    remedy: () => 'correct the address in the program that sends; look also at RELAY_VIRTUAL',
  },
];
