/**
 * Verbs of the relay's own program, asked from the host: `./hikyaku VERB RELAY …` runs them in the
 * container. The relay's log is the engine's, so those that tell from it get it on standard input.
 */
import { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { EXIT, type ExitCode, UsageError, UserError } from '../../entrypoint/cli/errors.ts';
import type { Verb } from '../../entrypoint/cli/verb.ts';
import { COMMAND } from '../command-name.ts';
import { connectEngine } from '../docker/engine.ts';
import { RelayContainer } from '../docker/relay-container.ts';
import { logInInside } from './hear-browser.ts';
import type { HostWorld } from './host-verb.ts';

/** How far back they look into the log, in milliseconds. */
const READS_LOG: Readonly<Record<string, number>> = {
  status: 2 * 86_400_000,
  trace: Number.POSITIVE_INFINITY,
};

/** The verb as the host has it: with the name of the container as its first word. */
export const inRelay = (inner: Verb): Verb<HostWorld> => ({
  ...inner,
  words: ['RELAY', ...(inner.words ?? [])],
  details: ['RELAY is the name of the container.', inner.details].filter(Boolean).join('\n'),
  run: async (words, { environment, print }) => {
    const { name, args } = read(inner, words);
    const { docker } = await connectEngine(environment);
    const relay = await RelayContainer.find(docker, name);
    if (relay.isRunning) return ask(relay, inner.name, args, print);
    throw new UserError(
      `${name} does not run: "docker logs ${name}" says why it ended`,
      EXIT.failed,
    );
  },
});

/** The container judges the rest: it may be of another version. */
function read({ options = {} }: Verb, args: readonly string[]) {
  const { tokens } = parseArgs({
    ...{ args: [...args], options, allowPositionals: true, strict: false, tokens: true },
  });
  const first = tokens.find((token) => token.kind === 'positional');
  if (first === undefined) throw new UsageError('RELAY is missing, the name of the container');
  return { name: first.value, args: args.filter((_, index) => index !== first.index) };
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
  const streams = { input, stdout, stderr };
  const code = await (verb === 'login'
    ? logInInside(relay, args, streams)
    : relay.run(['hikyaku', verb, ...args], streams));
  await Promise.all([stdout, stderr].map((one) => finished(one.end())));
  // Who reads it on the host has another `hikyaku` at hand.
  if (namesVerb && !args.includes('--json')) {
    print(`"hikyaku VERB" above means: ${COMMAND} VERB ${relay.name}`);
  }
  return code as ExitCode;
}

const since = (reach: number): Date | undefined =>
  Number.isFinite(reach) ? new Date(Date.now() - reach) : undefined;
