import type { Settings } from '../settings/settings.ts';
import { isRecorded } from './log-destination.ts';
import { tokenLogins } from './token-plan.ts';

/** What runs beside Postfix (companion/programs.ts). */
export type CompanionPart = 'watcher' | 'recorder' | 'page' | 'signer' | 'tokens';

/** The parts that the settings require; usually empty. */
export const companionParts = (settings: Settings): readonly CompanionPart[] => [
  ...(settings.watch ? (['watcher'] as const) : []),
  ...(isRecorded(settings) ? (['recorder'] as const) : []),
  ...(settings.page === undefined ? [] : (['page'] as const)),
  ...(settings.signing === undefined ? [] : (['signer'] as const)),
  ...(tokenLogins(settings).length > 0 ? (['tokens'] as const) : []),
];
