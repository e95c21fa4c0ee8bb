import type { Facts } from '../facts.ts';
import type { Finding } from '../naming/finding.ts';
import type { Given } from '../naming/given.ts';
import type { RawSettings } from '../table.ts';
import { checkCircles, checkMapType, checkTables } from './addresses/address-tables.ts';
import { checkAliasLoops } from './addresses/alias-loops.ts';
import { checkMadeUpNames } from './addresses/made-up-names.ts';
import { checkHostname, checkOwnNames } from './addresses/own-names.ts';
import { checkCapture, checkLocal } from './addresses/recipients.ts';
import { checkNotices, checkRewrittenSenders, checkSendAs } from './addresses/senders.ts';
import { checkClients } from './incoming/clients.ts';
import { checkQueueSpace, checkRate, checkSizes } from './incoming/limits.ts';
import { checkSubmission } from './incoming/submission.ts';
import { checkLists } from './lists.ts';
import { checkAccounts, checkBackups } from './outgoing/accounts.ts';
import { checkDatabase } from './outgoing/database.ts';
import { checkTokenTables } from './outgoing/oauth2.ts';
import {
  checkDirect,
  checkNothing,
  checkProvider,
  checkRelayWithoutHost,
} from './outgoing/provider.ts';
import { checkOverrides } from './parameters/overrides.ts';
import { checkDkim, checkExpect, checkPage } from './services.ts';

/** The rules between settings: what is wrong although every single value is right. */
export function checkRules(raw: RawSettings, given: Given, facts: Facts): readonly Finding[] {
  // An unreadable file could hold any setting, so no setting counts as missing or contradictory.
  if (given.isIncomplete) return checkOverrides(raw, facts);
  return [
    ...checkProvider(raw.relay, 'relay', given, facts),
    ...checkRelayWithoutHost(given),
    ...checkDirect(raw, given),
    ...checkNothing(given),
    ...raw.accounts.flatMap((account, index) =>
      checkProvider(account, `accounts.${index}`, given, facts),
    ),
    ...checkAccounts(raw, given),
    ...checkBackups(raw, given, facts),
    ...checkTables(raw),
    ...checkCircles(raw, facts),
    ...checkAliasLoops(raw, facts),
    ...checkRewrittenSenders(raw),
    ...checkSendAs(raw),
    ...checkCapture(raw),
    ...checkSubmission(raw, given, facts),
    ...checkLocal(raw, given),
    ...checkDatabase(raw, given, facts),
    ...checkMapType(raw, facts),
    ...checkTokenTables(raw, given),
    ...checkRate(raw),
    ...checkDkim(raw, given, facts),
    ...checkExpect(raw),
    ...checkPage(raw, given),
    ...checkClients(raw, given, facts),
    ...checkLists(raw, given),
    ...checkSizes(raw, given),
    ...checkQueueSpace(raw, facts),
    ...checkHostname(raw, given, facts),
    ...checkOwnNames(raw, given, facts),
    ...checkMadeUpNames(raw, given, facts),
    ...checkNotices(raw, given),
    ...checkOverrides(raw, facts),
  ];
}
