import { expect, it } from 'vitest';
import { composeMessage, readTranscript, swaksArguments } from '../../support/swaks.ts';

const ACCEPTED = `=== Connected to relay.
<-  220 relay ESMTP
 -> EHLO client.example
<-  250-relay
<-  250 PIPELINING
 -> MAIL FROM:<a@example.com>
<-  250 2.1.0 Ok
 -> RCPT TO:<b@example.com>
<-  250 2.1.5 Ok
 -> DATA
<-  354 End data with <CR><LF>.<CR><LF>
 -> Subject: <-  550 not a reply
 -> 
 -> .
<-  250 2.0.0 Ok: queued as 4F
 -> QUIT
<-  221 2.0.0 Bye
`;

it('reads an accepted mail, and replies of several lines as one', () => {
  const { accepted, reply, replies } = readTranscript(ACCEPTED);
  expect({ accepted, reply }).toEqual({ accepted: true, reply: '250 2.0.0 Ok: queued as 4F' });
  expect(replies[1]).toBe('250-relay\n250 PIPELINING');
});

it('reads a refusal, and that one recipient of two was taken', () => {
  const mixed = ACCEPTED.replace(
    '<-  250 2.1.5 Ok',
    '<** 550 5.1.1 no such user\n -> RCPT TO:<c@example.com>\n<-  250 2.1.5 Ok',
  );
  expect(readTranscript(mixed)).toMatchObject({ accepted: true, reply: '550 5.1.1 no such user' });
});

it('reads a refusal inside TLS', () => {
  expect(
    readTranscript(' ~> MAIL FROM:<a@example.com>\n<~* 530 5.7.0 Log in first\n'),
  ).toMatchObject({
    accepted: false,
    reply: '530 5.7.0 Log in first',
  });
});

it('takes a connection that ended without a reply for not accepted', () => {
  const cut = ACCEPTED.slice(0, ACCEPTED.indexOf('<-  250 2.0.0'));
  expect(readTranscript(`${cut}*** Remote host closed connection unexpectedly.\n`)).toMatchObject({
    accepted: false,
    reply: '',
  });
});

it('does not take a remark of swaks for a reply', () => {
  const remark = '<~* Timeout (1 secs) waiting for server response\n';
  const cut = ACCEPTED.slice(0, ACCEPTED.indexOf('<-  250 2.0.0'));
  expect(readTranscript(`${cut}${remark}`)).toMatchObject({ accepted: false, reply: '' });
});

it('hands over as the test says', () => {
  const mail = { from: '', to: ['a@example.com', 'b@example.com'] };
  const login = { username: 'u', password: 'p w', mechanism: 'LOGIN' };
  expect(swaksArguments('relay', mail, { port: 587, tls: 'starttls', login }, '/tmp/m')).toEqual([
    ...['swaks', '--server', 'relay', '--port', '587', '--helo', 'client.example'],
    ...['--timeout', '60s', '--from', '<>', '--to', 'a@example.com,b@example.com'],
    ...['--data', '@/tmp/m', '--tls'],
    ...['--auth', 'LOGIN', '--auth-user', 'u', '--auth-password', 'p w'],
  ]);
});

it('composes a message with the usual header, which a test can change', () => {
  const mail = {
    from: 'root@linux.myhome.net',
    to: 'a@example.com',
    headers: { Subject: 'Logwatch', 'X-Test-Id': '1' },
    body: 'all is well',
  };
  expect(composeMessage(mail, new Date(0))).toBe(`From: root@linux.myhome.net
To: a@example.com
Subject: Logwatch
Date: Thu, 01 Jan 1970 00:00:00 +0000
X-Test-Id: 1

all is well
`);
});
