import { expect, it } from 'vitest';
import {
  compareRecord,
  type DkimRecord,
  dkimLines,
  recordName,
  recordValue,
  zoneLine,
} from '../../../../entrypoint/reports/dkim-report.ts';

const VALUE = 'v=DKIM1; k=rsa; p=MIIB+/AB==';

it.each([
  ['the record itself', [VALUE], { kind: 'there' }],
  [
    'blanks, another order, a note',
    ['v=DKIM1; n=mine; p=MIIB +/ AB== ; k=rsa;'],
    { kind: 'there' },
  ],
  ['no version and no kind of key', ['p=MIIB+/AB=='], { kind: 'there' }],
  ['for mail only, and SHA-256', [`${VALUE}; s=email; h=sha256`], { kind: 'there' }],
  ['nothing', [], { kind: 'missing' }],
  ['no answer', undefined, { kind: 'no answer' }],
  ['two records', [VALUE, VALUE], { kind: 'several' }],
  ['another key', ['v=DKIM1; k=rsa; p=MIIBxx=='], { kind: 'another key' }],
  ['a key cut off', ['v=DKIM1; k=rsa; p=MIIB'], { kind: 'another key' }],
  ['quotes of a zone file within', ['"v=DKIM1; k=rsa; p=MIIB" "+/AB=="'], { kind: 'another key' }],
  ['a revoked key', ['v=DKIM1; p='], { kind: 'revoked' }],
  ['another version', ['v=DKIM2; k=rsa; p=MIIB+/AB=='], { kind: 'unusable', tag: 'v' }],
  ['another kind of key', ['v=DKIM1; k=ed25519; p=MIIB+/AB=='], { kind: 'unusable', tag: 'k' }],
  ['SHA-1 only', [`${VALUE}; h=sha1`], { kind: 'unusable', tag: 'h' }],
  ['not for mail', [`${VALUE}; s=tlsrpt`], { kind: 'unusable', tag: 's' }],
])('DNS that has %s', (_what, found, expected) => {
  expect(compareRecord(VALUE, found)).toEqual(expected);
});

const record = (value: string): DkimRecord => ({
  domain: 'example.com',
  selector: 'mail2026',
  name: recordName('example.com', 'mail2026'),
  value,
  isCurrent: true,
});

it('writes a long key in strings of 255 characters, which together are the record', () => {
  const long = record(recordValue('rsa', 'A'.repeat(392)));
  const line = zoneLine(long);
  expect(line.startsWith('mail2026._domainkey.example.com. IN TXT ( "v=DKIM1; k=rsa; p=AAA')).toBe(
    true,
  );
  const strings = [...line.matchAll(/"([^"]*)"/g)].map(([, text = '']) => text);
  expect(strings.every((text) => text.length <= 255)).toBe(true);
  expect(strings.join('')).toBe(long.value);
});

it('prints what to paste, and what DNS says', () => {
  const there = { ...record(recordValue('ed25519', 'AAAA')), waiting: 0 };
  const records = [
    { ...there, inDns: { kind: 'missing' } as const },
    { ...there, isCurrent: false, waiting: 2, inDns: { kind: 'there' } as const },
  ];
  expect(dkimLines({ records })).toMatchInlineSnapshot(`
    [
      "mail2026._domainkey.example.com: DNS does not have it yet: publish it",
      "  in a zone file:",
      "    mail2026._domainkey.example.com. IN TXT ( "v=DKIM1; k=ed25519; p=AAAA" )",
      "  in the web form of a DNS provider (zone example.com):",
      "    type    TXT",
      "    name    mail2026._domainkey",
      "    value   v=DKIM1; k=ed25519; p=AAAA",
      "",
      "mail2026._domainkey.example.com: a former key; 2 messages signed with it wait. Keep its DNS record.",
      "",
    ]
  `);
});
