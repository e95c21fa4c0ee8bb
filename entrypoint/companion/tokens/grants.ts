/**
 * The refresh tokens that endpoints have replaced, and those that `hikyaku login` fetched: a file
 * for each grant in the relay's state directory, which is a volume.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { isSystemError } from '../../cli/errors.ts';
import { writeDurably } from '../../install/durable.ts';
import type { OAuth2 } from '../../settings/oauth2.ts';
import { STATE_DIRECTORY } from '../state.ts';

const DIRECTORY = `${STATE_DIRECTORY}/oauth2`;

const digest = (text: string): string =>
  createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** Whose grant it is. */
export interface GrantOwner {
  readonly username: string;
  readonly oauth2: Pick<OAuth2, 'tokenEndpoint' | 'clientId' | 'scope' | 'grant'>;
}

/** A user's permission to send. */
export interface Permission {
  readonly refreshToken: string;
  /** Its end in seconds since 1970, if the provider gave it. */
  readonly endsAt?: number | undefined;
}

interface Stored extends Permission {
  /** Which refresh token of the settings it came from: another one there begins anew. */
  readonly from: string;
}

const fileOf = ({ username, oauth2 }: GrantOwner): string =>
  `${DIRECTORY}/${digest(`${oauth2.tokenEndpoint} ${oauth2.clientId} ${username.toLowerCase()}`)}.json`;

const givenToken = ({ oauth2: { grant } }: GrantOwner): string =>
  (grant.kind === 'user' && grant.refreshToken) || '';

/** The newest permission; its refresh token is empty before the first login. */
export function readGrant(owner: GrantOwner): Permission {
  const given = givenToken(owner);
  try {
    const { from, ...stored }: Stored = JSON.parse(readFileSync(fileOf(owner), 'utf8'));
    return from === digest(given) ? stored : { refreshToken: given };
  } catch (fault) {
    if (isSystemError(fault) && fault.code === 'ENOENT') return { refreshToken: given };
    throw fault;
  }
}

/**
 * Keeps a refresh token so that it outlives the program and the machine's power. Only one program may
 * do so at a time: the turn is `companion`.
 */
export function keepGrant(owner: GrantOwner, { refreshToken, endsAt }: Permission): void {
  mkdirSync(DIRECTORY, { recursive: true, mode: 0o700 });
  const path = fileOf(owner);
  const stored: Stored = { from: digest(givenToken(owner)), refreshToken, endsAt };
  writeDurably(path, `${JSON.stringify(stored)}\n`);
}

/** Microsoft's grants end when they are not used for so long; it does not say so with the token. */
const UNUSED_LIFE = 90 * 86_400;

/** When a grant ends, in seconds since 1970. @param life what the provider said of it, in seconds */
export function endOfGrant(
  { provider }: Pick<OAuth2, 'provider'>,
  life: number | undefined,
): number | undefined {
  const seconds = life ?? (provider === 'microsoft' ? UNUSED_LIFE : undefined);
  return seconds === undefined ? undefined : Math.floor(Date.now() / 1000 + seconds);
}
