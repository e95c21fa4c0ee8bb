import { atLogin, type Rule, rule } from './rule.ts';

/** Replies against a login and its account. */
export const LOGIN: readonly Rule[] = [
  rule(
    'sign-in',
    /534[ -]5\.7\.14/,
    /WebLoginRequired/,
    /(via|with|through) your web browser/,
    /#MBR\d+/,
    /verify (your )?account/,
  ),
  rule(
    'app-password',
    /534[ -]5\.7\.9/,
    /InvalidSecondFactor/,
    /app(lication)?([ -]specific)?[ -]password/,
    /enter your authori[sz]ation code/,
    /neobhodim parol/,
  ),
  rule(
    'login-disabled',
    /5\.7\.139(?!.*(credentials were incorrect|expired))/,
    /SmtpClientAuth/,
    /basic auth\w* is (disabled|not supported)/,
    /smtp (auth|access) (is )?(not enabled|disabled)/,
    /access rights to this service/,
    /user has no permission/,
  ),
  rule(
    'account-blocked',
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
  atLogin(
    'account-closed',
    /\b5\.7\.13\b|account .*(disabled|deactivated|inactive|expired|closed|suspended)|user is disabled/,
  ),
  rule(
    'trial',
    /for test purposes only/,
    /pending approval/,
    /not yet activated|smtp account (is )?not activated/,
    /business verification/,
    /authorized recipients/,
  ),
  rule('allow-list', /unauthori[sz]ed ip|authori[sz]ed_ips/i),
  rule('login-rate', /too many AUTH commands/),
  rule(
    'login-locked',
    /#?AUTH005/,
    /too many (bad |failed |invalid )?(auth|login)/,
    /account .*locked/,
  ),
  rule('credits', /maximum credits exceeded/),
  rule(
    'mechanisms',
    /no mechanism available/,
    /No worthy mechs/,
    /no compatible auth/,
    /no supported AUTH/,
    /null AUTH/,
    /mechanism (is )?(not supported|unavailable)/,
  ),
  atLogin('mechanisms', /^504/),
  rule(
    'tls-wanted',
    /must issue a STARTTLS/,
    /530.*STARTTLS/,
    /TLS required for/,
    /encryption (is )?(required|needed)/,
    /not sent over a TLS|[45]\.7\.29\b/,
  ),
  rule('password', /\b535\b/, /5\.7\.8\b/, /BadCredentials/, /Username and Password not accepted/),
  atLogin('password', /(invalid|incorrect|wrong|bad) (credentials|password|user ?name|login)/),
];

/** Whatever else a server says to a login: after what limits and lists have to do with. */
export const LOGIN_FAILED: readonly Rule[] = [
  atLogin('password', /^5/),
  atLogin('login-service', /^4/),
  rule('login-service', /temporary authentication/),
];
