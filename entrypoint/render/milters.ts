import { type Parameter, type Service, unix } from '../postfix/cf-syntax.ts';
import type { Settings } from '../settings/settings.ts';
import { rewritesSenders } from './send-as.ts';

/** The headers to note before they are rewritten, and the service that notes them. */
const notes = (settings: Settings): readonly { service: string; what: string }[] => [
  ...(rewritesSenders(settings) ? [{ service: 'keep-from', what: 'from' }] : []),
  ...(settings.capture === undefined ? [] : [{ service: 'keep-recipients', what: 'recipients' }]),
];

const milter = (service: string): string => `{ unix:private/${service}, default_action=accept }`;

/** The milter that notes From, for mail that takes a second step. */
export const noteFrom = milter('keep-from');

/** Mail goes on should one of them fail: a note is lost then, and no mail. */
export function milterParameters(settings: Settings): readonly Parameter[] {
  const own = notes(settings).map(({ service }) => milter(service));
  return own.length === 0
    ? []
    : [
        ['smtpd_milters', own],
        ['non_smtpd_milters', own],
      ];
}

/** Started by master for each connection (helpers/keep-originals.c). */
export const milterServices = (settings: Settings): readonly Service[] =>
  notes(settings).map(({ service, what }) =>
    unix(service, `spawn user=nobody argv=/usr/lib/hikyaku/keep-originals ${what}`, {
      unprivileged: false,
      processes: '0',
    }),
  );
