import type { Settings } from '../settings/settings.ts';
import { senderTransports } from './accounts.ts';
import type { RenderedFile } from './file.ts';
import { generic } from './generic.ts';
import { mainCf } from './main-cf.ts';
import { masterCf } from './master-cf.ts';
import { refusedClients } from './refused-clients.ts';
import { saslPasswd } from './sasl-passwd.ts';

/** The names of all tables that may be written, so that one no longer wanted can be removed. */
export const TABLE_NAMES: readonly string[] = ['sasl_passwd', 'sender_transport', 'generic'];

const MAP_TYPE = 'lmdb';

/** From settings to the complete set of files below /etc/postfix. */
export function render(settings: Settings): readonly RenderedFile[] {
  const indexed = [
    saslPasswd(settings, MAP_TYPE),
    senderTransports(settings, MAP_TYPE),
    generic(settings, MAP_TYPE),
  ].filter((file) => file !== undefined);
  const names = new Set(indexed.map(({ path }) => path.slice(path.lastIndexOf('/') + 1)));
  return [
    mainCf(settings, names, MAP_TYPE),
    masterCf(settings, MAP_TYPE),
    refusedClients(settings.clients),
    ...indexed,
  ];
}
