import type { Ending } from '../settings/ending.ts';
import type { Settings } from '../settings/settings.ts';
import { tokenLogins } from './token-plan.ts';

/** The sources of ends for the programs beside Postfix (companion/endings.ts). */
export interface EndingSources {
  readonly given: readonly Ending[];
  /** Whether clients see the relay's own certificate. */
  readonly hasOwnCertificate: boolean;
  /** Whether tokens of OAuth 2 are kept. */
  readonly hasTokens: boolean;
}

export const endingSources = (settings: Settings): EndingSources => ({
  given: settings.endings,
  hasOwnCertificate: settings.submission.certificate?.kind === 'own',
  hasTokens: tokenLogins(settings).length > 0,
});
