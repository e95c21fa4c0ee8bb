import type { Kind } from '../../../../entrypoint/advice/trouble.ts';

/** Where a text stands in what Postfix says of a delivery. */
export interface Texts {
  /** A server's answer to a login. */
  readonly atLogin?: readonly string[];
  /** A server's answer to a command. */
  readonly ofHost?: readonly string[];
  /** A server's greeting. */
  readonly atGreeting?: readonly string[];
  /** What Postfix says of its own. */
  readonly ofPostfix?: readonly string[];
}

/**
 * What servers and providers answer, by what is the matter: from the providers' own pages, from
 * Postfix, Exim, Sendmail, Exchange and Dovecot, and from what people quoted in public when their
 * mail did not arrive.
 */
export const PROVIDER_TEXTS: Readonly<Partial<Record<Kind, Texts>>> = {
  'app-password': {
    atLogin: [
      '534 5.7.9 Application-specific password required. Learn more at https://support.google.com/mail/?p=InvalidSecondFactor x-y - gsmtp',
      '535 5.7.0 Incorrect username or password. (use an app password, https://www.fastmail.com/go/appPassword)',
      '535 5.7.8 Error: authentication failed: NEOBHODIM parol prilozheniya / Application password is REQUIRED',
      '535 5.7.8 Error: authentication failed: NEOBHODIM parol prilozheniya',
      '535 Login Fail. Please enter your authorization code to login. More information in http://service.mail.qq.com',
    ],
  },
  'sign-in': {
    atLogin: [
      '534-5.7.9 Please log in with your web browser and then try again. For more information, go to 534 5.7.9 https://support.google.com/mail/?p=WebLoginRequired',
      '535-5.7.1 Please log in with your web browser and then try again. Learn more at 535 5.7.1 https://support.google.com/mail/answer/78754',
    ],
  },
  password: {
    atLogin: [
      '454 4.7.0 Invalid credentials',
      '535 Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy.',
      '535 5.7.0 (#AUTH012) Incorrect username or password.',
      '535 Authentication Credentials Invalid',
      '535 Authentication failed: Bad username / password',
      '535 Authentication failed: The provided authorization grant is invalid, expired, or revoked',
      '535 5.7.0 Mailgun is not loving your login or password',
      '535 Incorrect authentication data',
      '535 5.7.8 Error: authentication failed: (reason unavailable)',
      '535 Authentication Failed',
      '535 5.7.1 Authentication failed',
      '535 5.7.0 authentication failed',
      '501 5.5.2 Cannot Decode response 41be03b00d2f7',
      '501 5.7.0 Authentication failed',
      '550 5.7.1 Authentication failed',
    ],
  },
  'login-disabled': {
    atLogin: [
      '550 5.7.30 Basic authentication is not supported for Client Submission.',
      '535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully. Contact your administrator.',
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy. Contact your administrator.",
      '535 5.7.8 Error: authentication failed: This user does not have access rights to this service',
      '535 5.7.0 SMTP AUTH is not enabled for this account',
      '550 User has no permission',
    ],
  },
  'login-locked': {
    atLogin: [
      '421 4.7.0 Too many login attempts, please try again later.',
      '535 5.7.0 Account temporarily locked due to too many failed attempts',
      '421 4.7.0 mail.isp.example Error: too many failed authentication attempts',
      '535 5.7.8 Error: authentication failed: Account is locked',
      '454 4.7.0 Too many failed logins, try again in 30 minutes',
    ],
  },
  later: {
    ofPostfix: [],
    atLogin: [],
    atGreeting: ['421 4.3.2 Service not available, closing transmission channel'],
    ofHost: [
      '421 4.7.0 Temporary System Problem. Try again later (DATA).',
      '451 4.5.0 Error in processing, id=07411-04, virus_scan FAILED: ALL VIRUS SCANNERS FAILED',
      '451 4.3.5 Server configuration problem',
      '451 4.3.0 <root@nas.example>: Temporary lookup failure',
      '421 4.4.2 mail.isp.example Error: timeout exceeded',
    ],
  },
  mechanisms: {
    ofPostfix: [],
    atLogin: [
      '504 5.7.4 Unrecognized authentication type',
      '535 5.7.3 mechanism not supported',
      '504 5.5.4 AUTH mechanism PLAIN is not supported',
    ],
  },
  'tls-wanted': {
    atLogin: ['538 5.7.11 Encryption required for requested authentication mechanism'],
    ofHost: [
      '530 Must issue a STARTTLS command first',
      '523 5.7.10 Encryption needed to use mechanism',
      "421-4.7.29 Your email has been rate limited because this message wasn't sent over a TLS connection.",
      '550-5.7.29 This message was not sent over a TLS connection. Gmail requires all bulk email senders to use TLS/SSL for SMTP connections.',
    ],
  },
  'allow-list': {
    atLogin: [
      '525 5.7.1 Unauthorized IP address. Authorise it at https://app.brevo.com/security/authorised_ips',
    ],
  },
  trial: {
    atLogin: [
      '502 5.7.0 Your SMTP account is not yet activated. Please contact us to request activation.',
    ],
    ofHost: [
      '550 5.7.1 Recipient is not one of the authorized recipients of a sandbox domain',
      '550 5.7.1 Sandbox subdomains are for test purposes only. Please add your own domain or add the address to authorized recipients in Account Settings.',
      '421 Domain sandbox.mailgun.org is not allowed to send: Free accounts are for test purposes only. Please upgrade or add the address to authorized recipients in Account Settings.',
      '554 5.7.1 Your account is pending approval; all recipient addresses must share the same domain as the From address',
      '421 4.7.1 Temporarily disabled; Business verification required',
    ],
  },
  'account-blocked': {
    ofHost: [
      '554 Message rejected: Sending suspended for this account. For more information, please check the inbox of the email address associated with your AWS account.',
      '554 5.1.8 Email Outgoing Blocked.',
      '550 5.7.1 Your account has been suspended for abuse',
      '550 5.4.6 Unusual sending activity detected. Please try after sometime',
      '454 Temporary service failure: Sending paused for this account',
      '554 Message rejected: Your account is currently paused from sending',
    ],
    atLogin: ['535 5.7.1 Your account has been blocked for spam, please contact support'],
  },
  permission: {
    ofHost: [
      "554 Access denied: User `arn:aws:iam::1234:user/ses' is not authorized to perform `ses:SendRawEmail' on resource `arn:aws:ses:eu-west-1:1234:identity/x.example'",
    ],
  },
  sender: {
    ofHost: [
      '550 5.7.1 Client does not have permissions to send as this sender',
      '551 5.7.1 Not authorised to send from this header address',
      '550 5.7.0 You are not allowed to use that sender address',
      '501 mail from address must be same as authorization user.',
      '553 Mail from must equal authorized user',
      '550 5.7.1 The From address you supplied is not a Sender Signature on your account.',
      '403 You are not authorized to send from that email address',
      '550 5.7.1 Domain foo.example is not allowed to send: The domain is unverified and requires DNS configuration.',
      '550 5.7.1 Unconfigured Sending Domain <nas.example>',
      '550 5.7.1 Sender address root@nas.example is not permitted for your account',
      '550 Sending from domain nas.example as hoge is not permitted',
      '550 5.7.0 From address is not authorized for this account',
      '550 5.7.1 Sender not authorized',
      '501 Sender email is not in my domain',
      '550 5.7.1 Authenticated user may not use this From',
      '530 Sender rejected',
      '550 5.7.1 Sender rejected by policy',
      '501 5.0.1 Emetteur invalide. Invalid Sender. OFR_415',
      '550 Error: MAIL FROM is mismatched with message header from address!',
      '550 5.1.0 <root@nas.example> sender rejected : AUP#I-1500',
      '530 From/Sender domain is not verified for this workspace. From: root@nas.example',
      '550-5.7.1 Unable to relay from sender; the sender domain or address has not been verified',
      '553 5.7.1 <root@nas.example>: Sender address rejected: not owned by auth user.',
      '550 5.7.750 Service unavailable. Client blocked from sending from unregistered domains.',
      '553 Relaying disallowed. Invalid Domain - nas.example',
      '550 5.1.0 <root@nas.example>: Sender address rejected: User unknown in virtual mailbox table',
      '550 5.1.7 <root@nas.example>: Sender address rejected: undeliverable address: unknown user',
      '450 4.1.7 <root@nas.example>: Sender address rejected: unverified address: host said: 550',
    ],
  },
  'sender-domain': {
    ofHost: [
      '550-Verification failed for <root@nas.example> 550-Unrouteable address 550 Sender verify failed',
      '550 5.1.0 root@nas sender rejected : invalid sender domain',
      '450 4.1.8 <root@nas.example>: Sender address rejected: Domain not found',
      '550-Requested action not taken: mailbox unavailable 550 invalid DNS MX or A/AAAA resource record',
      '550 5.1.8 Sender domain not found',
      '550 Verify mailfrom failed,blocked',
      '550 5.7.27 Sender address has null MX',
      '553-5.1.2 The sender address <root@nas+home.example> is not a valid 553 5.1.2 RFC-5321 address.',
      '501 5.1.7 Bad sender address syntax',
      '501 5.1.7 Invalid address [SN1NAM02FT012.eop-nam02.prod.protection.outlook.com]',
      '451 Message temporarily deferred due to unresolvable RFC.5321 from domain.',
      '501 Invalid MAIL FROM address provided',
      '553 5.1.8 <root@nas.local>... Domain of sender address root@nas.local does not exist',
      '553 5.5.4 <root@nas>... Domain name required for sender address root@nas',
    ],
  },
  'login-wanted': {
    ofHost: [
      '550 Cannot receive from specified address <root@nas.example>: Unauthenticated senders not allowed',
      '502-5.7.0 Unauthenticated senders not allowed.',
      '554 5.7.0 Too Many Unauthenticated commands',
      '530-5.5.1 Authentication Required. Learn more at 530 5.5.1 https://support.google.com/mail/?p=WantAuthError',
      '550 5.1.0 Authentication required',
      '553 5.7.3 authentication is required',
      '550-Please turn on SMTP Authentication in your mail client. x is not permitted to relay through this server without authentication.',
      '550 5.7.1 Client was not authenticated',
      '530 5.7.57 Client not authenticated to send mail.',
      '503 AUTH command is required before MAIL',
      '550 must be authenticated',
      '553 5.7.1 <root@nas.example>: Sender address rejected: not logged in',
      '503 5.5.0 AUTH required',
      '550 5.7.1 POP before SMTP required',
    ],
  },
  helo: {
    ofHost: [
      '504 5.5.2 <nas>: Helo command rejected: need fully-qualified hostname',
      '450 4.7.1 <nas.home.arpa>: Helo command rejected: Host not found',
      '550 Access denied - Invalid HELO name (See RFC2821 4.1.1.1)',
      '501 5.5.2 Syntax error in HELO/EHLO argument',
      '554 5.7.1 <localhost>: Helo command rejected: Access denied',
      '550 EHLO argument does not match calling host',
      '550 5.7.1 HELO does not resolve',
    ],
  },
  rate: {
    ofHost: [
      '432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded',
      '554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed to process message due to a permanent exception',
      "550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
      '450 4.7.1 Error: too much mail from 192.0.2.7',
      '452 4.5.3 Error: too many recipients',
      '452 Too many recipients received this hour',
      '550 Domain nas.example has exceeded the max emails per hour (100/100 (100%)) allowed. Message discarded.',
      '550 User x has exceeded its 24-hour sending limit. Messages to 250 recipients out of 250 allowed have been sent.',
      '554 5.7.1 You have exceeded your daily quota of outgoing messages',
      '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.',
      '451 4.7.500 Server busy. Please try again later from [192.0.2.1].',
      '451 4.7.650 The mail server [192.0.2.1] has been temporarily rate limited due to IP reputation.',
      '550 5.7.1 Daily SMTP relay limit exceeded for customer.',
      '554 5.7.0 The limit on the number of allowed outgoing messages was exceeded. Try again later.',
      '452 4.4.5 Messages per second limit exceeded',
      '450 4.7.1 <me@isp.example>: Sender address rejected: Rate limit exceeded',
      '450 4.7.1 <me@isp.example>: Sender address rejected: Access temporarily denied, too many emails sent',
      '451 4.7.1 Message rate exceeded',
      '451 4.7.0 You have reached the limit of messages for this hour',
      '451 Sender rate overlimit - 12.3 / 1h',
      '550 IP frequency limited. https://service.mail.qq.com/detail/122/172',
      '550 5.7.1 Your email limit is exceeded: 200 messages in 3600 seconds',
      '452 4.2.1 Sender has exceeded the maximum number of recipients per hour',
      '454 Throttling failure: Daily message quota exceeded.',
      '421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to user complaints',
      '421 Too many sessions opened',
      '452 4.2.1 Blocked - see AUP#In-1310',
      '554 5.2.122 The recipient has exceeded their limit for the number of messages they can receive per hour.',
      '450 too frequent connects from 192.0.2.1, please try again later.',
      '451 4.7.1 Mails from this sender are coming in too fast, slow down',
      '421 4.7.0 Messages from 192.0.2.1 temporarily deferred due to excessive volume',
      '421 4.7.28 Gmail has detected an unusual rate of mail originating from your SPF domain',
    ],
    atLogin: [
      '421 4.4.2 Message submission rate for this client has exceeded the configured limit',
    ],
    atGreeting: [
      '421 4.3.2 The maximum number of concurrent server connections has exceeded a limit, closing transmission channel',
      '421 mwinf5c07 ME Trop de connexions, veuillez verifier votre configuration. Too many connections, slow down. OFR004_104 [104]',
    ],
  },
  'mailbox-full': {
    ofHost: [
      '554 5.2.2 <x@free.example>: Recipient address rejected: Quota exceeded (mailbox for user is full)',
      '552-5.2.2 The email account that you tried to reach is over quota',
      '554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded',
      '552 5.1.1 <you@example.com> recipient rejected - extended quota violation',
      '550 user has too many messages on the server',
      '452 4.1.1 Requested action not taken: insufficient storage for this mailbox',
      '552 too much mail data',
      '451 qq trouble in home directory',
    ],
  },
  size: {
    ofHost: [
      '550 message larger than 20480000 bytes',
      '552 Message is too long.',
      '552 5.2.3 Taille limite du message atteinte OFR_514',
      '552 5.3.4 Message size exceeds fixed limit',
      "523 the message size exceeds the recipient's size limit",
      '550 5.2.3 RESOLVER.RST.SendSizeLimit.Org; message too large for this organization',
      '552 Requested mail action aborted: exceeded storage allocation (message size)',
    ],
  },
  greylisting: {
    ofHost: [
      '450 4.3.2 Service currently unavailable',
      '451 4.7.1 Greylisted, please try again in 300 seconds',
      "450 4.7.1 You've been graylisted",
      '451 Internal resource temporarily unavailable - https://community.mimecast.com/docs/DOC-1369#451',
    ],
  },
  'address-reputation': {
    ofHost: [
      "550-5.7.1 [192.0.2.1] The IP you're using to send mail is not authorized to 550-5.7.1 send email directly to our servers. Please use the SMTP relay at your 550-5.7.1 service provider instead. 550 5.7.1 https://support.google.com/mail/?p=NotAuthorizedError",
      '550 5.7.1 Connections not accepted from servers without a valid sender example.com. Fix reverse DNS for 192.0.2.1',
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using Barracuda Reputation; http://www.barracudanetworks.com/reputation',
      '550 Rejected because 192.0.2.1 is in a black list at zen.spamhaus.org',
      "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3150).",
      '554 5.7.1 <nas[192.0.2.1]>: Client host rejected: Access denied',
      '550 5.7.1 Mail from 192.0.2.1 listed at ips.backscatterer.org',
      '553 5.7.2 [TSS09] All messages from 192.0.2.1 will be permanently deferred; Retrying will NOT succeed.',
      '554 5.7.1 Your IP is listed in UCEPROTECT-Level 3',
      '550 High probability of spam: IP 192.0.2.1 listed in SORBS DUHL',
      '521 5.2.1 AOL will not accept delivery of this message (DNS:NR)',
      '450 4.7.25 Client host rejected: cannot find your hostname, [192.0.2.1]',
      '550 5.7.1 rDNS check failed',
      '550 Suspected spam IP [192.0.2.1]',
      '554 Mail refused - <192.0.2.1> - See AUP#I-1000',
      '550 192.0.2.1 has been blocked AUP#CXBL',
    ],
    atGreeting: [
      '554 IP=192.0.2.1 - A problem occurred. Ask your postmaster for help or to contact tosa@rx.t-online.de to clarify. (BL)',
      '554 No SMTP service IP address is black listed.',
      '554 p00-smtpin001.me.example ESMTP not accepting connections',
      '554 imta.comcast.example comcast 192.0.2.1 Comcast block for spam. Please see http://postmaster.comcast.net/smtp-error-codes.php#BL000000',
      '554-gmx.net (mxgmx115) Nemesis ESMTP Service not available 554-No SMTP service 554 Bad DNS PTR resource record.',
      '554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.1',
      '550 5.7.0 Blocked - see https://support.proofpoint.com/dnsbl-lookup.cgi?ip=192.0.2.1',
      '550 mwinf5c14 ME Adresse IP source bloquee pour incident de spam. Client host blocked for spamming issues. OFR006_102',
      '421 Refused. Your reverse DNS entry does not resolve to an IP.',
      "554-mx1.cisco.example Your access to this mail system has been rejected due to the sending MTA's poor reputation.",
    ],
  },
  authenticity: {
    ofHost: [
      '550-5.7.26 This mail has been blocked because the sender is unauthenticated.',
      "550 5.7.1 Unauthenticated email from example.com is not accepted due to domain's DMARC policy.",
      '550 rejecting spoofed message',
      '421-4.7.27 Your email has been rate limited because SPF authentication did not pass for this message.',
      '451 4.7.24 The SPF record of the sending domain has suspicious entries. Mail sent from your IP address has been temporarily rate limited.',
      '421-4.7.32 Your email has been rate limited because the From: header in this message is not aligned with the authenticated SPF or DKIM organizational domain.',
      '550-5.7.1 This message does not have authentication information or fails to pass authentication checks.',
      '550 5.7.1 Sender denied: auth guards failed',
      '554 Connection refused(mx). MAIL FROM [root@nas.example] mismatches client IP [192.0.2.1].',
      '550 Rejected by header based Anti-Spoofing policy: a@b.example',
    ],
  },
  content: {
    ofHost: [
      '550 5.7.1 [CS01] Message rejected due to local policy.',
      '554 5.2.3 MailPolicy violation Error delivering to mailboxes',
      '554 Email rejected due to security policies',
      '554 rejecting banned content',
      '554 5.7.1 Message cannot be accepted, virus found',
      '552 5.7.0 This message was blocked because the attachment type is not allowed',
      '554 DT:SPM 163 smtp8',
      '550 5.2.0 Mail rejete. Mail rejected. ofr_506 [506]',
      '554 Message not allowed - [299]',
      '550 Denied by policy',
      '550 This message contains malware (Eicar-Test-Signature)',
      '554 5.7.1 Phishing attempt detected',
      '552 5.7.0 Executable attachment rejected',
      '571 Message refused by content filter',
      '550 5.7.1 Blacklisted URL in message. (example.com) in [black]. See http://lookup.uribl.com.',
      '554 5.7.1 Blocked by SpamAssassin',
      '550 Mail content denied.',
      '554 5.7.0 Reject, id=12345-01 - BANNED: .exe',
      '554 5.7.1 Gtube pattern',
      '552 5.7.0 Our system detected an illegal attachment on your message.',
      '550 5.7.1 Message rejected: URL listed in SURBL',
      '550-5.7.1 Our system has detected that this message is likely suspicious due to the very low reputation of the sending domain.',
      '550 Administrative prohibition',
    ],
  },
  recipient: {
    ofHost: [
      "553-5.1.2 We weren't able to find the recipient domain.",
      '553 5.1.3 The recipient address <x> is not a valid RFC 5321 address',
      '550 5.2.1 The email account that you tried to reach is disabled.',
      '550 The recipient cannot be verified.  Please check all recipients of this message',
      '550 No such person at this address',
      '550 User not local; please try forward path',
      '554 5.5.0 Account not found',
      '550 you@example.com: Address unknown',
      '550 5.4.4 Invalid domain',
      '550 Unrouteable address',
      '550 5.2.1 The email account that you tried to reach is inactive.',
      '550 5.5.0 Boite du destinataire archivee. Archived recipient. OFR_420',
      '550 #5.1.0 Address rejected.',
      '550 Invalid recipient <x@y.example> (#5.1.1)',
      "554 delivery error: dd This user doesn't have a example.com account (x) [-9]",
      '550 5.2.1 <x>... Addressee unknown',
      '550 Message was not accepted -- invalid mailbox. Local mailbox x@mail.ru is unavailable: account is disabled',
      '450 4.1.1 <x@y.example>: Recipient address rejected: unverified address',
      '550 5.7.1 No such user!',
      '550 5.1.1 Not our Customer',
      '550 5.1.1 x: user does not exist',
      '554 5.7.1 <x>: Recipient address rejected: Not in recipient list',
      '501 5.1.3 Bad recipient address syntax',
    ],
    ofPostfix: ['Domain example.com does not accept mail (nullMX)'],
  },
  format: {
    ofHost: [
      '550-5.7.1 [192.0.2.1] Messages missing a valid Message-ID header are not accepted.',
      '550-5.7.1 Messages missing a valid address in From: header, or having no From: header, are not accepted.',
      '554 Message not allowed - Headers are not RFC compliant[291]',
      '550 5.6.0 Mail message is malformed. Not accepted',
      '500 5.5.2 Line too long',
      '550 5.6.0 Lone CR or LF in body or header',
      '554 5.6.0 Message with invalid header rejected, id=13462-01 - MIME error',
      '550 5.7.1 Missing Date header',
      '550 maximum allowed line length is 998 octets, got 2231',
      '521 5.5.2 mail.isp.example Error: bare <LF> received',
      '550 5.6.11 SMTPSEND.BareLinefeedsAreIllegal; message contains bare linefeeds',
    ],
  },
  'not-wanted': {
    ofHost: [
      '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed',
      '550 5.7.1 RESOLVER.RST.NotAuthorized; not authorized',
      '550 Envelope blocked - User Entry',
      '554 5.7.1 <you@example.com>: Recipient address rejected: BLOCK-SEND-ER.',
      '554 Message rejected: Address blacklisted.',
      '550 5.7.1 Policy rejection on the target address',
    ],
  },
  relaying: {
    ofHost: [
      '550 relaying denied for <x@y.example>',
      "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.5.3 - chkuser)",
      '500 Unauthorized relay msg rejected',
      '550 relaying to <you@example.com> prohibited by administrator',
      '550 Local user only or Authentication mechanism',
      '550 5.7.64 TenantAttribution; Relay Access Denied',
      '454 4.7.1 <x@y.example>: Relay access denied',
      '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain',
    ],
  },
  disk: {},
  certificate: {
    ofPostfix: ['Server certificate not verified'],
  },
  'tls-handshake': {
    ofPostfix: ['Cannot start TLS: handshake failure'],
  },
  'connection-lost': {
    ofPostfix: [
      'connect to mail.isp.example[192.0.2.1]:587: Connection reset by peer',
      'lost connection with mail.isp.example[192.0.2.1] while sending end of data -- message may be sent more than once',
    ],
  },
  'no-network': {
    ofPostfix: ['connect to mail.isp.example[192.0.2.1]:587: Cannot assign requested address'],
  },
  'connection-refused': {
    ofPostfix: [
      'delivery temporarily suspended: connect to mail.isp.example[192.0.2.1]:587: Connection refused',
    ],
  },
  'no-address': {
    ofPostfix: [
      'Host or domain name not found. Name service error for name=mail.isp.example type=AAAA: Host found but no data record of requested type',
      'unable to look up host mail.isp.example: No address associated with hostname',
    ],
  },
  resolver: {
    ofPostfix: [
      'Host or domain name not found. Name service error for name=example.com type=MX: Malformed or unexpected name server reply',
    ],
  },
  slow: {
    ofPostfix: [
      'conversation with mail.isp.example[192.0.2.1] timed out while sending end of data -- message may be sent more than once',
      'conversation with mail.isp.example[192.0.2.1] timed out while performing the EHLO handshake',
    ],
  },
  loop: {
    ofPostfix: ['mail forwarding loop for you@example.com'],
    ofHost: [
      '554 5.4.6 This message is looping: it already has my Delivered-To line',
      '554 5.4.6 Too many hops',
      '550 5.4.14 Hop count exceeded - possible mail loop',
    ],
  },
  service: {
    ofPostfix: [
      'bounce or trace service failure',
      'local data error while talking to mail.isp.example[192.0.2.1]',
      'mail system configuration error',
    ],
  },
  'account-closed': {
    atLogin: [
      '535 5.7.8 Error: authentication failed: account suspended',
      '525 5.7.13 account_locked',
      '535 5.7.0 Authentication failed: account disabled',
    ],
  },
  'login-service': {
    atLogin: [
      '454 4.7.0 Cannot authenticate due to a temporary system problem. Try again later.',
      '454 4.7.0 Temporary authentication failure: Connection lost to authentication server',
    ],
  },
  'login-unfinished': {
    ofPostfix: [
      'SASL authentication failed; cannot authenticate to server mail.isp.example[192.0.2.1]: generic failure',
    ],
  },
  'tls-later': {
    ofPostfix: [
      'TLS is required, but host mail.isp.example[192.0.2.1] refused to start TLS: 454 4.3.0 Try again later',
    ],
  },
  'client-certificate': {
    ofHost: ['421 4.7.1 mail.isp.example Error: No client certificate presented'],
  },
  'login-rate': {
    atLogin: ['450 4.7.1 Error: too many AUTH commands from 192.0.2.1'],
  },
  'not-ascii': {
    ofPostfix: ['SMTPUTF8 is required, but was not offered by host mail.isp.example[192.0.2.1]'],
  },
  'server-disk': {
    ofHost: ['452 4.3.1 Insufficient system resources'],
  },
  firewall: {
    ofPostfix: [
      'connect to mail.isp.example[192.0.2.1]:587: Permission denied',
      'connect to mail.isp.example[192.0.2.1]:587: Operation not permitted',
    ],
  },
  'sender-unverified': {
    ofHost: [
      '554 Message rejected: Email address is not verified. The following identities failed the check in region EU-WEST-1: root@nas.example',
    ],
  },
  'signer-away': {
    ofPostfix: [
      'host 127.0.0.1[127.0.0.1] said: 451 4.7.1 Service unavailable - try again later (in reply to MAIL FROM command)',
      'host 127.0.0.1[127.0.0.1] said: 451 4.7.1 Service unavailable - try again later (in reply to end of DATA command)',
    ],
  },
  paused: {
    ofPostfix: ['deferred transport'],
  },
};

const WHERE: Readonly<Record<keyof Texts, (text: string) => string>> = {
  atLogin: (text) => `SASL authentication failed; server mail.isp.example[192.0.2.1] said: ${text}`,
  ofHost: (text) => `host mail.isp.example[192.0.2.1] said: ${text} (in reply to RCPT TO command)`,
  atGreeting: (text) => `host mail.isp.example[192.0.2.1] refused to talk to me: ${text}`,
  ofPostfix: (text) => text,
};

/** Each text as Postfix gives it as a reason, with what is the matter. */
export const providerReasons = (): readonly (readonly [kind: string, reason: string])[] =>
  Object.entries(PROVIDER_TEXTS).flatMap(([kind, texts]) =>
    Object.entries(WHERE).flatMap(([place, reason]) =>
      (texts[place as keyof Texts] ?? []).map((text) => [kind, reason(text)] as const),
    ),
  );
