import { existsSync } from 'node:fs';
import { EXIT, type ExitCode, UsageError, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { History } from '../companion/recorder/history.ts';
import { HISTORY_FILE } from '../companion/recorder/history-file.ts';
import { isHistoryStatus, STATUSES } from '../log/history-message.ts';
import { historyEntry, historyLines } from '../reports/history/history-report.ts';

const OPTIONS = {
  ...JSON_OPTION,
  from: { type: 'string', value: 'TIME', about: 'not before: 2026-11-28, "2026-11-28 14:00", 3d' },
  to: { type: 'string', value: 'TIME', about: 'before this time, in the same forms' },
  sender: { type: 'string', value: 'ADDRESS', about: 'from this address' },
  recipient: { type: 'string', value: 'ADDRESS', about: 'to this address' },
  client: { type: 'string', value: 'ADDRESS', about: 'handed in by this address' },
  status: { type: 'string', value: 'STATUS', about: `one of ${STATUSES.join(', ')}` },
  most: { type: 'string', value: 'NUMBER', default: '50', about: 'how many, the newest first' },
} as const;

async function history(call: Call<typeof OPTIONS, []>): Promise<ExitCode> {
  const now = new Date();
  const { status, most, sender, client, recipient } = call;
  if (status !== undefined && !isHistoryStatus(status)) {
    throw new UsageError(`--status ${status}: use one of ${STATUSES.join(', ')}`);
  }
  if (!/^[1-9]\d{0,5}$/.test(most)) throw new UsageError(`--most ${most}: use a number from 1`);
  using kept = openHistory();
  const messages = kept.messages({
    since: timeOf('--from', call.from, now),
    until: timeOf('--to', call.to, now),
    sender,
    client,
    status,
    recipient,
    most: Number(most),
  });
  const entries = messages.map(historyEntry);
  printReport(call, { messages: entries }, () => historyLines(entries));
  return entries.length > 0 ? EXIT.ok : EXIT.failed;
}

/** @throws UserError when nothing is kept */
function openHistory(): History {
  if (existsSync(HISTORY_FILE)) return History.openToRead(HISTORY_FILE);
  throw new UserError(
    'the relay keeps no history: set RELAY_HISTORY=30d (history: 30d), and mount a volume at ' +
      '/var/lib/hikyaku',
    EXIT.failed,
  );
}

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A date, a date with a time, or how long ago. */
function timeOf(option: string, text: string | undefined, now: Date): Date | undefined {
  if (text === undefined) return undefined;
  const [, count, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (count !== undefined) return new Date(now.getTime() - Number(count) * (UNITS[unit] ?? 0));
  const [, day, clock = '00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d)?))?$/.exec(text) ?? [];
  const time = new Date(`${day}T${clock}`);
  if (day !== undefined && !Number.isNaN(time.getTime())) return time;
  throw new UsageError(`${option} ${text}: use 2026-11-28, "2026-11-28 14:00", or 3d`);
}

export const historyVerb = verb(
  {
    name: 'history',
    summary: 'List past mail and its outcome, if the relay keeps a history (RELAY_HISTORY).',
    options: OPTIONS,
  },
  history,
);
