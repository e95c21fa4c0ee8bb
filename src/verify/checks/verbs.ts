/** What an operator asks the relay's own program. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { HOST } from '../bench.ts';
import { type Finding, finding } from '../report.ts';

/** A question, and what has to be in the answer. */
const QUESTIONS: readonly (readonly [verb: string, words: readonly string[], answer: RegExp])[] = [
  ['health', [], /^healthy$/m],
  ['check', [], new RegExp(`^mail goes to: .*${RegExp.escape(HOST)}`, 'm')],
  ['status', ['--json'], /^ *"running": true/m],
  ['queue', ['--json'], /^\[/],
];

/** @param relay one that is healthy: a program that only starts has no answers */
export async function checkVerbs(relay: ScratchContainer): Promise<Finding> {
  const answers = await Promise.all(
    QUESTIONS.map(async ([verb, words, right]) => {
      const { exitCode, stdout, stderr } = await relay.exec(['hikyaku', verb, ...words]);
      const isRight = exitCode === 0 && right.test(stdout);
      return isRight ? [] : [`hikyaku ${verb}: exit code ${exitCode}, ${stdout}${stderr}`.trim()];
    }),
  );
  const wrong = answers.flat();
  const expected = `hikyaku ${QUESTIONS.map(([verb]) => verb).join(', ')} with answers`;
  return finding('verbs', expected, wrong.length === 0, wrong.join('; '));
}
