import type { SettingName } from '../probe/servers.ts';
import { RULES, type Trouble } from './reasons.ts';

/** Why mail waits or came back, in words that need no knowledge of mail. */
export interface ReasonWords {
  /** Undefined when the text is not known to the table. */
  readonly trouble: Trouble | undefined;
  readonly cause: string;
  readonly remedy: string;
}

/**
 * What is said, without the names and addresses in it: a host at 185.7.25.1, or somebody whose
 * address begins with "spam", says nothing of what is the matter.
 */
const said = (reason: string): string =>
  reason
    .replace(/\d{1,3}(\.\d{1,3}){3}/g, '')
    .replace(/[^\s<]*\[([\da-f]*:[\da-f:]*)?\]/gi, '[]')
    .replace(/[^\s<>@]+@(?!rx\.t-online)[^\s<>@,;)]+/g, 'somebody')
    .replace(/\bname=\S+/g, 'name=');

/**
 * Explains what Postfix says of a delivery (`delay_reason` of postqueue(1), a bounce's text).
 * @param of names the settings of the server that the mail goes through
 */
export function explainReason(reason: string, of: SettingName): ReasonWords {
  const words = said(reason);
  const rule = RULES.find(({ pattern }) => pattern.test(words));
  if (rule === undefined) {
    return {
      trouble: undefined,
      cause: "a reason that is not in this relay's table",
      remedy: 'run "hikyaku doctor"; the words above are those of Postfix or of the server',
    };
  }
  return { trouble: rule.trouble, cause: rule.cause, remedy: rule.remedy(of) };
}
