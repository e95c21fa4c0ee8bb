import type { Parameter } from '../postfix/cf-syntax.ts';
import type { Alerts, Settings } from '../settings/settings.ts';
import { type EndingSources, endingSources } from './ending-sources.ts';
import { configFile, type RenderedFile, SECRET } from './file.ts';

/** The directory of Postfix's log while a recorder reads it; in memory, readable only by root. */
export const LOG_DIRECTORY = '/tmp/log';
export const LOG_FILE = `${LOG_DIRECTORY}/mail.log`;

/** The settings that the recorder needs, without the passwords of mail logins. */
export interface RecorderSettings {
  readonly format: 'postfix' | 'json';
  /** Whether addresses are hidden in the output; what is kept has them. */
  readonly anonymize: boolean;
  /** How long what became of a mail is kept, in seconds; absent: not at all. */
  readonly history?: number | undefined;
  /** Who gets an alert when mail cannot get out; absent: no alerts. */
  readonly alerts?: Alerts | undefined;
  /** Beside alerts. */
  readonly endings?: EndingSources | undefined;
  /** How the relay calls itself. */
  readonly relay: string;
}

/** Whether a recorder stands between Postfix's log and the container's output. */
export const isRecorded = ({ log, history, alerts }: Settings): boolean =>
  log.format === 'json' || log.anonymize || history !== undefined || alerts !== undefined;

/** Postfix writes to the container's output by itself, or to the recorder's file. */
export const logParameters = (settings: Settings): readonly Parameter[] => [
  ...(isRecorded(settings)
    ? ([
        ['maillog_file', LOG_FILE],
        ['maillog_file_prefixes', LOG_DIRECTORY],
      ] as const)
    : ([['maillog_file', '/dev/stdout']] as const)),
  ...(settings.followed ? [['postlog_service_name', FOLLOWER] as const] : []),
];

/**
 * The socket of the program that follows the log, in the queue's `public` (helpers/follow-log.c).
 */
export const FOLLOWER = 'follower';

/** While the log is followed, each listener logs under its port: the only place that has it. */
export const portName = (port: number): string => `port-${port}`;

/** The recorder's settings below /etc/postfix. */
export const RECORDER_FILE = 'recorder';

export function recorderFile(settings: Settings): readonly RenderedFile[] {
  if (!isRecorded(settings)) return [];
  const { log, history, alerts, myhostname: relay } = settings;
  const endings = alerts && endingSources(settings);
  const content: RecorderSettings = { ...log, history, alerts, endings, relay };
  // The addresses of alerts hold tokens.
  return [configFile(RECORDER_FILE, `${JSON.stringify(content, null, 2)}\n`, SECRET)];
}
