/** The relay's own examination: it compares what is in force with what the settings say. */
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { ACCOUNTS, HOST } from '../home.ts';
import { within } from '../patience.ts';
import { type Finding, finding } from '../report.ts';

/** What has to have been looked at, or the answer says nothing. */
const TOPICS = ['configuration', ...[587, ...ACCOUNTS.map(({ port }) => port)].map(serverTopic)];

function serverTopic(port: number): string {
  return `[${HOST}]:${port}`;
}

/** A server that is slow for once is no fault of the image. */
const PATIENCE_SECONDS = 15;

/** @param relay one that was started on the networks that it is on */
export async function checkDoctor(relay: ScratchContainer): Promise<Finding> {
  let faults: readonly string[] = [];
  const well = await within(PATIENCE_SECONDS, async () => {
    const { exitCode, stdout, stderr } = await relay.exec(['hikyaku', 'doctor', '--json']);
    faults = faultsOf(stdout, stderr);
    if (faults.length === 0 && exitCode !== 0) faults = [`exit code ${exitCode}`];
    return faults.length === 0 ? true : undefined;
  });
  return finding('doctor', 'hikyaku doctor finds all well', well === true, faults.join('; '));
}

interface Looked {
  readonly state: string;
  readonly topic: string;
  readonly words: string;
}

function faultsOf(stdout: string, stderr: string): readonly string[] {
  const findings = readFindings(stdout);
  if (findings === undefined) return [`no report: "${`${stdout} ${stderr}`.trim()}"`];
  const unseen = TOPICS.filter((part) => !findings.some(({ topic }) => topic.includes(part)));
  return [
    ...findings.filter(({ state }) => !isWell(state)).map((one) => `${one.topic}: ${one.words}`),
    ...unseen.map((topic) => `nothing about ${topic}`),
  ];
}

const isWell = (state: string): boolean => state === 'ok' || state === 'note';

/** `undefined` for everything that is not the report of `hikyaku doctor --json`. */
function readFindings(text: string): readonly Looked[] | undefined {
  const report = parse(text);
  if (!isRecord(report) || typeof report['ok'] !== 'boolean') return undefined;
  const { findings } = report;
  if (!Array.isArray(findings)) return undefined;
  const all: readonly unknown[] = findings;
  return all.every(isLooked) ? all : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const isLooked = (value: unknown): value is Looked =>
  isRecord(value) && ['state', 'topic', 'words'].every((key) => typeof value[key] === 'string');
