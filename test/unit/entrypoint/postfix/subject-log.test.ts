import { expect, it } from 'vitest';
import { decodeWords } from '../../../../entrypoint/log/encoded-words.ts';
import { subjectIn } from '../../../../entrypoint/postfix/subject-log.ts';

const line = (subject: string, mark = 'hikyaku-subject'): string =>
  `Nov 28 11:00:00 relay postfix/cleanup[51]: A68266784D8: info: header Subject: ${subject} ` +
  `from unknown[192.0.2.7]; from=<nas@home.example> to=<you@friend.example> proto=ESMTP helo=<nas>: ${mark}`;

it('finds a subject, whatever stands in it', () => {
  expect(subjectIn(line('Backup failed'))).toEqual({ id: 'A68266784D8', subject: 'Backup failed' });
  const forged = 'x from nas[192.0.2.9]; from=<root@home.example>: hikyaku-subject';
  expect(subjectIn(line(forged))?.subject).toBe(forged);
});

it("takes no line for one that is the user's own check, or anything else", () => {
  expect(subjectIn(line('Backup failed', 'seen'))).toBeUndefined();
  expect(subjectIn('Nov 28 11:00:00 relay postfix/smtp[1]: A1: said: hikyaku-subject')).toBe(
    undefined,
  );
});

it.each([
  ['Backup failed', 'Backup failed'],
  ['=?UTF-8?B?44OQ44OD44Kv44Ki44OD44OX5aSx5pWX?=', 'バックアップ失敗'],
  [
    '=?utf-8?Q?Sicherung_fehl?=? =?utf-8?q?geschlagen=21?= (NAS)',
    'Sicherung fehlgeschlagen! (NAS)',
  ],
  ['=?iso-2022-jp?B?GyRCPDpHVBsoQg==?=', '失敗'],
  ['=?x-none?B?AAAA?= =?utf-8?B?*?=', '=?x-none?B?AAAA?= =?utf-8?B?*?='],
])('reads %s', (header, text) => {
  expect(decodeWords(header)).toBe(text);
});
