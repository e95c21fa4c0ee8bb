import { readFileSync, rmSync } from 'node:fs';
import type { Environment } from '../cli/verb.ts';
import type { Settings } from '../settings/settings.ts';
import { writeDurably } from './durable.ts';

/**
 * The variables of the start, for the verbs that "watch" and the page call without them. Only root
 * reads the file, since it may hold secrets.
 */
const FILE = '/etc/postfix/start-environment';

/** Keeps the variables that are settings, or removes the file if no program needs it. */
export function keepEnvironment(
  environment: Environment,
  { watch, page }: Pick<Settings, 'watch' | 'page'>,
): void {
  if (!watch && page === undefined) {
    rmSync(FILE, { force: true });
    return;
  }
  const own = Object.entries(environment).filter(([name]) => /^(RELAY_|POSTFIX_|TZ$)/.test(name));
  writeDurably(FILE, JSON.stringify(Object.fromEntries(own)));
}

/** @throws when the relay was started without `watch` and `page` */
export const keptEnvironment = (): Environment => JSON.parse(readFileSync(FILE, 'utf8'));
