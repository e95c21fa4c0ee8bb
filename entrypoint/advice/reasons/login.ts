import { any, atLogin, type Rule } from './rule.ts';

const REFUSED_PASSWORD: Omit<Rule, 'trouble' | 'pattern'> = {
  cause: 'the provider refuses this user name and password',
  remedy: (of) =>
    `correct ${of('username')} (often the whole address) and ${of('password')}; Gmail, Yahoo, ` +
    'iCloud and others want an app password here, GMX and WEB.DE that mail programs are let in on ' +
    'their web page, SendGrid the user name "apikey"',
};

/** What a login, and the account behind it, can come to grief on. */
export const LOGIN: readonly Rule[] = [
  {
    trouble: 'sign in',
    pattern: any(
      /534[ -]5\.7\.14/,
      /WebLoginRequired/,
      /(via|with|through) your web browser/,
      /#MBR\d+/,
      /verify (your )?account/,
    ),
    cause: 'the provider wants the owner of the account to sign in on its web page first',
    remedy: (of) =>
      `sign in there with a browser and confirm; then make an app password for ${of('password')}`,
  },
  {
    trouble: 'app password',
    pattern: any(
      /534[ -]5\.7\.9/,
      /InvalidSecondFactor/,
      /app(lication)?([ -]specific)?[ -]password/,
      /enter your authori[sz]ation code/,
      /neobhodim parol/,
    ),
    cause: 'the provider wants an app password here, not the password of the account',
    remedy: (of) =>
      `make an app password in the account's security settings and give it as ${of('password')}`,
  },
  {
    trouble: 'login disabled',
    pattern: any(
      /5\.7\.139(?!.*(credentials were incorrect|expired))/,
      /SmtpClientAuth/,
      /basic auth\w* is (disabled|not supported)/,
      /smtp (auth|access) (is )?(not enabled|disabled)/,
      /access rights to this service/,
      /user has no permission/,
    ),
    cause: 'the provider has switched this way of logging in off for the account (SMTP AUTH)',
    remedy: () =>
      'have the mailbox\'s administrator allow "Authenticated SMTP" (Microsoft 365: Mail, Manage ' +
      'email apps; security defaults off), at other providers let mail programs in on the web page ' +
      'of the account; or use another provider to send',
  },
  {
    trouble: 'account blocked',
    pattern: any(
      /bad outbound sender/,
      /5\.7\.501/,
      /5\.7\.705/,
      /5\.7\.708/,
      /spam abuse detected/,
      /paused from sending|sending paused/,
      /5\.4\.6 unusual/,
      /sending suspended/,
      /outgoing blocked/,
      /your account (has been|was|is) (blocked|suspended|disabled)/,
    ),
    cause: 'the provider has blocked the account or its network because of the mail it sent',
    remedy: () =>
      'find the machine that sends too much (hikyaku queue), then have the provider lift the block',
  },
  {
    trouble: 'account blocked',
    pattern: atLogin(
      /\b5\.7\.13\b|account .*(disabled|deactivated|inactive|expired|closed|suspended)|user is disabled/,
    ),
    cause: 'the provider has closed or blocked this account',
    remedy: (of) =>
      "sign in on the provider's web page, or ask the provider, what is the matter with the account " +
      `(${of('username')})`,
  },
  {
    trouble: 'trial',
    pattern: any(
      /for test purposes only/,
      /pending approval/,
      /not yet activated|smtp account (is )?not activated/,
      /business verification/,
      /authorized recipients/,
    ),
    cause: 'the account at the provider is new or on trial: it may not send, or not to everybody',
    remedy: () =>
      "finish its set-up on the provider's web page (activation, a verified domain), or allow the " +
      'recipient there',
  },
  {
    trouble: 'allow list',
    pattern: /unauthori[sz]ed ip|authori[sz]ed_ips/i,
    cause: 'the provider lets this account log in from listed Internet addresses alone',
    remedy: () =>
      "add the address of this connection to the list on the provider's web page, or switch the list " +
      'off there; an address that changes cannot be listed',
  },
  {
    trouble: 'rate',
    pattern: /too many AUTH commands/i,
    cause: 'the provider takes only so many logins in a minute',
    remedy: (of) =>
      `nothing at once: Postfix tries again by itself; if it lasts, lower ${of('connections')}`,
  },
  {
    trouble: 'login locked',
    pattern: any(/#?AUTH005/, /too many (bad |failed |invalid )?(auth|login)/, /account .*locked/),
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
    trouble: 'mechanisms',
    pattern: any(
      /no mechanism available/,
      /No worthy mechs/,
      /no compatible auth/,
      /no supported AUTH/,
      /null AUTH/,
      /mechanism (is )?(not supported|unavailable)/,
      /SASL authentication failed; server .* said: 504/,
    ),
    cause: 'the server and this relay have no way of logging in in common (SASL mechanism)',
    remedy: (of) =>
      `see with "hikyaku doctor" what the server offers, and change ${of('mechanisms')}`,
  },
  {
    trouble: 'mechanisms',
    pattern: /cannot authenticate to server/i,
    cause: 'the login came to no end: the server does not ask as its way of logging in wants it',
    remedy: (of) =>
      `set ${of('mechanisms')} to another one that it offers, such as plain or login: "hikyaku doctor" ` +
      'says which those are',
  },
  {
    trouble: 'later',
    pattern: /refused to start TLS: 4\d\d (?!.*TLS (is )?(currently )?(not |un)available)/i,
    cause: 'the server does not begin with encryption at the moment (a temporary answer)',
    remedy: () => 'nothing at once: Postfix tries again by itself; if it lasts, ask the provider',
  },
  {
    trouble: 'no TLS',
    pattern: any(
      /must issue a STARTTLS/,
      /530.*STARTTLS/,
      /TLS required for/,
      /encryption (is )?(required|needed)/,
      /not sent over a TLS|[45]\.7\.29\b/,
    ),
    cause: 'the server wants the connection to be encrypted',
    remedy: (of) => `set ${of('tls')} to verify or encrypt`,
  },
  {
    trouble: 'password',
    pattern: any(
      /\b535\b/,
      /5\.7\.8\b/,
      /BadCredentials/,
      /Username and Password not accepted/,
      atLogin(/(invalid|incorrect|wrong|bad) (credentials|password|user ?name|login)/),
    ),
    ...REFUSED_PASSWORD,
  },
];

/** Whatever else a server says to a login: after what limits and lists have to do with. */
export const LOGIN_FAILED: readonly Rule[] = [
  {
    trouble: 'password',
    pattern: /SASL authentication failed; server .* said: 5/,
    ...REFUSED_PASSWORD,
  },
  {
    trouble: 'later',
    pattern: /SASL authentication failed; server .* said: 4|temporary authentication/i,
    cause: "the provider's login service does not work at the moment",
    remedy: () => 'nothing: Postfix tries again by itself',
  },
];
