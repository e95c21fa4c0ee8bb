import { isIP } from 'node:net';
import { EXIT, type ExitCode, UsageError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { quoted } from '../messages/problem.ts';
import { findPostfix } from '../postfix/running/master.ts';
import { Resolver } from '../postfix/running/resolver.ts';
import { explain } from '../reports/explain/explanation.ts';
import { explanationWords } from '../reports/explain/explanation-lines.ts';
import { addressForm } from '../settings/validators/address.ts';

const WORDS = ['FROM', 'TO'] as const;

const OPTIONS = {
  ...JSON_OPTION,
  client: { type: 'string', value: 'ADDRESS', about: 'the machine that hands it in' },
} as const;

async function printExplanation(call: Call<typeof OPTIONS, typeof WORDS>): Promise<ExitCode> {
  const [from, to] = call.words;
  // The tables are asked as the running Postfix asks them, and its resolver itself.
  findPostfix();
  using resolver = new Resolver();
  const explanation = await explain(
    resolver,
    addressIn(from, true),
    addressIn(to, false),
    clientIn(call.client),
  );
  printReport(call, explanation, () => explanationWords(explanation));
  return EXIT.ok;
}

/** The address of a machine. */
function clientIn(word: string | undefined): string | undefined {
  if (word === undefined || isIP(word) !== 0) return word;
  throw new UsageError(`${quoted(word)} is not the address of a machine`);
}

/** An address or a bare user name; `<>` is the sender of what Postfix itself sends back. */
function addressIn(word: string, isSender: boolean): string {
  if (isSender && (word === '<>' || word === '')) return '';
  const form = addressForm(word);
  if (form === 'address' || form === 'user') return word;
  throw new UsageError(`${quoted(word)} is not a mail address`);
}

export const explainVerb = verb(
  {
    name: 'explain',
    words: WORDS,
    summary: 'Show the way of one message: its server, its login, its rewritten addresses.',
    options: OPTIONS,
  },
  printExplanation,
);
