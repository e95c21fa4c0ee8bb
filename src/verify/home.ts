/** The household that every check plays: its provider, its accounts, and its relay.yaml. */

export const HOST = 'mail.isp.example';
export const USER = 'me';
/** An address that exists at home only, and what it becomes. */
export const MADE_UP = 'report@linux.home.example';
export const REAL = 'me@isp.example';
/** Where the relay finds its password and the provider's CA. */
export const GIVEN = '/given';

/** How the relay calls itself. */
export const MYHOSTNAME = 'relay.home.example';
/** Not the time of any engine: what is not heeded is seen. */
export const TIME_ZONE = { TZ: 'Asia/Tokyo', offset: '+0900' } as const;

interface Account {
  readonly user: string;
  readonly sender: string;
  readonly port: number;
}

/** Senders with an account of their own, on the same server, and a recipient for each. */
export const ACCOUNTS: readonly (Account & {
  readonly to: string;
  /** What relay.yaml makes the recipient of, and the sender. */
  readonly alias?: string;
  readonly atHome?: string;
})[] = [
  {
    ...{ user: 'second', sender: 'second@isp.example', port: 465 },
    ...{ to: 'account-second@example.com', alias: 'admin@alias.example' },
  },
  {
    ...{ user: 'third', sender: 'third@isp.example', port: 587 },
    ...{ to: 'account-third@example.com', atHome: 'third@canonical.example' },
  },
];
/** One that relay.yaml gets while the relay runs. */
export const ADDED: Account = { user: 'fourth', sender: 'fourth@isp.example', port: 587 };

/** Everybody with a login at the provider. */
export const USERS = [USER, ...[...ACCOUNTS, ADDED].map(({ user }) => user)];

const table = (name: string, rows: readonly (readonly [string | undefined, string])[]) => [
  `${name}:`,
  ...rows.flatMap(([from, to]) => (from === undefined ? [] : [`  "${from}": ${to}`])),
];

export const relayYaml = (accounts: readonly Account[]): string =>
  [
    'accounts:',
    ...accounts.flatMap(({ user, sender, port }) => [
      `  - sender: ${sender}`,
      `    host: ${HOST}`,
      `    port: ${port}`,
      `    username: ${user}`,
      `    password_file: ${GIVEN}/password`,
      `    ca_file: ${GIVEN}/ca.pem`,
    ]),
    ...table(
      'virtual',
      ACCOUNTS.map(({ alias, to }) => [alias, to]),
    ),
    ...table(
      'canonical',
      ACCOUNTS.map(({ atHome, sender }) => [atHome, sender]),
    ),
    '',
  ].join('\n');
