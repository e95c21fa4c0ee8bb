import type { KeyAlgorithm } from '../settings/settings.ts';

/** The public half of a key, and where DNS should have it. */
export interface DkimRecord {
  readonly domain: string;
  readonly selector: string;
  /** The name in DNS: `hikyaku._domainkey.example.com`. */
  readonly name: string;
  /** The text of the TXT record (RFC 6376 section 3.6.1). */
  readonly value: string;
  /** Whether it signs mail now; a former key stays in DNS until its last mail has left. */
  readonly isCurrent: boolean;
}

/** The DNS answer for the name of a record. */
export type InDns =
  | { readonly kind: 'there' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'several' }
  | { readonly kind: 'another key' }
  | { readonly kind: 'revoked' }
  | { readonly kind: 'unusable'; readonly tag: string }
  | { readonly kind: 'no answer' };

/** @param publicKey in base64: RSA as SubjectPublicKeyInfo, Ed25519 as its 32 bytes (RFC 8463) */
export const recordValue = (algorithm: KeyAlgorithm, publicKey: string): string =>
  `v=DKIM1; k=${algorithm}; p=${publicKey}`;

export const recordName = (domain: string, selector: string): string =>
  `${selector}._domainkey.${domain}`;

/** The tags of a record; blanks are ignored (RFC 6376 section 3.2). */
function tagsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').flatMap((part): readonly (readonly [string, string])[] => {
      const [name = '', ...value] = part.split('=');
      return name.trim() === '' ? [] : [[name.trim(), value.join('=').replace(/\s+/g, '')]];
    }),
  );
}

/**
 * Compares what DNS answered with what it should have.
 * @param found the texts of the TXT records, each joined from its strings; undefined: no answer
 */
export function compareRecord(value: string, found: readonly string[] | undefined): InDns {
  if (found === undefined) return { kind: 'no answer' };
  const [text, ...others] = found;
  if (text === undefined) return { kind: 'missing' };
  if (others.length > 0) return { kind: 'several' };
  const [wanted, there] = [tagsOf(value), tagsOf(text)];
  if (there.get('p') === '') return { kind: 'revoked' };
  if (there.get('p') !== wanted.get('p')) return { kind: 'another key' };
  if ((there.get('v') ?? 'DKIM1') !== 'DKIM1') return { kind: 'unusable', tag: 'v' };
  if ((there.get('k') ?? 'rsa') !== wanted.get('k')) return { kind: 'unusable', tag: 'k' };
  const hashes = there.get('h');
  if (hashes !== undefined && !hashes.split(':').includes('sha256')) {
    return { kind: 'unusable', tag: 'h' };
  }
  const services = there.get('s');
  if (services !== undefined && !/^(\*|email)$/m.test(services.replaceAll(':', '\n'))) {
    return { kind: 'unusable', tag: 's' };
  }
  return { kind: 'there' };
}

/** A string of DNS holds 255 characters at most (RFC 1035 section 3.3.14). */
const pieces = (value: string): readonly string[] => value.match(/.{1,255}/g) ?? [];

/** A line of a zone file. */
export const zoneLine = ({ name, value }: DkimRecord): string =>
  `${name}. IN TXT ( ${pieces(value)
    .map((piece) => `"${piece}"`)
    .join(' ')} )`;

const WORDS: Readonly<Record<InDns['kind'], string>> = {
  there: 'DNS has it',
  missing: 'DNS does not have it yet: publish it',
  several: 'DNS has several records of this name: delete all but this one',
  'another key': 'DNS has another key: replace it',
  revoked: 'DNS has it with an empty key, which revokes it: replace it',
  unusable: 'DNS has the key, but receivers cannot use it',
  'no answer': 'DNS did not answer',
};

const inDnsWords = (inDns: InDns): string =>
  inDns.kind === 'unusable'
    ? `${WORDS[inDns.kind]}: delete the tag "${inDns.tag}="`
    : WORDS[inDns.kind];

/** A key with what DNS says of it. */
export interface CheckedRecord extends DkimRecord {
  readonly inDns: InDns;
  /** For a former key: the number of waiting messages with its signature. */
  readonly waiting: number;
}

/** Everything that `hikyaku dkim` shows. */
export interface DkimReport {
  readonly records: readonly CheckedRecord[];
}

/** The report for people: what to paste, and whether it is there. */
export const dkimLines = ({ records }: DkimReport): readonly string[] =>
  records.flatMap((record) => (record.isCurrent ? currentLines(record) : formerLines(record)));

const currentLines = (record: CheckedRecord): readonly string[] => [
  `${record.name}: ${inDnsWords(record.inDns)}`,
  '  in a zone file:',
  `    ${zoneLine(record)}`,
  `  in the web form of a DNS provider (zone ${record.domain}):`,
  '    type    TXT',
  `    name    ${record.selector}._domainkey`,
  `    value   ${record.value}`,
  ...(pieces(record.value).length === 1
    ? []
    : [
        '  if the form takes 255 characters at a time:',
        ...pieces(record.value).map((piece) => `    "${piece}"`),
      ]),
  '',
];

const formerLines = ({ name, waiting }: CheckedRecord): readonly string[] => [
  waiting === 0
    ? `${name}: a former key; no mail signed with it waits here. Keep its DNS record for a week, ` +
      'since receivers may check late.'
    : `${name}: a former key; ${waiting} messages signed with it wait. Keep its DNS record.`,
  '',
];
