import { RULES, type Trouble } from './reasons.ts';
import type { SettingName } from './servers.ts';

/** Why mail waits or came back, in words that need no knowledge of mail. */
export interface ReasonWords {
  /** Undefined when the text is not known to the table. */
  readonly trouble: Trouble | undefined;
  readonly cause: string;
  readonly remedy: string;
}

/**
 * Explains what Postfix says of a delivery (`delay_reason` of postqueue(1), a bounce's text).
 * @param of names the settings of the server that the mail goes through
 */
export function explainReason(reason: string, of: SettingName): ReasonWords {
  const rule = RULES.find(({ pattern }) => pattern.test(reason));
  if (rule === undefined) {
    return {
      trouble: undefined,
      cause: "a reason that is not in this relay's table",
      remedy: 'run "hikyaku doctor"; the words above are those of Postfix or of the server',
    };
  }
  return { trouble: rule.trouble, cause: rule.cause, remedy: rule.remedy(of) };
}
