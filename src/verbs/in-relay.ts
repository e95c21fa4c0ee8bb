/**
 * Verbs of the relay's own program, asked from the host: `./hikyaku VERB RELAY …` runs them in the
 * container. The relay's log is the engine's, so those that tell from it get it on standard input.
 */
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { EXIT, type ExitCode, UsageError, UserError } from '../../entrypoint/cli/errors.ts';
import { printReport } from '../../entrypoint/cli/print-report.ts';
import type { Verb, World } from '../../entrypoint/cli/verb.ts';
import { readLines } from '../../entrypoint/inputs/standard-input.ts';
import { type Listener, LogReader } from '../../entrypoint/log/reader.ts';
import { Tracing } from '../../entrypoint/log/tracing.ts';
import { logLines } from '../../entrypoint/reports/status/log-lines.ts';
import { Counting, summarize } from '../../entrypoint/reports/status/log-summary.ts';
import { traceLines, traceReport } from '../../entrypoint/reports/trace/trace-report.ts';
import { said, sayIn, variableNames } from '../../entrypoint/settings/naming/sentence.ts';
import { COMMAND } from '../command-name.ts';
import { connectEngine } from '../docker/engine.ts';
import { RelayContainer } from '../docker/relay-container.ts';
import type { HostWorld } from './host-verb.ts';

/** How far back they look into the log, in milliseconds. */
const READS_LOG: Readonly<Record<string, number>> = {
  status: 2 * 86_400_000,
  trace: Number.POSITIVE_INFINITY,
};

/** What stands on the command line behind the verb. */
interface Asked {
  readonly relay: string;
  /** What the verb in the container gets. */
  readonly args: readonly string[];
  readonly words: readonly string[];
  readonly json: boolean;
}

/** The verb as the host has it: with the name of the container as its first word. */
export const inRelay = (inner: Verb): Verb<HostWorld> => ({
  ...inner,
  words: ['RELAY', ...(inner.words ?? [])],
  details: ['RELAY is the name of the container.', inner.details].filter(Boolean).join('\n'),
  run: async (args, world) => {
    const asked = read(inner, args);
    const { docker } = await connectEngine(world.environment);
    const relay = await RelayContainer.find(docker, asked.relay);
    return relay.isRunning
      ? ask(relay, inner.name, asked.args, world.print)
      : tellOfStopped(relay, inner.name, asked, world);
  },
});

/** The container judges the rest: it may be of another version. */
function read({ options = {} }: Verb, args: readonly string[]): Asked {
  const { tokens, positionals, values } = parseArgs({
    ...{ args: [...args], options, allowPositionals: true, strict: false, tokens: true },
  });
  const [relay, ...words] = positionals;
  if (relay === undefined) throw new UsageError('RELAY is missing, the name of the container');
  const at = tokens.find(({ kind }) => kind === 'positional')?.index;
  const json = values['json'] === true;
  return { relay, args: args.filter((_, index) => index !== at), words, json };
}

async function ask(
  relay: RelayContainer,
  verb: string,
  args: readonly string[],
  print: (line: string) => void,
): Promise<ExitCode> {
  const reach = READS_LOG[verb];
  const input = reach === undefined ? process.stdin : await relay.log(since(reach));
  let namesVerb = false;
  const watched = (to: NodeJS.WritableStream): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        namesVerb ||= /"hikyaku [a-z]/.test(chunk.toString());
        to.write(chunk, done);
      },
    });
  const [stdout, stderr] = [watched(process.stdout), watched(process.stderr)];
  const code = await relay.run(['hikyaku', verb, ...args], { input, stdout, stderr });
  await Promise.all([stdout, stderr].map((one) => finished(one.end())));
  // Who reads it on the host has another `hikyaku` at hand.
  if (namesVerb && !args.includes('--json')) {
    print(`"hikyaku VERB" above means: ${COMMAND} VERB ${relay.name}`);
  }
  return code as ExitCode;
}

const since = (reach: number): Date | undefined =>
  Number.isFinite(reach) ? new Date(Date.now() - reach) : undefined;

/** Its log is left, and that is all. */
async function tellOfStopped(
  relay: RelayContainer,
  verb: string,
  { json, words: [query] }: Asked,
  { print, warn }: World,
): Promise<ExitCode> {
  const reach = READS_LOG[verb];
  const why = `"docker logs ${relay.name}" says why it ended`;
  if (reach === undefined) {
    throw new UserError(`${relay.name} does not run: ${why}`, EXIT.failed);
  }
  warn(`${relay.name} does not run, so its queue was not asked: ${why}`);
  const say = sayIn(variableNames);
  if (verb === 'status') {
    const summary = summarize(await heard(relay, reach, () => new Counting())) ?? null;
    const nothing = ['its log of the last two days has no line of Postfix'];
    printReport({ json, print }, said({ running: false, log: summary }, say), () =>
      summary === null ? nothing : logLines(summary, say),
    );
    return EXIT.failed;
  }
  const log = await heard(relay, reach, () => Tracing.of(query));
  const stories = log.listeners.flatMap((tracing) => tracing.found([]));
  const refusals = log.listeners.flatMap((tracing) => tracing.refusals);
  const report = traceReport(query, stories, refusals, log.since, {
    servers: [],
    queueKnown: false,
    leavesAs: (address) => address,
    sentAs: () => undefined,
    now: new Date(),
  });
  printReport({ json, print }, said(report, say), () => traceLines(report, say));
  return report.stories.length + report.refused.length > 0 ? EXIT.ok : EXIT.failed;
}

async function heard<L extends Listener>(
  relay: RelayContainer,
  reach: number,
  newListener: () => L,
): Promise<LogReader<L>> {
  const reader = new LogReader(newListener, () => new Date());
  await readLines(await relay.log(since(reach)), (line) => reader.push(line));
  return reader;
}
