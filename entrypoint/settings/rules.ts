import type { Facts } from './facts.ts';
import type { Finding } from './finding.ts';
import type { Given } from './given.ts';
import { checkAccounts, checkBackups } from './rules/accounts.ts';
import { checkCircles, checkMapType, checkTables } from './rules/address-tables.ts';
import { checkAliasLoops } from './rules/alias-loops.ts';
import { checkCapture } from './rules/capture.ts';
import { checkClients } from './rules/clients.ts';
import { checkDatabase } from './rules/database.ts';
import { checkDkim } from './rules/dkim.ts';
import { checkExpect } from './rules/expect.ts';
import { checkQueueSpace, checkRate, checkSizes } from './rules/limits.ts';
import { checkLists } from './rules/lists.ts';
import { checkLocal } from './rules/local.ts';
import { checkMadeUpNames } from './rules/made-up-names.ts';
import { checkNotices } from './rules/notices.ts';
import { checkTokenTables } from './rules/oauth2.ts';
import { checkOverrides } from './rules/overrides.ts';
import { checkHostname, checkOwnNames } from './rules/own-names.ts';
import { checkPage } from './rules/page.ts';
import {
  checkDirect,
  checkNothing,
  checkProvider,
  checkRelayWithoutHost,
} from './rules/provider.ts';
import { checkRewrittenSenders } from './rules/rewritten-senders.ts';
import { checkSendAs } from './rules/send-as.ts';
import { checkSubmission } from './rules/submission.ts';
import type { RawSettings } from './table.ts';

/** The rules between settings: what is wrong although every single value is right. */
export function checkRules(raw: RawSettings, given: Given, facts: Facts): readonly Finding[] {
  // What a file would have said that could not be read is neither missing nor at odds with anything.
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
