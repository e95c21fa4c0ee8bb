/** recorder.js, a program of its own, so that neither the start nor this loads what the other needs. */
import { readFileSync, statSync } from 'node:fs';
import { EXIT } from '../../cli/errors.ts';
import { report } from '../../cli/report-error.ts';
import { findPostfix } from '../../postfix/running/master.ts';
import { CONFIG_DIRECTORY } from '../../render/file.ts';
import { RECORDER_FILE, type RecorderSettings } from '../../render/log-destination.ts';
import { Alerter } from '../alerts/alerter.ts';
import { record } from './recorder.ts';

const FILE = `${CONFIG_DIRECTORY}/${RECORDER_FILE}`;
const LOOK_EVERY_MS = 1_000;

const warn = (line: string): void => void process.stderr.write(`hikyaku: ${line}\n`);

const SCREEN = { json: false, print: warn, warn };

/** Other settings are for a new recorder: it is started again at once. */
function endWhenChanged(): void {
  const inode = (): number | undefined => statSync(FILE, { throwIfNoEntry: false })?.ino;
  const first = inode();
  setInterval(() => {
    if (inode() !== first) process.exit(EXIT.ok);
  }, LOOK_EVERY_MS).unref();
}

async function main(): Promise<never> {
  const settings: RecorderSettings = JSON.parse(readFileSync(FILE, 'utf8'));
  endWhenChanged();
  const { alerts, relay } = settings;
  const alerter = alerts === undefined ? undefined : new Alerter(alerts, relay, warn);
  // Alerts go their own way: whatever becomes of them, the log is read on.
  alerter?.keepLooking().catch((fault: unknown) => void report(fault, SCREEN));
  return record(settings, alerter, () => findPostfix()());
}

main().catch((fault: unknown) => {
  process.exitCode = report(fault, SCREEN);
});
