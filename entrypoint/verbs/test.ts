import { randomUUID } from 'node:crypto';
import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { SPOOL } from '../postfix/spool.ts';
import { handIn } from '../reports/test/hand-in.ts';
import { outcomeLines, outcomeReport } from '../reports/test/outcome-report.ts';
import { composeTestMail, testSender } from '../reports/test/test-mail.ts';
import { said, sayIn } from '../settings/naming/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { addressForm } from '../settings/validators/address.ts';
import { loadSettings } from './load.ts';

const OPTIONS = {
  from: { type: 'string', value: 'ADDRESS', about: 'the sender of the test mail' },
  ...JSON_OPTION,
} as const;

const WORDS = ['ADDRESS'] as const;

async function test(call: Call<typeof OPTIONS, typeof WORDS>): Promise<ExitCode> {
  const { settings, names } = await loadSettings(call.environment);
  const to = readAddress(call.words[0], 'the recipient', settings);
  const from = readAddress(call.from ?? testSender(settings), '--from', settings);
  const mail = composeTestMail({ from, to, mark: randomUUID() }, settings.myhostname, new Date());
  const [port = 25] = settings.listen;
  const say = call.json ? () => undefined : call.print;
  say(`from ${from} to ${to}, handed in on port ${port}`);
  const isSigned = settings.signing !== undefined;
  const handedIn = await handIn(mail, port, SPOOL, isSigned).catch((fault: unknown): never => {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new UserError(`Postfix takes no mail on port ${port}: ${why}`, EXIT.unavailable);
  });
  if ('id' in handedIn) say(`taken as ${handedIn.id}; on its way`);
  const report = await outcomeReport(handedIn, { from, to }, settings);
  const inNames = sayIn(names);
  printReport(call, said({ from, to, ...report }, inNames), () => outcomeLines(report, inNames));
  return report.ok ? EXIT.ok : EXIT.failed;
}

/** An address, or a bare user name such as root, completed as sendmail(1) would. */
function readAddress(text: string | undefined, what: string, { myorigin }: Settings): string {
  const form = text === undefined ? undefined : addressForm(text);
  if (text !== undefined && form === 'address') return text;
  if (form === 'user') return `${text}@${myorigin}`;
  throw new UsageError(`${what} has to be an address, or a user name such as root`);
}

export const testVerb = verb(
  {
    name: 'test',
    words: WORDS,
    summary: 'Send a test mail through the relay and follow it to its end.',
    options: OPTIONS,
  },
  test,
);
