import { conditionalRowsText, type Parameter, patternTableText } from '../postfix/cf-syntax.ts';
import { limitRows, QUOTA_REPLY } from '../postfix/server-limits.ts';
import type { Route, Settings } from '../settings/settings.ts';
import { configFile, type RenderedFile, tableReference } from './file.ts';

const NAME = 'relay_status';
const LIMITS = 'server_limits';

/** Present only with a backup server. */
export const TAKE_OVER = 'take_over';

/**
 * A server in the settings that cannot be found, or that requires a login without offering it, is
 * an error in the settings, so the mail waits until they are corrected. Postfix itself waits only
 * for `relayhost`, and would bounce mail of accounts and backups at once.
 */
const FILTER = patternTableText(
  "Failures of a named server that are the settings', not the mail's: it waits (smtp_delivery_status_filter).",
  [
    [String.raw`^5(\.[0-9]+\.[0-9]+ .*said: 530[ -].*)$`, '4$1'],
    // The same number in a server's own answer is about a recipient that it knows no way to.
    [String.raw`^(5\.4\.4 .* said: .*)$`, '$1'],
    [String.raw`^5(\.4\.4 .*)$`, '4$1'],
  ],
);

/** Whether mail goes to a server that the settings name. */
const hasNamedServer = ({ route, accounts, database }: Settings): boolean =>
  route.kind === 'relay' || accounts.length > 0 || database !== undefined;

/** The table of the filter, where there is such a server; and that of every server's limits. */
export const relayStatus = (settings: Settings): readonly RenderedFile[] => [
  ...(hasNamedServer(settings) ? [configFile(NAME, FILTER)] : []),
  configFile(
    LIMITS,
    patternTableText(
      'Answers about a limit of the server, not about the mail: it waits (smtp_delivery_status_filter).',
      limitRows(),
    ),
  ),
];

/**
 * With a backup server, a reply about a limit becomes temporary, so that Postfix tries the next
 * server. The filters above handle the reply of the last server.
 */
export const takeOverFiles = ({ route }: Settings): readonly RenderedFile[] =>
  hasBackup(route)
    ? [
        configFile(
          TAKE_OVER,
          patternTableText(
            'Answers about a quota: the next server is tried (smtp_reply_filter).',
            [],
          ) +
            conditionalRowsText(QUOTA_REPLY, [
              [String.raw`^5([0-9][0-9][ -])5(\..*)$`, '4$(1)4$2'],
              ['^5(.*)$', '4$1'],
            ]),
        ),
      ]
    : [];

export const takeOverParameters = ({ route }: Settings): readonly Parameter[] =>
  hasBackup(route) ? [['smtp_reply_filter', tableReference('regexp', TAKE_OVER)]] : [];

const hasBackup = (route: Route): boolean => route.kind === 'relay' && route.backups.length > 0;

/** The parameter that puts the filters in force. @param kind what the mail is sent to */
export const statusFilter = (kind: Route['kind']) =>
  [
    'smtp_delivery_status_filter',
    (kind === 'relay' ? [NAME, LIMITS] : [LIMITS])
      .map((name) => tableReference('regexp', name))
      .join(', '),
  ] as const;
