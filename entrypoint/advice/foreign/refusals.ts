import { type Rule, rule } from './rule.ts';

/**
 * Said with codes of its own (RFC 7372, Google, Microsoft), often as the reason of a limit: before
 * the words about limits.
 */
export const AUTHENTICITY: readonly Rule[] = [
  rule('authenticity', /[45]\.7\.2[3467]\b|[45]\.7\.3[02]\b|[45]\.7\.(509|515)\b/),
];

/** Why servers refuse a connection, a message or a recipient. */
export const REFUSALS: readonly Rule[] = [
  rule(
    'not-wanted',
    /5\.7\.13[34]\b|SenderNotAuthenticatedFor|RST\.NotAuthorized/,
    /(envelope|manually) blocked|BLOCK-SEND-ER|address blacklisted|suppression list/,
    /rejected by (the )?recipient|user refused|policy rejection on the target/,
  ),
  rule('client-certificate', /client certificate/),
  rule(
    'login-wanted',
    /\b530\b/,
    /5\.7\.57/,
    /\bauth(entication)? (is )?required|AUTH command is required|pop.before.smtp|must be authenticated|not logged in/,
    /client (was |is )?not authenticated/,
    /unauthenticated (senders|commands)/,
    /turn on smtp auth|without authentication/,
  ),
  rule(
    'address-reputation',
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
  rule(
    'authenticity',
    /unauthenticated|spoof|authentication (information|checks)|auth guards|cxsndr/,
    /\bSPF\b|\bDKIM\b|\bDMARC\b|mismatches client ip/,
  ),
  rule(
    'relaying',
    /relay(ing)? (access )?(denied|not (permitted|allowed)|disallowed)/,
    /unable to relay|not permitted to relay|as a relay/,
    /5\.7\.54/,
    /credentials for relay|list of allowed rcpthosts|unauthori[sz]ed relay|not a gateway|relaying .*prohibited|local user only/,
  ),
  rule(
    'format',
    /missing a (valid )?(message-id|address|header)/,
    /RFC.?\d* ?compliant/,
    /(message|header\w*) (is|are) malformed|invalid header|mime error|invalid structure|missing \S+ header/,
    /line (is )?too long|line length/,
    /(bare|lone) ?<?(lf|cr|linefeed)/,
  ),
  rule(
    'content',
    /\bspam\b|spamassassin|unsolicited|virus(?!_?scan| scan)|DT:SPM/,
    /policy (reasons|restrictions|violation|rejection)|(local|security) polic|by policy|mailpolicy/,
    /content .*(blocked|reject|denied|presents)|prohibited content|content filter|banned|attachment type|5\.7\.0 .*blocked/,
    /(illegal|forbidden|dangerous) attachment|attachment .*(forbidden|not allowed|rejected)|gtube|malware|phishing|junk ?mail/,
    /reputation of the sending domain|surbl|uribl|blacklisted url|urlbl|mail rejete|message not allowed/,
    /likely suspicious|message filtered|administrative prohibition/,
  ),
  rule(
    'recipient',
    /[45]\.1\.(1|2|3|6|10)\b|5\.4\.1\b|5\.1\.0\b.*address rejected/,
    /user unknown|addressee unknown|unknown (user|recipient|local)/,
    /no such (user|recipient|mailbox)|invalid (recipient|mailbox)|unrouteable/,
    /recipient (address )?(rejected|not found)/,
    /mailbox (is )?(unavailable|disabled|not found)|account (\w+ ){0,8}is (disabled|inactive)/,
    /archived recipient|no such person|recipient not allowed|user not local|account not found/,
    /(address|recipient) unknown|recipient cannot be verified|^5\d\d[ -]5\.4\.4\b/,
    /does not (exist|accept mail)|doesn't have (a|an) |no longer valid|null ?MX/,
  ),
];
