import { expect, it } from 'vitest';
import { tableQuestions } from '../../../../entrypoint/reports/doctor/asked-tables.ts';

it('every table is asked through the reference that Postfix has, for its first entry', () => {
  const configuration = `
smtp_generic_maps = lmdb:/etc/postfix/generic
x = check_sender_access lmdb:/etc/postfix/generic, static:{554 no}
y = pipemap:{mysql:/etc/postfix/relay_query.cf, regexp:/etc/postfix/account_transport}
`;
  const generic = {
    path: '/etc/postfix/generic',
    mode: 0o644,
    index: 'lmdb',
    content: '# a comment\n@home.example\tme@isp.example\nother\tx\n',
  };
  expect(tableQuestions(configuration, [generic])).toEqual([
    {
      name: 'generic',
      reference: 'lmdb:/etc/postfix/generic',
      key: '@home.example',
      answer: 'me@isp.example',
    },
    {
      name: 'relay_query.cf',
      reference: 'mysql:/etc/postfix/relay_query.cf',
      key: 'nobody@hikyaku.invalid',
      answer: undefined,
    },
  ]);
});
