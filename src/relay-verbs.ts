/**
 * Verbs about a relay in a container. Its log is the engine's, its queue and settings are inside: so
 * the log is read here, and given to the relay's own program, which knows the rest.
 */

import { EXIT, UserError } from '../entrypoint/cli/errors.ts';
import { readLog } from '../entrypoint/log/log.ts';
import { search } from '../entrypoint/log/search.ts';
import { tell } from '../entrypoint/log/story.ts';
import { summarize } from '../entrypoint/reports/summary.ts';
import { summaryLines } from '../entrypoint/reports/summary-lines.ts';
import { traceLines, traceReport } from '../entrypoint/reports/trace-report.ts';
import { COMMAND } from './command-name.ts';
import { hintForHost } from './container-verbs.ts';
import { connectEngine } from './docker/engine.ts';
import { RelayContainer } from './docker/relay-container.ts';
import type { HostCall } from './host-verbs.ts';

/** How far back `status` looks. */
const TWO_DAYS_MS = 2 * 86_400_000;

async function relayOf({ environment }: HostCall, name: string): Promise<RelayContainer> {
  const { docker } = await connectEngine(environment);
  return RelayContainer.find(docker, name);
}

/** Hands the log to the verb in the container, and passes on what it says. */
async function askInside(
  relay: RelayContainer,
  words: readonly string[],
  log: string,
  call: HostCall,
): Promise<number> {
  const command = ['hikyaku', ...words, ...(call.json ? ['--json'] : [])];
  const { stdout, stderr, exitCode: code } = await relay.ask(command, log);
  for (const line of linesOf(stderr)) call.warn(line.replace(/^hikyaku: /, ''));
  for (const line of linesOf(stdout)) call.print(line);
  if (!call.json)
    for (const line of hintForHost(relay.name, linesOf(stdout + stderr))) call.print(line);
  return code;
}

const linesOf = (text: string): readonly string[] =>
  text === '' ? [] : text.replace(/\n$/, '').split('\n');

const NOT_RUNNING = (name: string): string =>
  `${name} does not run, so its queue was not asked: "docker logs ${name}" says why it ended`;

/** `hikyaku trace RELAY ID-OR-ADDRESS` */
export async function trace(call: HostCall): Promise<number> {
  const [name, query] = call.words;
  if (name === undefined || query === undefined) {
    throw new UserError(
      `use: ${COMMAND} trace RELAY ID-OR-ADDRESS, RELAY being the name of the container`,
      EXIT.usage,
    );
  }
  const relay = await relayOf(call, name);
  const log = await relay.log();
  if (relay.isRunning) return askInside(relay, ['trace', query], log, call);
  call.warn(NOT_RUNNING(name));
  const { events, since } = readLog(log, new Date());
  const report = traceReport(query, search(tell(events), query), since, {
    servers: [],
    queueKnown: false,
    leavesAs: (address) => address,
    now: new Date(),
  });
  for (const line of call.json ? [JSON.stringify(report, null, 2)] : traceLines(report)) {
    call.print(line);
  }
  return report.stories.length + report.refused.length > 0 ? EXIT.ok : EXIT.failed;
}

/** `hikyaku status RELAY` */
export async function status(call: HostCall): Promise<number> {
  const [name] = call.words;
  if (name === undefined) {
    throw new UserError(
      `use: ${COMMAND} status RELAY, RELAY being the name of the container`,
      EXIT.usage,
    );
  }
  const relay = await relayOf(call, name);
  const now = new Date();
  const log = await relay.log(new Date(now.getTime() - TWO_DAYS_MS));
  if (relay.isRunning) return askInside(relay, ['status'], log, call);
  call.warn(NOT_RUNNING(name));
  const summary = summarize(readLog(log, now)) ?? null;
  if (call.json) call.print(JSON.stringify({ running: false, log: summary }, null, 2));
  else if (summary === null) call.print('its log of the last two days has no line of Postfix');
  else for (const line of summaryLines(summary)) call.print(line);
  return EXIT.failed;
}
