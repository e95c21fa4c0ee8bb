import { WITH_TOKEN } from '../../postfix/mechanisms.ts';
import { words } from '../../settings/naming/sentence.ts';
import type { Table } from '../entry.ts';
import type { LoginKind, MechanismTrouble } from '../trouble.ts';
import { again } from './again.ts';

const list = (names: readonly string[]): string => names.join(', ');

/** The login and the account behind it. */
export const LOGIN: Table<LoginKind | MechanismTrouble['kind']> = {
  password: (_, { setting }) => ({
    cause: words`the provider refuses this user name and password`,
    remedy: words`correct ${setting('username')} (often the whole address) and ${setting('password')}; Gmail, Yahoo, iCloud and others want an app password here, GMX and WEB.DE want mail programs to be allowed on their web page, SendGrid the user name "apikey"`,
  }),
  'app-password': (_, { setting }) => ({
    cause: words`the provider wants an app password here, not the password of the account`,
    remedy: words`make an app password in the account's security settings and give it as ${setting('password')}`,
  }),
  'sign-in': (_, { setting }) => ({
    cause: words`the provider wants the owner of the account to sign in on its web page first`,
    remedy: words`sign in there with a browser and confirm; then make an app password for ${setting('password')}`,
  }),
  'login-disabled': (_, { setting }) => ({
    cause: words`the provider has switched off this way to log in for the account (SMTP AUTH)`,
    remedy: words`have the mailbox's administrator allow "Authenticated SMTP" (Microsoft 365: Mail, Manage email apps; security defaults off), and use ${setting('oauth2.provider', 'microsoft')} instead of a password; at other providers allow mail programs on the web page of the account`,
  }),
  'login-locked': (_, { setting }) => ({
    cause: words`the provider has locked the login for a while after too many wrong attempts`,
    remedy: words`correct ${setting('username')} and ${setting('password')} first, then wait an hour before the next try`,
  }),
  'login-service': (trouble, about) => ({
    cause: words`the provider's login service does not work at the moment`,
    remedy: again(trouble, about),
  }),
  'login-rate': (trouble, about) => ({
    cause: words`the provider limits the logins per minute`,
    remedy: words`${again(trouble, about)}; if it lasts, lower ${about.setting('connections')}`,
  }),
  'login-wanted': (_, { setting }) => ({
    cause: words`the server wants a login, but there was no login`,
    remedy: words`give ${setting('username')} and ${setting('password')}; if they are given, the server offers no login on this port: use 587 or 465 (${setting('port')})`,
  }),
  'login-too-weak': (_, { setting }) => ({
    cause: words`the login was accepted, but mail to others is not`,
    remedy: words`use the port that the provider gives for sending, 587 or 465 (${setting('port')}); if this is it, ask the provider what this login may do`,
  }),
  relaying: (_, { setting }) => ({
    cause: words`the server does not relay mail for this relay: most servers do so only after a login`,
    remedy: words`give ${setting('username')} and ${setting('password')} and use the submission port (${setting('port')}: 587); if they are given, the server offers no login there, or this login may not send to others: "hikyaku doctor" tells which`,
  }),
  permission: (_, { setting }) => ({
    cause: words`the login is good, but the provider's rights do not let it send`,
    remedy: words`at Amazon give the credentials' user the right ses:SendRawEmail for this sender, or make new SMTP credentials there for ${setting('username')} and ${setting('password')}`,
  }),
  trial: () => ({
    cause: words`the account at the provider is new or on trial: it may not send, or not to everybody`,
    remedy: words`finish its set-up on the provider's web page (activation, a verified domain), or allow the recipient there`,
  }),
  credits: () => ({
    cause: words`the provider takes no more mail from this account for now`,
    remedy: words`raise the limit at the provider, or wait until it starts anew`,
  }),
  'allow-list': () => ({
    cause: words`the provider lets this account log in only from listed Internet addresses`,
    remedy: words`add the address of this connection to the list on the provider's web page, or switch the list off there; an address that changes cannot be listed`,
  }),
  'account-closed': (_, { setting }) => ({
    cause: words`the provider has closed or blocked this account`,
    remedy: words`sign in on the provider's web page, or ask the provider, what is the matter with the account (${setting('username')})`,
  }),
  'account-blocked': () => ({
    cause: words`the provider has blocked the account or its network because of the mail it sent`,
    remedy: words`find the machine that sends too much (hikyaku queue), then have the provider lift the block`,
  }),
  'client-certificate': (_, { setting }) => ({
    cause: words`the server wants a certificate of this relay`,
    remedy: words`ask the provider for a server that takes a user name and a password without one (${setting('host')}); if you have such a certificate, mount it and name it with ${{ path: 'postfix.smtp_tls_chain_files' }}`,
  }),
  mechanisms: ({ offered, allowed = [], usable = [] }, { setting }) => {
    if (offered === undefined) {
      return {
        cause: words`the server and this relay have no login mechanism in common (SASL)`,
        remedy: words`see with "hikyaku doctor" what the server offers, and change ${setting('mechanisms')}`,
      };
    }
    const limit =
      allowed.length === 0
        ? words`this relay allows every mechanism that it knows (${setting('mechanisms')} is not set)`
        : words`this relay allows ${list(allowed)} (${setting('mechanisms')})`;
    if (offered.length === 0) {
      return {
        cause: words`the server offers no login here; ${limit}`,
        remedy: words`use the provider's submission port, 587 or 465 (${setting('port')}), or, if no login is wanted there, remove ${setting('username')} and ${setting('password')}`,
      };
    }
    const cause = words`the server offers ${list(offered)}; ${limit}; no mechanism can be used`;
    if (usable.length > 0) {
      return {
        cause,
        remedy: words`set ${setting('mechanisms')} to ${list(usable).toLowerCase()}, or remove ${setting('mechanisms')}`,
      };
    }
    return offered.some((one) => WITH_TOKEN.includes(one))
      ? {
          cause,
          remedy: words`the provider takes OAuth 2 tokens only: ask it for an app password or for a server that takes one, and give it as ${setting('host')} and ${setting('password')}`,
        }
      : {
          cause,
          remedy: words`these mechanisms do not use a user name and a password: ask the provider for a submission server that offers PLAIN or LOGIN over TLS, and give it as ${setting('host')} and ${setting('port')}`,
        };
  },
  'login-unfinished': (_, { setting }) => ({
    cause: words`the login did not complete: the server asks for something else than its mechanism says`,
    remedy: words`set ${setting('mechanisms')} to another one that the server offers, such as plain or login: "hikyaku doctor" lists them`,
  }),
};
