import { mkdirSync, rmSync } from 'node:fs';
import { isRecorded, LOG_DIRECTORY } from '../render/log-destination.ts';
import type { Settings } from '../settings/settings.ts';

/**
 * Makes the directory in which Postfix writes its log for the recorder.
 * @param isStart what a former run left is gone through already, or was another container's
 */
export function prepareLog(settings: Settings, isStart: boolean): void {
  if (!isRecorded(settings)) return;
  if (isStart) rmSync(LOG_DIRECTORY, { recursive: true, force: true });
  mkdirSync(LOG_DIRECTORY, { recursive: true, mode: 0o700 });
}
