/** recorder.js, a separate program, so that neither it nor the start loads the other's code. */
import { readFileSync } from 'node:fs';
import { report } from '../../cli/report-error.ts';
import { findPostfix } from '../../postfix/running/master.ts';
import { CONFIG_DIRECTORY } from '../../render/file.ts';
import { RECORDER_FILE, type RecorderSettings } from '../../render/log-destination.ts';
import { Alerter } from '../alerts/alerter.ts';
import { realWorld } from '../alerts/world.ts';
import { endWhenChanged } from '../end-when-changed.ts';
import { endingsOf } from '../endings.ts';
import { record } from './recorder.ts';

const FILE = `${CONFIG_DIRECTORY}/${RECORDER_FILE}`;

const warn = (line: string): void => void process.stderr.write(`hikyaku: ${line}\n`);

const SCREEN = { json: false, print: warn, warn };

async function main(): Promise<never> {
  const settings: RecorderSettings = JSON.parse(readFileSync(FILE, 'utf8'));
  endWhenChanged(FILE);
  const { alerts, endings, relay } = settings;
  const world = realWorld(endings ? endingsOf(endings) : () => [], warn);
  const alerter = alerts && new Alerter(alerts, relay, world);
  // Alerts go their own way: whatever becomes of them, the log is read on.
  alerter?.keepLooking().catch((fault: unknown) => void report(fault, SCREEN));
  return record(settings, alerter, () => findPostfix()());
}

main().catch((fault: unknown) => {
  process.exitCode = report(fault, SCREEN);
});
