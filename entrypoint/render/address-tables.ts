import { tableText } from '../postfix/cf-syntax.ts';
import type { Row } from '../settings/setting.ts';
import type { Settings } from '../settings/settings.ts';
import { configFile, type RenderedFile } from './file.ts';
import { withOwnNames } from './own-names.ts';

type Rows = readonly (readonly [string, string])[];

const pairs = (rows: readonly Row[]): Rows => rows.map(({ from, to }) => [from, to] as const);

/** `@example.com` as an access(5) table writes it: only the domain. */
const accessKey = (allowed: string): string => allowed.replace(/^@/, '');

/** Every table of addresses: name, what its head says, entries. Without entries there is no file. */
const tables = (settings: Settings): readonly (readonly [string, string, Rows])[] => [
  [
    'generic',
    'Addresses rewritten when mail leaves this machine.',
    pairs(withOwnNames(settings.generic, settings)),
  ],
  [
    'canonical',
    'Addresses rewritten in all mail.',
    pairs(withOwnNames(settings.canonical, settings)),
  ],
  [
    'virtual',
    'Recipients redirected.',
    withOwnNames(settings.virtual, settings).map(({ from, to }) => [from, to.join(', ')] as const),
  ],
  [
    'mailboxes',
    'Mailboxes kept here, as Maildirs below /var/mail.',
    settings.local.domains.flatMap((domain) =>
      settings.local.mailboxes.map((name) => [`${name}@${domain}`, `${name}/`] as const),
    ),
  ],
  [
    'allowed_senders',
    'The only senders whose mail is sent on.',
    settings.allowedSenders.map((allowed) => [accessKey(allowed), 'OK'] as const),
  ],
  [
    'allowed_recipients',
    'The only recipients to whom mail is sent on.',
    settings.allowedRecipients.map((allowed) => [accessKey(allowed), 'OK'] as const),
  ],
];

/** The tables of addresses that have entries. */
export const addressTables = (settings: Settings): readonly RenderedFile[] =>
  tables(settings)
    .filter(([, , rows]) => rows.length > 0)
    .map(([name, head, rows]) => ({
      ...configFile(name, tableText(head, rows)),
      index: settings.mapType,
    }));
