import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { Settings } from '../settings/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of the start, for what "watch" and the page call, which has none: root's alone, since
 * they may be secrets.
 */
const FILE = '/etc/postfix/start-environment';

/** Keeps the variables that are settings; removes the file where nobody will ask for it. */
export function keepEnvironment(
  environment: Environment,
  { watch, page }: Pick<Settings, 'watch' | 'page'>,
): void {
  if (!watch && page === undefined) {
    rmSync(FILE, { force: true });
    return;
  }
  const own = Object.entries(environment).filter(([name]) => /^(RELAY_|POSTFIX_|TZ$)/.test(name));
  writeFileSync(`${FILE}.new`, JSON.stringify(Object.fromEntries(own)), { mode: 0o600 });
  renameSync(`${FILE}.new`, FILE);
}

/** @throws when the relay was started without `watch` and `page` */
export const keptEnvironment = (): Environment => JSON.parse(readFileSync(FILE, 'utf8'));
