/** What an operator asks the relay's own program. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { HOST, MADE_UP } from '../bench.ts';
import { PORT_25, TESTED } from '../mails.ts';
import { type Finding, finding } from '../report.ts';

/** A question, and what has to be in the answer. */
type Question = readonly [verb: string, words: readonly string[], answer: RegExp];

/** `trace` gets the log on its standard input. */
const QUESTIONS: readonly Question[] = [
  ['health', [], /^healthy$/m],
  ['check', [], new RegExp(`^mail goes to: .*${RegExp.escape(HOST)}`, 'm')],
  ['status', ['--json'], /^ *"running": true/m],
  ['queue', ['--json'], /^\[/],
  ['trace', [PORT_25.to, '--json'], /^ *"verdict": "delivered"/m],
  ['test', [TESTED.to, '--from', MADE_UP, '--json'], /^ *"fate": "delivered"/m],
];

/** After the others: it stops Postfix's programs, which begin anew. */
const RELOAD: Question = ['reload', [], /^reloaded; /m];

/** @param relay one that is healthy: a program that only starts has no answers */
export async function checkVerbs(relay: ScratchContainer): Promise<Finding> {
  const log = await relay.log();
  const answers = await Promise.all(QUESTIONS.map((question) => ask(relay, question, log)));
  const wrong = [...answers.flat(), ...(await ask(relay, RELOAD, ''))];
  const verbs = [...QUESTIONS, RELOAD].map(([verb]) => verb).join(', ');
  const expected = `hikyaku ${verbs} with answers`;
  return finding('verbs', expected, wrong.length === 0, wrong.join('; '));
}

async function ask(
  relay: ScratchContainer,
  [verb, words, right]: Question,
  input: string,
): Promise<readonly string[]> {
  const answer = await relay.exec(['hikyaku', verb, ...words], { input });
  const { exitCode, stdout, stderr } = answer;
  const isRight = exitCode === 0 && right.test(stdout);
  return isRight ? [] : [`hikyaku ${verb}: exit code ${exitCode}, ${stdout}${stderr}`.trim()];
}
