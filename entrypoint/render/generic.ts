import type { Settings } from '../settings/settings.ts';
import { tableText } from './cf-syntax.ts';
import { configFile, type RenderedFile } from './file.ts';

/** Addresses rewritten when mail leaves this machine (generic(5)), or undefined without any. */
export function generic(settings: Settings, mapType: string): RenderedFile | undefined {
  if (settings.generic.length === 0) return undefined;
  const rows = settings.generic.map(({ from, to }) => [from, to] as const);
  const head = 'Addresses rewritten when mail leaves this machine.';
  return { ...configFile('generic', tableText(head, rows)), index: mapType };
}
