/** What an operator asks the relay's own program. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { HOST, MADE_UP } from '../home.ts';
import { PORT_25, TESTED } from '../mails.ts';
import type { MockProvider } from '../mock-provider.ts';
import { type Finding, finding } from '../report.ts';
import { tells } from './processes.ts';

/** A question, and what has to be in the answer. */
type Question = readonly [verb: string, words: readonly string[], answer: RegExp];

/** `trace` gets the log on its standard input. */
const QUESTIONS: readonly Question[] = [
  ['health', [], /^healthy$/m],
  ['render', [], /\*{3}/],
  ['check', [], new RegExp(`^mail goes to: .*${RegExp.escape(HOST)}`, 'm')],
  ['status', ['--json'], /^ *"running": true/m],
  ['queue', ['--json'], /^\[/],
  ['trace', [PORT_25.to, '--json'], /^ *"verdict": "delivered"/m],
  ['test', [TESTED.to, '--from', MADE_UP, '--json'], /^ *"fate": "delivered"/m],
];

/**
 * @param relay one that is healthy: a program that only starts has no answers
 * @param password is in none of them
 */
export async function checkVerbs(
  relay: ScratchContainer,
  provider: MockProvider,
  password: string,
): Promise<Finding> {
  const log = await relay.log();
  const answers = await Promise.all(
    QUESTIONS.map((question) => ask(relay, question, log, password)),
  );
  const refusal = await relay.exec(['env', 'RELAY_PORT=five', 'hikyaku', 'check']);
  const isThere = (await provider.messageTo(TESTED.to, 5)) !== undefined;
  const wrong = [
    ...answers.flat(),
    ...(refusal.exitCode === 78
      ? []
      : [`check: exit code ${refusal.exitCode} with RELAY_PORT=five`]),
    ...(isThere ? [] : ['test: its mail is not at the provider']),
  ];
  const verbs = QUESTIONS.map(([verb]) => verb).join(', ');
  const expected = `hikyaku ${verbs} with answers`;
  return finding('verbs', expected, wrong.length === 0, wrong.join('; '));
}

async function ask(
  relay: ScratchContainer,
  [verb, words, right]: Question,
  input: string,
  password: string,
): Promise<readonly string[]> {
  const answer = await relay.exec(['hikyaku', verb, ...words], { input });
  const { exitCode, stdout, stderr } = answer;
  if (tells(stdout + stderr, password)) return [`hikyaku ${verb}: shows the password`];
  const isRight = exitCode === 0 && right.test(stdout);
  return isRight ? [] : [`hikyaku ${verb}: exit code ${exitCode}, ${stdout}${stderr}`.trim()];
}
