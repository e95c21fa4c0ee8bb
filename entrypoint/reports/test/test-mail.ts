import { isAddress } from '../../probe/senders.ts';
import type { Settings } from '../../settings/settings.ts';

/** A mail that `hikyaku test` hands in. */
export interface TestMail {
  readonly from: string;
  readonly to: string;
  /** A mark that no other message has. */
  readonly mark: string;
  /** The whole message, lines ending in CRLF, without the final dot. */
  readonly text: string;
}

/**
 * The sender when none is given: one that the relay takes and its provider most likely too. Without
 * a better one it is root, as for mail from cron.
 */
export function testSender({ allowedSenders, route, myorigin }: Settings): string {
  const username = route.kind === 'relay' ? route.login?.username : undefined;
  return [...allowedSenders, username ?? ''].find(isAddress) ?? `root@${myorigin}`;
}

/** cleanup(8) writes its queue file in blocks of 4096 bytes: one more and the mark is on the disk. */
const MORE_THAN_A_BLOCK = 6_000;

/** Invisible blanks at the ends of lines. */
const invisible = (bytes: number): string => `${' '.repeat(76)}\r\n`.repeat(Math.ceil(bytes / 78));

/** Writes a test mail. @param now for its field Date */
export function composeTestMail(
  { from, to, mark }: Omit<TestMail, 'text'>,
  myhostname: string,
  now: Date,
): TestMail {
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: Test from ${myhostname}`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${mark}@${myhostname}>`,
    'Auto-Submitted: auto-generated',
    '',
    `This is a test of the mail relay ${myhostname}, sent by "hikyaku test".`,
    'When you read it, mail through that relay reaches you.',
    '',
  ];
  const text = `${lines.join('\r\n')}\r\n${invisible(MORE_THAN_A_BLOCK)}`;
  return { from, to, mark, text };
}
