import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { TokenTrouble } from '../../advice/trouble.ts';
import { isSystemError } from '../../cli/errors.ts';
import { writeDurably } from '../../install/durable.ts';
import { CONFIG_DIRECTORY, SECRET } from '../../render/file.ts';
import type { OAuth2 } from '../../settings/oauth2.ts';
import type { TokenState } from './schedule.ts';

/**
 * The state of the tokens in sasl_passwd, by grant, without secrets. The file is beside that table,
 * since it is useless without it.
 */
const FILE = `${CONFIG_DIRECTORY}/oauth2_state.json`;

export type States = Readonly<Record<string, TokenState>>;

/** A grant by its content: another secret, scope or tenant makes it another one. */
export const grantId = ({ username, oauth2 }: GrantOf): string =>
  createHash('sha256')
    .update(JSON.stringify([username, oauth2]))
    .digest('base64url');

interface GrantOf {
  readonly username: string;
  readonly oauth2: OAuth2;
}

/** Why a login's token is missing or will soon be missing; undefined when all is well. */
export function tokenTrouble(states: States, login: GrantOf): TokenTrouble | undefined {
  const failure = states[grantId(login)]?.failure?.failure;
  const { provider } = login.oauth2;
  return failure && { kind: 'token', fault: failure.fault, detail: failure.detail, provider };
}

export function readStates(): States {
  try {
    return JSON.parse(readFileSync(FILE, 'utf8'));
  } catch (fault) {
    if (isSystemError(fault) && fault.code === 'ENOENT') return {};
    throw fault;
  }
}

export function writeStates(states: States): void {
  writeDurably(FILE, `${JSON.stringify(states)}\n`, SECRET);
}
