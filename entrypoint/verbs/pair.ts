import { randomInt } from 'node:crypto';
import { EXIT, type ExitCode, SettingsError, UsageError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb, type World } from '../cli/verb.ts';
import { FollowedLog } from '../install/follow-log.ts';
import { oneAtATime } from '../install/one-at-a-time.ts';
import type { LogEvent } from '../log/event.ts';
import { type Visit, VisitReader } from '../log/visit.ts';
import { problemLine } from '../messages/problem.ts';
import { keepLines, keptSettings, outcomeLines } from '../pairing/pair-report.ts';
import { pairWords } from '../pairing/pair-words.ts';
import { type Desk, type Outcome, Pairing } from '../pairing/pairing.ts';
import { findPostfix } from '../postfix/running/master.ts';
import { type Change, withChanges } from '../settings/changes.ts';
import type { Given } from '../settings/naming/given.ts';
import { sayIn } from '../settings/naming/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { ipAddress } from '../settings/validators/network.ts';
import { duration } from '../settings/validators/plain.ts';
import { applySettings } from './apply.ts';
import { judge, type Loaded, loadGiven } from './load.ts';
import { Answers, Inbox } from './pair-desk.ts';

const OPTIONS = {
  yes: { type: 'boolean', default: false, about: 'apply each proposal unasked; name the device' },
  timeout: { type: 'string', value: 'TIME', default: '10m', about: 'give up after this time' },
  ...JSON_OPTION,
} as const;

const WORDS = ['[ADDRESS]'] as const;

async function pair(call: Call<typeof OPTIONS, typeof WORDS>): Promise<ExitCode> {
  const [address] = call.words;
  if (address !== undefined) read('ADDRESS', () => ipAddress()._parse(address));
  if (call.yes && address === undefined) {
    throw new UsageError('--yes needs the address of the device: anybody could come first');
  }
  const seconds = read('--timeout', () => duration()._parse(call.timeout));
  findPostfix();
  const given = await loadGiven(call.environment);
  const loaded = judge(given, call.environment);
  const words = pairWords(sayIn(loaded.names));
  const login = { username: 'device', password: newPassword() };
  const inbox = new Inbox();
  const log = await FollowedLog.begin(readerFor(inbox), () =>
    inbox.put({ kind: 'end', why: 'log' }),
  );
  const timer = setTimeout(() => inbox.put({ kind: 'end', why: 'time' }), seconds * 1000);
  const interrupt = (): void => inbox.put({ kind: 'end', why: 'interrupted' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt);
  using answers = new Answers(inbox, call);
  const tell = call.json ? () => undefined : call.print;
  let isKept = false;
  try {
    const force = (changes: readonly Change[], followed: boolean) =>
      oneAtATime(() => apply(given, changes, loaded, call, followed));
    await force([], true);
    for (const line of words.hello(loaded.settings)) tell(line);
    const desk: Desk = {
      next: () => inbox.next(),
      apply: async (changes) => {
        const applied = await force(changes, true).catch(problemsOf);
        inbox.forgetVisits();
        return applied;
      },
      ask: (question) => answers.ask(question),
      tell,
    };
    const pairing = new Pairing(desk, words, loaded.settings, { address, login });
    const outcome = await pairing.run();
    if (outcome.ok) {
      await force(outcome.changes, false);
      isKept = true;
    }
    const kept = keepLines(given, keptSettings(given, outcome.changes));
    printReport(call, { ...withoutSecrets(outcome), keep: kept }, () =>
      outcomeLines(outcome, given),
    );
    return outcome.ok ? EXIT.ok : EXIT.failed;
  } finally {
    clearTimeout(timer);
    await log.end(isKept);
  }
}

/** The password is in the report once, as that of the login. */
const withoutSecrets = ({ changes, tries, ...rest }: Outcome): Outcome => ({
  ...rest,
  changes: changes.map(withoutSecret),
  tries: tries.map(({ proposal, ...one }) => ({
    ...one,
    proposal: proposal && { ...proposal, changes: proposal.changes.map(withoutSecret) },
  })),
});

const withoutSecret = (change: Change): Change =>
  change.path === 'submission.password' ? { path: change.path, set: '***' } : change;

/** Reads a word of the command line as a setting's validator would. */
function read<T>(what: string, parse: () => T): T {
  try {
    return parse();
  } catch (fault) {
    throw new UsageError(`${what}: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}

const readerFor = (inbox: Inbox): ((line: string) => void) => {
  const reader = new VisitReader(
    {
      visited: (visit: Visit) => inbox.put({ kind: 'visit', visit }),
      hear: (event: LogEvent) => {
        if (event.kind === 'attempt') inbox.put({ kind: 'attempt', attempt: event });
      },
    },
    () => new Date(),
  );
  return (line) => reader.push(line);
};

/** Puts what was given, with some changes, in force. */
async function apply(
  given: Given,
  changes: readonly Change[],
  { files }: Loaded,
  { environment }: World,
  isFollowed: boolean,
): Promise<Settings> {
  const { settings } = judge(withChanges(given, changes), environment);
  const inForce = isFollowed ? { ...settings, followed: true as const } : settings;
  await applySettings(inForce, files, environment, findPostfix());
  return settings;
}

function problemsOf(fault: unknown): { readonly problems: readonly string[] } {
  if (fault instanceof SettingsError) return { problems: fault.problems.map(problemLine) };
  if (fault instanceof Error) return { problems: [fault.message] };
  throw fault;
}

/** Unambiguous letters and digits, since the user types them on a printer. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

const newPassword = (): string =>
  Array.from({ length: 16 }, () => LETTERS.charAt(randomInt(LETTERS.length))).join('');

export const pairVerb = verb(
  {
    name: 'pair',
    words: WORDS,
    summary: 'Find out what a device needs to send mail, while you press its test button.',
    details:
      'It tells what the device tried, proposes the narrowest change to the settings, applies it if\n' +
      'you say yes, and prints what to write into the settings. ADDRESS names the device.',
    options: OPTIONS,
  },
  pair,
);
