import { expect, it } from 'vitest';
import { type Alert, pulseOf, targetOf } from '../../../../entrypoint/settings/alert-target.ts';

const ALERT: Alert = {
  key: 'waits',
  kind: 'mail-waits',
  isOver: false,
  title: 'relay: 3 mails wait',
  text: 'The provider refuses the login.',
  facts: { count: 3 },
  time: new Date('2026-11-28T12:00:00Z'),
  relay: 'linux.myhome.net',
};

it.each([
  ['http://hooks.home.test/mail', 'http://hooks.home.test/mail', { kind: 'mail-waits' }],
  [
    'https://hooks.home.test:8443/a?b=c',
    'https://hooks.home.test:8443/a?b=c',
    { relay: ALERT.relay },
  ],
  ['ntfy://ntfy.home.test:8080/office', 'http://ntfy.home.test:8080/', { topic: 'office' }],
  ['ntfys://office', 'https://ntfy.sh/', { topic: 'office', priority: 4 }],
  ['gotifys://push.home.test/AbC', 'https://push.home.test/message', { title: ALERT.title }],
  ['gotify://push.home.test/sub/AbC', 'http://push.home.test/sub/message', { priority: 8 }],
  [
    'tgram://123456:ABC-def/-100200',
    'https://api.telegram.org/bot123456:ABC-def/sendMessage',
    { chat_id: '-100200', text: `${ALERT.title}\n${ALERT.text}` },
  ],
  ['slack://T0/B0/xyz', 'https://hooks.slack.com/services/T0/B0/xyz', { text: expect.anything() }],
  ['discord://12/abc', 'https://discord.com/api/webhooks/12/abc', { content: expect.anything() }],
])('%s is asked at %s', (address, url, body) => {
  const request = targetOf(address)?.(ALERT);
  expect(request?.url).toBe(url);
  expect(JSON.parse(request?.body ?? '')).toMatchObject(body);
});

it('takes a login out of the address, and sends it as a header', () => {
  const request = targetOf('https://me:s%C3%A9cret@hooks.home.test/')?.(ALERT);
  expect(request?.url).toBe('https://hooks.home.test/');
  const expected = `Basic ${Buffer.from('me:sécret').toString('base64')}`;
  expect(request?.headers['authorization']).toBe(expected);
  const token = targetOf('ntfy://:tk_1@ntfy.home.test/office')?.(ALERT);
  expect(token?.headers['authorization']).toBe('Bearer tk_1');
});

it.each(['mailto:me@example.com', 'tgram://token', 'slack://T0/B0', 'discord://12', 'ntfy://', ''])(
  'does not know %o',
  (address) => expect(targetOf(address)).toBeUndefined(),
);

it.each([
  ['healthchecks://0000-aa', 'https://hc-ping.com/0000-aa'],
  ['healthchecks://hc.home.test/ping/0000-aa', 'https://hc.home.test/ping/0000-aa'],
  ['healthcheck://hc.home.test:8000/ping/0000-aa/', 'http://hc.home.test:8000/ping/0000-aa'],
])('%s hears at %s that all is well, or what is wrong', (address, url) => {
  const pulse = pulseOf(address);
  expect(pulse?.([])).toMatchObject({ url, body: '' });
  expect(pulse?.(['1 mail cannot get out'])).toMatchObject({
    url: `${url}/fail`,
    body: '1 mail cannot get out',
  });
  expect(targetOf(address)).toBeUndefined();
});
