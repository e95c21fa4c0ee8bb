import { type Sentence, type SettingRef, words } from '../../settings/naming/sentence.ts';
import type { Advice, Table } from '../entry.ts';
import type { TokenFault } from '../trouble.ts';

type Setting = (key: string) => SettingRef;
/** @param login what to type for a login of this account */
type Entry = (setting: Setting, isGoogle: boolean, login: string) => Advice;

const advice = (cause: Sentence, remedy: Sentence): Advice => ({ cause, remedy });

const waits = words`nothing is to be done: the relay tries again by itself`;

/** The faults of an endpoint, each with what to do. */
const FAULTS: Readonly<Record<TokenFault, Entry>> = {
  'no-grant': (setting, _, login) =>
    advice(
      words`nobody has logged in for this mailbox yet`,
      words`run ${login}, and log in as the mailbox in ${setting('username')}`,
    ),
  declined: (_setting, _isGoogle, login) =>
    advice(
      words`the login was declined in the browser`,
      words`run ${login} again, and allow the application to send mail`,
    ),
  'code-ended': (_setting, _isGoogle, login) =>
    advice(
      words`the code of this login has expired, or was used already`,
      words`run ${login} again, and finish the login within its time`,
    ),
  'no-refresh-token': (setting) =>
    advice(
      words`the provider gave no refresh token, so the login would end within the hour`,
      words`add the provider's scope for lasting access to ${setting('oauth2.scope')}: offline_access with most`,
    ),
  'no-way': (setting) =>
    advice(
      words`where to log in at this provider is not known`,
      words`give ${setting('oauth2.device_endpoint')} or ${setting('oauth2.authorization_endpoint')}, from the provider's documentation`,
    ),
  'public-client': (setting) =>
    advice(
      words`the application does not allow logins without a secret`,
      words`at Microsoft set "Allow public client flows" to Yes (App registrations, Authentication) for ${setting('oauth2.client_id')}`,
    ),
  'grant-ended': (_, isGoogle, login) =>
    advice(
      words`the permission to send has ended or was withdrawn`,
      isGoogle
        ? words`run ${login} again; at Google set the app to "In production", or it ends after 7 days again`
        : words`run ${login} again; at Microsoft a permission ends after 90 days without use, and with a new password`,
    ),
  'secret-unwanted': (setting) =>
    advice(
      words`the application takes no secret: it is a public client`,
      words`leave ${setting('oauth2.client_secret')} out and run "hikyaku login", or register another application`,
    ),
  malformed: (setting, _, login) =>
    advice(
      words`the provider does not understand a value: it is cut off, or belongs elsewhere`,
      words`run ${login} again, or give ${setting('oauth2.refresh_token')} as a whole; compare ${setting('oauth2.client_id')} with the provider's page`,
    ),
  'no-exchange': (setting) =>
    advice(
      words`there is no Exchange Online in this tenant`,
      words`set ${setting('oauth2.tenant')} to the organization that has the mailbox, and leave ${setting('oauth2.scope')} out`,
    ),
  consent: (setting, isGoogle) =>
    advice(
      words`the application was not allowed to send mail`,
      isGoogle
        ? words`add the mailbox to the app's test users or publish the app; in Google Workspace have an administrator trust ${setting('oauth2.client_id')} (Security, API controls, Manage app access)`
        : words`have an administrator grant consent for ${setting('oauth2.client_id')}: SMTP.Send for a user, SMTP.SendAsApp for the application`,
    ),
  tenant: (setting) =>
    advice(
      words`the provider does not know this tenant, or the application or user is not in it`,
      words`set ${setting('oauth2.tenant')} to the directory (tenant) ID on the application's overview page`,
    ),
  client: (setting) =>
    advice(
      words`the provider does not know this application`,
      words`correct ${setting('oauth2.client_id')}: the application (client) ID, in the tenant where it is registered`,
    ),
  'client-secret': (setting) =>
    advice(
      words`the client secret is wrong`,
      words`correct ${setting('oauth2.client_secret')}: the secret's value, not its ID`,
    ),
  'client-secret-ended': (setting) =>
    advice(
      words`the client secret has expired`,
      words`make a new one at the provider and give it in ${setting('oauth2.client_secret')}`,
    ),
  'client-certificate': (setting, isGoogle) =>
    advice(
      words`the provider does not accept the signature of this relay`,
      isGoogle
        ? words`make a new key for the service account and give its file in ${setting('oauth2.service_account_file')}`
        : words`upload the certificate in ${setting('oauth2.certificate_file')} to the application; ${setting('oauth2.key_file')} has to be its key`,
    ),
  scope: (setting) =>
    advice(
      words`the provider does not know this scope for mail`,
      words`leave ${setting('oauth2.scope')} out; Graph's scopes are not for SMTP`,
    ),
  delegation: (setting) =>
    advice(
      words`the service account may not act for this mailbox`,
      words`add its client ID with the scope https://mail.google.com/ in the admin console (Security, API controls, Domain-wide delegation); the mailbox is ${setting('username')}`,
    ),
  user: (setting) =>
    advice(
      words`the provider does not know this user, or has blocked it`,
      words`correct ${setting('username')}: the address of a mailbox that may sign in`,
    ),
  'sign-in': (_setting, _isGoogle, login) =>
    advice(
      words`the provider wants the user to sign in again, with a second factor or from a known place`,
      words`run ${login} again; if it comes back, have an administrator exempt this application from Conditional Access or session control`,
    ),
  clock: () =>
    advice(
      words`the clock of this machine is wrong`,
      words`set it by NTP: the provider refuses requests from another time`,
    ),
  busy: () => advice(words`the provider's token endpoint is busy or out of order`, waits),
  unreachable: (setting) =>
    advice(
      words`the token endpoint cannot be reached`,
      words`let this container out to port 443; behind a proxy set HTTPS_PROXY; another provider's address is ${setting('oauth2.token_endpoint')}`,
    ),
  name: (setting) =>
    advice(
      words`the name of the token endpoint cannot be resolved`,
      words`check the DNS of this container; behind a proxy set HTTPS_PROXY; another provider's address is ${setting('oauth2.token_endpoint')}`,
    ),
  proxy: () =>
    advice(
      words`the proxy in HTTPS_PROXY does not let this relay reach the token endpoint`,
      words`correct HTTPS_PROXY, or name the endpoint's host in NO_PROXY`,
    ),
  untrusted: (setting) =>
    advice(
      words`the token endpoint's certificate is not trusted: a firewall may open TLS connections on the way`,
      words`give that firewall's CA certificate in ${setting('ca_file')}, or exempt the endpoint there`,
    ),
  'not-oauth': (setting) =>
    advice(
      words`what answers at the token endpoint is no token endpoint`,
      words`correct ${setting('oauth2.token_endpoint')}; a portal or firewall may answer in its place`,
    ),
  refused: () =>
    advice(
      words`the provider gives no token`,
      words`look its own words up in the provider's documentation`,
    ),
};

/** A login by OAuth 2 without a token. */
export const TOKEN: Table<'token' | 'token-refused'> = {
  'token-refused': (_, { setting }) =>
    advice(
      words`the server does not accept this access token`,
      words`check that ${setting('username')} is the mailbox that the token is for; at Microsoft "Authenticated SMTP" has to be on for it, and an application wants SMTP.SendAsApp, New-ServicePrincipal with the enterprise application's object ID, and Add-MailboxPermission`,
    ),
  token: ({ fault, provider, detail }, { setting, ownAddress }) => {
    if (fault === undefined) {
      return advice(
        words`there is no access token for this login yet`,
        words`run "hikyaku doctor", which says why`,
      );
    }
    const { cause, remedy } = FAULTS[fault](
      setting,
      provider === 'google',
      ownAddress === undefined ? '"hikyaku login"' : `"hikyaku login ${ownAddress}"`,
    );
    return advice(
      detail === undefined || detail === '' ? cause : words`${cause} (${detail})`,
      remedy,
    );
  },
};
