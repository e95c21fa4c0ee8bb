import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { LockedDown } from './container-spec.ts';

/** The required part of compose.yaml. */
interface ComposeFile {
  readonly services: {
    readonly relay: { readonly cap_add: readonly string[]; readonly tmpfs: readonly string[] };
  };
}

/** The rights of the relay in compose.yaml, so that every test runs with what a user has. */
export function composeRights(): LockedDown {
  const file = new URL('../../compose.yaml', import.meta.url);
  const { services }: ComposeFile = parse(readFileSync(file, 'utf8'));
  return { capabilities: services.relay.cap_add, tmpfs: services.relay.tmpfs };
}
