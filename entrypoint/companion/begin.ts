import { existsSync, readFileSync } from 'node:fs';
import { CONFIG_DIRECTORY } from '../render/file.ts';
import { tokenLogins, withTokens } from '../render/token-plan.ts';
import type { Settings } from '../settings/settings.ts';
import { prepareState } from './state.ts';

function contentOf(table: string): string {
  const path = `${CONFIG_DIRECTORY}/${table}`;
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** The settings with the access tokens that are in the tables of logins. */
export const withTokensInForce = (settings: Settings): Settings =>
  tokenLogins(settings).length > 0 ? withTokens(settings, contentOf) : settings;

/**
 * Makes sure that what the companion has to keep can be kept: a user's grant, whose refresh token
 * the provider may replace at each use, and the history.
 * @returns warnings
 * @throws UserError when the state cannot be kept
 */
export function checkState(settings: Settings): readonly string[] {
  const isUsers = tokenLogins(settings).some(({ oauth2 }) => oauth2.grant.kind === 'user');
  const kept = [
    ...(isUsers ? ['the refresh tokens of OAuth 2'] : []),
    ...(settings.history === undefined ? [] : ['the records of the history']),
  ];
  return kept.flatMap((what) => prepareState(what) ?? []);
}
