import { expect, test } from 'vitest';
import { startDevices } from '../support/devices.ts';
import { startNetwork } from '../support/network.ts';
import { startProvider } from '../support/provider.ts';
import { startRelay } from '../support/relay.ts';
import { type Dialogue, startTalker } from '../support/talker.ts';

// P16: whatever stands in From, the provider gets one From with its own address alone, as Python's
// parser of headers reads it; the address that was there can still be seen.

const CA = '/certs/ca.pem';
const OWN = 'hoge@isp.example';
const FRIEND = 'friend@example.com';

const NAMES = [
  '',
  'NAS ',
  '"Nas, Mr." ',
  '"a \\"b\\" c" ',
  '"back\\\\slash" ',
  '=?UTF-8?B?5Lqs6YO9?= ',
  '=?ISO-2022-JP?B?GyRCRX41fhsoQg==?=\r\n ',
  '=?UTF-8?Q?J=C3=BCrgen?= "x" ',
  'Grüße aus 京都 ',
  'a.b (comment) ',
  '(comment \\) and (more)) ',
  `${'long '.repeat(60)}`,
  '"hoge@isp.example" ',
  'hoge@isp.example ',
  '"<hoge@isp.example>" ',
];

const ADDRESSES = [
  '<nas@home.lan>',
  '<NAS+x@My_NAS>',
  '<"a b"@home.lan>',
  '<nas@[192.168.1.64]>',
  '<@a.lan,@b.lan:nas@home.lan>',
  '<nas@home.lan.>',
];

const ODD = [
  'nas@home.lan (NAS (in the cellar))',
  'nas @ home.lan',
  'nas(at)home.lan <nas@home.lan>',
  '<<nas@home.lan>>',
  'nas@home.lan>',
  'a@home.lan, "b, c" <d@home.lan>, e@home.lan',
  'Office: a@home.lan, b@home.lan;, c@home.lan',
  'undisclosed-recipients:;',
  ';',
  ',,,',
  '"unfinished <nas@home.lan>',
  'nas@home.lan\r\n\t(folded)',
  '\r\n nas@home.lan',
  '\t',
  'nas@home.lan nas@home.lan',
  // A group without an end: Postfix leaves nothing of it.
  'mailto:cam@home.lan',
  `${'x'.repeat(200)}@home.lan`,
  `x@${'y'.repeat(63)}.lan`,
  '京都@home.lan',
  'nas@京都.lan',
];

const ALL = [...NAMES.flatMap((name) => ADDRESSES.map((address) => name + address)), ...ODD];

const handing = (from: string, index: number): Dialogue => [
  { hear: 1 },
  ...['EHLO client', 'MAIL FROM:<www@shop.lan>', `RCPT TO:<${FRIEND}>`, 'DATA'].flatMap((line) => [
    { say: `${line}\r\n` },
    { hear: 1 } as const,
  ]),
  { say: `From: ${from}\r\nTo: ${FRIEND}\r\nX-Test-Id: ${index}\r\n\r\nHello.\r\n.\r\n` },
  { hear: 1 },
  { say: 'QUIT\r\n' },
  { hear: 'end' },
];

/** Reads heads, a JSON string each line, and says what From holds: the fields, the addresses. */
const READ = `
import email, email.policy, json, sys
for line in sys.stdin:
    mail = email.message_from_bytes(json.loads(line).encode(), policy=email.policy.default)
    fields = mail.get_all("From") or []
    found = [address.addr_spec for field in fields for address in field.addresses]
    print(json.dumps([mail["X-Test-Id"], len(fields), found]))
`;

/** The head of a message. */
const headOf = (raw: string): string => raw.slice(0, raw.indexOf('\r\n\r\n') + 4);

test(`${ALL.length} odd From headers`, async () => {
  await using network = await startNetwork();
  await using devices = await startDevices(network);
  await using talker = await startTalker(network);
  await using isp = await startProvider(network, {
    names: ['mail.isp.example'],
    users: { hoge: 'piyopiyo' },
    senders: { hoge: [OWN, '<>'] },
  });
  const yaml = `
myhostname: relay.home.example
relay: {host: mail.isp.example, username: hoge, password: piyopiyo, ca_file: ${CA}}
send_as: ${OWN}
`;
  const files = { '/etc/hikyaku/relay.yaml': yaml, [CA]: isp.caPem };
  await using relay = await startRelay(network, { files });
  const results = await talker.talk(relay, ALL.map(handing));
  const refused = results.flatMap(({ replies }, index) =>
    replies.at(-2)?.startsWith('250 ') ? [] : [[ALL[index], replies.at(-2)]],
  );
  expect(refused).toEqual([]);
  const messages = await isp.waitForMessages(ALL.length);
  const heads = messages.map(({ raw }) => JSON.stringify(headOf(raw)));
  await devices.container.copyIn('/tmp/heads', `${heads.join('\n')}\n`);
  await devices.container.copyIn('/tmp/read.py', READ);
  const read = await devices.container.run(['sh', '-c', 'python3 /tmp/read.py < /tmp/heads']);
  const found = new Map(
    read
      .trimEnd()
      .split('\n')
      .map((line): [string, number, string[]] => JSON.parse(line))
      .map(([id, fields, addresses]) => [Number(id), { fields, addresses }]),
  );
  const wrong = ALL.flatMap((from, index) => {
    const got = found.get(index);
    const isRight = got?.fields === 1 && got.addresses.length === 1 && got.addresses[0] === OWN;
    const head = messages.find(({ testId }) => testId === String(index))?.raw ?? '';
    const [line = ''] = /^From:.*(\r\n[ \t].*)*/m.exec(headOf(head)) ?? [];
    const isSeen = !from.includes('nas@home.lan') || line.includes('nas@home.lan');
    return isRight && isSeen ? [] : [{ from, line, got }];
  });
  expect(wrong).toEqual([]);
});
