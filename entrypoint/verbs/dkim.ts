import { createPrivateKey, createPublicKey } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { EXIT, type ExitCode, UserError } from '../cli/errors.ts';
import { printReport } from '../cli/print-report.ts';
import { type Call, JSON_OPTION, verb } from '../cli/verb.ts';
import { KEY_STORE, storedKey } from '../install/signer.ts';
import { askPostfix, queuedMessages } from '../postfix/running/list-queue.ts';
import {
  type CheckedRecord,
  compareRecord,
  type DkimRecord,
  dkimLines,
  recordName,
  recordValue,
} from '../reports/dkim-report.ts';
import type { KeyAlgorithm, Signing } from '../settings/settings.ts';
import { loadSettings } from './load.ts';

async function dkim(call: Call): Promise<ExitCode> {
  const { settings } = await loadSettings(call.environment);
  if (settings.signing === undefined) {
    const right = 'give RELAY_DKIM_DOMAIN (dkim.domain) the domain that mail is from';
    throw new UserError(`mail is not signed with DKIM: ${right}`, EXIT.failed);
  }
  const checked = await checkedRecords(settings.signing);
  printReport(call, { records: checked }, () => dkimLines({ records: checked }));
  const isWell = checked.every(({ isCurrent, inDns }) => !isCurrent || inDns.kind === 'there');
  return isWell ? EXIT.ok : EXIT.failed;
}

/** Every key, and what the DNS has of it. @throws UserError when a key cannot be read */
export async function checkedRecords(signing: Signing): Promise<readonly CheckedRecord[]> {
  const records = recordsOf(signing);
  const waiting = records.every(({ isCurrent }) => isCurrent) ? '' : await waitingHeaders();
  return Promise.all(records.map((record) => check(record, waiting)));
}

/** The keys in use, and former ones of the relay's own for the same domains. */
function recordsOf({ domains, keys, keyFile }: Signing): readonly DkimRecord[] {
  return domains.flatMap((domain) => {
    const selectors = keys.map(({ selector }) => selector);
    const current = keys.map(({ selector }) =>
      recordOf(domain, selector, true, keyFile ?? storedKey(domain, selector)),
    );
    const former = storedSelectors(domain)
      .filter((selector) => !selectors.includes(selector))
      .map((selector) => recordOf(domain, selector, false, storedKey(domain, selector)));
    return [...current, ...former];
  });
}

function storedSelectors(domain: string): readonly string[] {
  const end = `._domainkey.${domain}.pem`;
  try {
    return readdirSync(KEY_STORE)
      .filter((file) => file.endsWith(end))
      .map((file) => file.slice(0, -end.length))
      .sort();
  } catch {
    // Every key is the user's own.
    return [];
  }
}

function recordOf(domain: string, selector: string, isCurrent: boolean, file: string): DkimRecord {
  const [algorithm, publicKey] = publicHalf(readKey(file));
  const name = recordName(domain, selector);
  return { domain, selector, name, value: recordValue(algorithm, publicKey), isCurrent };
}

function readKey(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UserError(
      `${file} is not there: the relay makes its keys when it starts; run this in a relay that runs`,
      EXIT.failed,
    );
  }
}

/** An Ed25519 key stands as its 32 bytes, which end its SubjectPublicKeyInfo (RFC 8463 section 4). */
function publicHalf(pem: string): readonly [KeyAlgorithm, string] {
  const key = createPublicKey(createPrivateKey(pem));
  const der = key.export({ type: 'spki', format: 'der' });
  return key.asymmetricKeyType === 'ed25519'
    ? ['ed25519', der.subarray(-32).toString('base64')]
    : ['rsa', der.toString('base64')];
}

async function check(record: DkimRecord, waiting: string): Promise<CheckedRecord> {
  const found = await textsOf(record.name);
  const tag = new RegExp(`\\bs=${record.selector.replaceAll('.', '\\.')};`, 'g');
  return {
    ...record,
    inDns: compareRecord(record.value, found),
    waiting: record.isCurrent ? 0 : (waiting.match(tag) ?? []).length,
  };
}

/** The TXT records of a name; undefined when DNS does not answer. */
async function textsOf(name: string): Promise<readonly string[] | undefined> {
  try {
    const resolver = new Resolver({ timeout: 4_000, tries: 1 });
    return (await resolver.resolveTxt(name)).map((strings) => strings.join(''));
  } catch (fault) {
    const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
    return code === 'ENOTFOUND' || code === 'ENODATA' ? [] : undefined;
  }
}

/** The signatures of all mail that waits. */
async function waitingHeaders(): Promise<string> {
  const ids = (await queuedMessages()).map(({ id }) => id);
  if (ids.length === 0) return '';
  const headers = await askPostfix('postcat', '-qh', ...ids);
  return (headers.match(/^DKIM-Signature:.*(\n[ \t].*)*/gim) ?? []).join('\n');
}

export const dkimVerb = verb(
  {
    name: 'dkim',
    summary: 'Print the DNS records of the DKIM keys and check that DNS has them.',
    options: JSON_OPTION,
  },
  dkim,
);
