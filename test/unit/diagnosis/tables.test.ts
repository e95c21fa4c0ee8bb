import { expect, it } from 'vitest';
import { clockFinding, queueFinding } from '../../../entrypoint/diagnosis/inside.ts';
import { shownParameters } from '../../../entrypoint/diagnosis/parameters.ts';
import { addressesInHosts } from '../../../entrypoint/diagnosis/probe/addresses.ts';
import { domainsToTry } from '../../../entrypoint/diagnosis/probe/direct.ts';
import type { QueuedMessage } from '../../../entrypoint/diagnosis/queue.ts';
import { tableQuestions } from '../../../entrypoint/diagnosis/tables.ts';

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

it('parameters are shown, but not what may be a secret of the user', () => {
  const output = `smtpd_banner = $myhostname ESMTP
some_password = piyopiyo
virtual_alias_maps = inline:{a=b}
mydestination =
postconf: warning: something
`;
  const overrides = [
    { from: 'some_password', to: 'piyopiyo' },
    { from: 'virtual_alias_maps', to: 'inline:{a=b}' },
  ];
  expect(shownParameters(output, overrides)).toEqual([
    'smtpd_banner = $myhostname ESMTP',
    'some_password = ***',
    'virtual_alias_maps = ***',
    'mydestination =',
  ]);
});

it('a clock that is older than the image is wrong', () => {
  const built = new Date('2026-06-01');
  expect(clockFinding(new Date('2026-06-02'), built).state).toBe('ok');
  expect(clockFinding(new Date('1970-01-02'), built).state).toBe('wrong');
});

const message = (queue: string, arrival: number): QueuedMessage => ({
  id: 'A',
  queue,
  arrival,
  size: 1,
  sender: '',
  recipients: [{ address: 'you@Example.com', reason: undefined }],
});

it.each([
  ['empty', [], 'ok'],
  ['with mail that waits for its next attempt', [message('deferred', 0)], 'note'],
  ['with mail that has just come in', [message('incoming', 950)], 'note'],
  ['with mail that nobody has looked at for minutes', [message('incoming', 700)], 'wrong'],
])('a queue %s is judged %3$s', (_, messages, state) => {
  expect(queueFinding(messages, new Date(1_000_000)).state).toBe(state);
});

it('direct delivery is tried with the domains that mail waits for', () => {
  expect(domainsToTry([message('deferred', 0), message('active', 0)])).toEqual(['example.com']);
  expect(domainsToTry([])).toEqual(['gmail.com', 'outlook.com']);
});

it('a name in /etc/hosts is found whatever its case', () => {
  const hosts = '127.0.0.1 localhost\n192.0.2.1\tmail.isp.example Mail # mine\n#192.0.2.2 mail\n';
  expect(addressesInHosts(hosts, 'mail')).toEqual(['192.0.2.1']);
});
