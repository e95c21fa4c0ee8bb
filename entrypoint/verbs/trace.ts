import { hostname } from 'node:os';
import { EXIT, type ExitCode, SettingsError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb, type World } from '../cli/verb.ts';
import { MOST_LISTED, Tracing } from '../log/tracing.ts';
import type { QueuedMessage } from '../postfix/queue-entry.ts';
import { QueueUnlisted, queuedMessages } from '../postfix/running/list-queue.ts';
import { containerName } from '../reports/pipe.ts';
import { lookForMail } from '../reports/trace/look-for-mail.ts';
import { traceLines } from '../reports/trace/trace-report.ts';
import { said, sayIn, variableNames } from '../settings/naming/sentence.ts';
import { givenPast, type LookUp } from './given-log.ts';
import { type Loaded, loadSettings } from './load.ts';

const WORDS = ['[ID-OR-ADDRESS]'] as const;

async function trace(call: Call<typeof JSON_OPTION, typeof WORDS>): Promise<ExitCode> {
  const [text] = call.words;
  const [log, queue, loaded] = await Promise.all([
    givenPast(() => Tracing.of(text), about(text), call.warn),
    listedQueue(call),
    settingsNow(call),
  ]);
  const report = await lookForMail(text, log, queue, loaded?.settings);
  const say = sayIn(loaded?.names ?? variableNames);
  printReport(call, said(report, say), () => traceLines(report, say, containerName(hostname())));
  return report.stories.length + report.refused.length > 0 ? EXIT.ok : EXIT.failed;
}

/** Maximum number of messages in the report. */
const MOST_FOUND = 500;

/** Looks a message up by its IDs or addresses; without either, the last ones. */
const about =
  (text: string | undefined): LookUp =>
  (history) => ({
    messages:
      text === undefined
        ? history.messages({ most: MOST_LISTED })
        : [
            ...history.messages({ id: text, most: MOST_FOUND }),
            ...history.messages({ address: text, most: MOST_FOUND }),
          ],
    since: new Date(0),
  });

/** Undefined when Postfix cannot list the queue; the log still gives its part. */
async function listedQueue({ warn }: World): Promise<readonly QueuedMessage[] | undefined> {
  try {
    return await queuedMessages();
  } catch (fault) {
    if (!(fault instanceof QueueUnlisted)) throw fault;
    warn(fault.message);
    return undefined;
  }
}

/** Settings improve the report, but invalid settings must not prevent it. */
async function settingsNow({ environment }: World): Promise<Loaded | undefined> {
  try {
    return await loadSettings(environment);
  } catch (fault) {
    if (fault instanceof SettingsError) return undefined;
    throw fault;
  }
}

export const traceVerb = verb(
  {
    name: 'trace',
    words: WORDS,
    summary: 'Show the story of a message, from the queue and a log on standard input.',
    details: 'Without an argument it lists the last messages.',
    options: JSON_OPTION,
  },
  trace,
);
