import type { Settings } from '../settings/settings.ts';
import { clientTransports, ownLogins, recipientTransports, senderTransports } from './accounts.ts';
import { addressTables } from './address-tables.ts';
import { CAPTURE_FILE, captureFiles } from './capture.ts';
import { certificateFiles } from './certificates.ts';
import { CREDENTIALS_QUERY, databaseFiles, RELAY_QUERY } from './database.ts';
import { nameOf, type RenderedFile } from './file.ts';
import { RECORDER_FILE, recorderFile } from './log-destination.ts';
import { mainCf } from './main-cf.ts';
import { masterCf } from './master-cf.ts';
import { ownTransport } from './own-names.ts';
import { PAGE_FILE, pageFile } from './page-file.ts';
import { refusedClients } from './refused-clients.ts';
import { relayStatus, TAKE_OVER, takeOverFiles } from './relay-status.ts';
import { replyFooters } from './reply-footers.ts';
import { saslPasswd } from './sasl-passwd.ts';
import { SEND_AS_FILES, sendAsFiles } from './send-as.ts';
import { SIGNER_FILES, signerFiles } from './signing.ts';
import { SUBMISSION_FILES, submissionFiles } from './submission.ts';
import { TOKEN_PLAN, tokenPlan } from './token-plan.ts';

/**
 * The files that some settings need and others do not, so that one no longer wanted can be removed.
 * Copies of CA files may stay: nothing refers to them any more.
 */
export const OPTIONAL_FILES: readonly string[] = [
  'sasl_passwd',
  'relay_status',
  TAKE_OVER,
  ...SEND_AS_FILES,
  ...SUBMISSION_FILES,
  'reply_footers',
  'sender_transport',
  'client_transport',
  CAPTURE_FILE,
  'generic',
  'canonical',
  'virtual',
  'mailboxes',
  'allowed_senders',
  'allowed_recipients',
  RELAY_QUERY,
  CREDENTIALS_QUERY,
  ...SIGNER_FILES,
  RECORDER_FILE,
  TOKEN_PLAN,
  PAGE_FILE,
];

/** From settings to the complete set of files below /etc/postfix. */
export function render(settings: Settings): readonly RenderedFile[] {
  const tables = [
    ...[saslPasswd(settings)].filter((file) => file !== undefined),
    ...ownLogins(settings),
    ...senderTransports(settings),
    ownTransport(settings, recipientTransports(settings)),
    ...addressTables(settings),
    ...databaseFiles(settings),
  ];
  return [
    mainCf(settings, new Set(tables.map(nameOf))),
    masterCf(settings),
    refusedClients(settings.clients),
    ...certificateFiles(settings),
    ...relayStatus(settings),
    ...takeOverFiles(settings),
    ...replyFooters(settings),
    ...signerFiles(settings),
    ...recorderFile(settings),
    ...sendAsFiles(settings),
    ...submissionFiles(settings),
    ...clientTransports(settings),
    ...captureFiles(settings),
    ...tokenPlan(settings),
    ...pageFile(settings),
    ...tables,
  ];
}
