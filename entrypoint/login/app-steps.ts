/**
 * What an administrator does for an application that sends by itself, click by click, with the values
 * filled in. Sources: learn.microsoft.com, "Authenticate an IMAP, POP or SMTP connection using OAuth";
 * developers.google.com, "Using OAuth 2.0 for server to server applications".
 */
import { type Sentence, type SettingRef, words } from '../settings/naming/sentence.ts';

/** The steps; each is proved by what comes after it. */
export type AppStep = 'registration' | 'permission' | 'mailbox' | 'key' | 'delegation' | 'user';

/** The steps of each provider, in their order. */
export const APP_STEPS = {
  microsoft: ['registration', 'permission', 'mailbox'],
  google: ['key', 'delegation', 'user'],
} as const satisfies Readonly<Record<string, readonly AppStep[]>>;

export const STEP_TITLES: Readonly<Record<AppStep, string>> = {
  registration: 'The application is registered, and its secret or certificate is accepted',
  permission: 'The application may send mail (SMTP.SendAsApp), and an administrator has consented',
  mailbox: 'The application may use the mailbox',
  key: 'The service account has this key',
  delegation: 'The service account may act for the mailbox (domain-wide delegation)',
  user: 'The mailbox takes the login',
};

export interface AppValues {
  readonly mailbox: string;
  /** The application (client) ID at Microsoft; the unique ID of a service account at Google. */
  readonly clientId: string;
  /** The object ID of the enterprise application, which a token tells. */
  readonly objectId: string | undefined;
  readonly setting: (key: string) => SettingRef;
}

/** The way to a step, a line each. */
export const stepLines = (step: AppStep, values: AppValues): readonly Sentence[] =>
  LINES[step](values);

const LINES: Readonly<Record<AppStep, (values: AppValues) => readonly Sentence[]>> = {
  registration: ({ setting }) => [
    words`Open https://entra.microsoft.com, App registrations, New registration: any name,`,
    words`  "Accounts in this organizational directory only", Register.`,
    words`Overview: Application (client) ID -> ${setting('oauth2.client_id')},`,
    words`  Directory (tenant) ID -> ${setting('oauth2.tenant')}.`,
    words`Certificates & secrets, New client secret: its Value (not its ID) -> ${setting('oauth2.client_secret')}.`,
  ],
  permission: ({ clientId }) => [
    words`Open https://entra.microsoft.com, App registrations, All applications, ${clientId},`,
    words`  API permissions, Add a permission, APIs my organization uses: "Office 365 Exchange Online",`,
    words`  Application permissions, SMTP, tick SMTP.SendAsApp, Add permissions.`,
    words`There: "Grant admin consent for ...", Yes. A green tick stands beside SMTP.SendAsApp then.`,
  ],
  mailbox: ({ clientId, mailbox, objectId = 'OBJECT_ID' }) => [
    words`In PowerShell, as an administrator of Exchange:`,
    words`  Install-Module ExchangeOnlineManagement -Scope CurrentUser`,
    words`  Connect-ExchangeOnline`,
    words`  New-ServicePrincipal -AppId ${clientId} -ObjectId ${objectId} -DisplayName "Mail relay"`,
    words`  Add-MailboxPermission -Identity ${mailbox} -User ${objectId} -AccessRights FullAccess`,
    words`  Set-CASMailbox -Identity ${mailbox} -SmtpClientAuthenticationDisabled $false`,
    ...(objectId === 'OBJECT_ID'
      ? [
          words`OBJECT_ID is the Object ID under Enterprise applications, not that of App registrations.`,
        ]
      : []),
    words`Exchange takes some minutes, at times an hour, until it goes by them.`,
  ],
  key: ({ setting }) => [
    words`Open https://console.cloud.google.com, choose or create a project, and enable the "Gmail API".`,
    words`IAM & Admin, Service Accounts, Create service account: any name, no roles, Done.`,
    words`Open it, Keys, Add key, Create new key, JSON: that file -> ${setting('oauth2.service_account_file')}.`,
  ],
  delegation: ({ clientId }) => [
    words`Open https://admin.google.com as a super administrator: Security, Access and data control,`,
    words`  API controls, Manage domain-wide delegation, Add new:`,
    words`  Client ID     ${clientId}`,
    words`  OAuth scopes  https://mail.google.com/`,
    words`  Authorize. Google takes some minutes until it goes by it.`,
  ],
  user: ({ mailbox, setting }) => [
    words`Open https://admin.google.com, Directory, Users, ${mailbox}: it has to be a user with Gmail,`,
    words`  not a group or an alias, and ${setting('username')} has to be its primary address.`,
  ],
};
