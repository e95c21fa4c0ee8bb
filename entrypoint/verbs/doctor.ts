import { networkInterfaces } from 'node:os';
import { EXIT, type ExitCode, UsageError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { programsOf } from '../companion/programs.ts';
import { programsAway } from '../companion/supervisor.ts';
import { changedFiles } from '../install/install-files.ts';
import { disorder } from '../install/spool.ts';
import { addressesOf } from '../probe/dns.ts';
import { policyGetter } from '../probe/receivers/sts.ts';
import { isAddress } from '../probe/senders.ts';
import type { CheckedRecord } from '../reports/dkim-report.ts';
import { doctorLines, type Finding, isWrong } from '../reports/doctor/diagnosis.ts';
import { insideFindings, lookAtQueue, warningFindings } from '../reports/doctor/inside.ts';
import { outsideFindings, senderFindings, tokenFindings } from '../reports/doctor/outside.ts';
import { recipientFindings } from '../reports/doctor/recipient.ts';
import { databaseNote } from '../reports/doctor/sender-route.ts';
import { said, sayIn } from '../settings/naming/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import { AS_STARTED, environmentOf } from './as-started.ts';
import { checkedRecords } from './dkim.ts';
import { checkIntake } from './health.ts';
import { type Loaded, loadSettings } from './load.ts';
import { builtAt, probeContext, trustedCas } from './probe-context.ts';

/** A slow or busy machine answers within this time. */
const PATIENCE_MS = 10_000;

const OPTIONS = {
  sender: {
    type: 'string',
    value: 'ADDRESS',
    about: "check only the way of this sender's mail",
  },
  to: {
    type: 'string',
    value: 'ADDRESS',
    about: "check only the direct way to this recipient's domain: hosts, DANE, MTA-STS",
  },
  ...JSON_OPTION,
  ...AS_STARTED,
} as const;

async function doctor(call: Call<typeof OPTIONS>): Promise<ExitCode> {
  const loaded = await loadSettings(environmentOf(call));
  const { settings, names } = loaded;
  const { sender, to } = call;
  const findings = (
    await Promise.all([
      ...(sender === undefined ? [] : [lookAtSender(sender, settings)]),
      ...(to === undefined ? [] : [lookAtRecipient(to, settings)]),
      ...(sender === undefined && to === undefined ? [lookAtAll(loaded)] : []),
    ])
  ).flat();
  const isWell = !findings.some(isWrong);
  const say = sayIn(names);
  printReport(call, said({ ok: isWell, findings }, say), () => doctorLines(findings, say));
  return isWell ? EXIT.ok : EXIT.failed;
}

async function lookAtAll({ settings, warnings, files }: Loaded): Promise<readonly Finding[]> {
  const faults = await disorder(settings.local.domains.length > 0);
  const queue = lookAtQueue();
  const programs = programsOf(settings, files);
  const [outside, inside] = await Promise.all([
    outsideFindings(settings, {
      context: probeContext(settings),
      own: Object.values(networkInterfaces()).flatMap((all = []) => all.map((one) => one.address)),
      messages: queue.then(({ messages }) => messages),
      keys: keysOf(settings),
    }),
    insideFindings(settings, {
      queue,
      disorder: faults,
      programs: programs.map(({ name }) => name),
      programsAway: programsAway(programs),
      built: builtAt(),
      changed: changedFiles,
      handIn: () => checkIntake(PATIENCE_MS),
    }),
  ]);
  const tokens = tokenFindings(settings, probeContext(settings).tokenTrouble);
  return [
    ...inside,
    ...tokens,
    ...warningFindings(warnings),
    ...outside,
    ...databaseNote(settings),
  ];
}

async function lookAtSender(sender: string, settings: Settings): Promise<readonly Finding[]> {
  if (!isAddress(sender)) throw new UsageError('--sender has to be an address');
  return senderFindings(sender, settings, probeContext(settings));
}

/** The way of mail to one recipient's domain, without a relay host. */
async function lookAtRecipient(to: string, settings: Settings): Promise<readonly Finding[]> {
  if (!isAddress(to)) throw new UsageError('--to has to be an address');
  const domain = to.slice(to.lastIndexOf('@') + 1).toLowerCase();
  const context = probeContext(settings);
  const getText = policyGetter(trustedCas(settings), async (host) => {
    const lookup = await addressesOf(host, context.families, context.names);
    return 'found' in lookup ? lookup.found[0] : undefined;
  });
  return recipientFindings(domain, settings.route, context, getText);
}

async function keysOf({ signing }: Settings): Promise<readonly CheckedRecord[]> {
  const records = signing === undefined ? [] : await checkedRecords(signing);
  return records.filter(({ isCurrent }) => isCurrent);
}

export const doctorVerb = verb(
  {
    name: 'doctor',
    summary: 'Check every server and the relay itself; report each fault and its remedy.',
    options: OPTIONS,
  },
  doctor,
);
