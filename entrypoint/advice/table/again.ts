import { type Sentence, words } from '../../settings/naming/sentence.ts';
import type { About } from '../entry.ts';
import type { Trouble } from '../trouble.ts';

/** Postfix keeps mail when a login fails, whatever the code (smtp_sasl_auth_soft_bounce). */
const isFinal = (trouble: Trouble, { isReturned }: About): boolean =>
  isReturned ??
  ('reply' in trouble &&
    trouble.reply !== undefined &&
    trouble.reply.code >= 500 &&
    !('step' in trouble && trouble.step === 'AUTH'));

/** Temporary trouble: waiting mail goes by itself, returned mail has to be sent again. */
export const again = (trouble: Trouble, about: About): Sentence =>
  isFinal(trouble, about)
    ? words`this mail came back: send it again later`
    : words`nothing at once: Postfix tries again by itself`;
