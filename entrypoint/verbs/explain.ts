import { EXIT, type ExitCode, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import type { Call, Verb } from '../cli/verb.ts';
import { findPostfix } from '../postfix/running/master.ts';
import { Resolver } from '../postfix/running/resolver.ts';
import { explain } from '../reports/explain/explanation.ts';
import { explanationWords } from '../reports/explain/words.ts';
import { quoted } from '../settings/problem.ts';
import { addressForm } from '../settings/validators/address.ts';

async function printExplanation(call: Call): Promise<ExitCode> {
  const [from, to, ...rest] = call.words;
  if (from === undefined || to === undefined || rest.length > 0) {
    throw new UserError('two addresses are wanted: hikyaku explain FROM TO', EXIT.usage);
  }
  // The tables are asked as the running Postfix asks them, and its resolver itself.
  findPostfix();
  using resolver = new Resolver();
  const explanation = await explain(resolver, addressIn(from, true), addressIn(to, false));
  printReport(call, explanation, () => explanationWords(explanation));
  return EXIT.ok;
}

/** An address or a bare user name; `<>` is the sender of what Postfix itself sends back. */
function addressIn(word: string, isSender: boolean): string {
  if (isSender && (word === '<>' || word === '')) return '';
  const form = addressForm(word);
  if (form === 'address' || form === 'user') return word;
  throw new UserError(`${quoted(word)} is not a mail address`, EXIT.usage);
}

export const explainVerb: Verb = {
  name: 'explain',
  usage: 'explain FROM TO [--json]',
  describe: 'Tell what would become of one message: who takes it, as whom, rewritten how.',
  json: true,
  run: printExplanation,
};
