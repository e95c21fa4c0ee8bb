import { describe, expect, it } from 'vitest';
import { dnsmasqOptions, readQueries } from '../../support/dns.ts';
import { eventually, Hopeless } from '../../support/eventually.ts';
import { readLogFrames } from '../../support/log-frames.ts';
import { readOptions } from '../../support/provider/options.ts';
import { providerEnvironment } from '../../support/provider-settings.ts';
import { readSentMessages } from '../../support/sender.ts';

describe('eventually', () => {
  it('returns what it sees in the end', async () => {
    let looks = 0;
    const look = () => {
      looks += 1;
      return looks === 3 && 'seen';
    };
    expect(await eventually('it', look, { everyMs: 1 })).toBe('seen');
  });

  it('takes 0 and the empty string for something', async () => {
    expect(await eventually('it', () => 0)).toBe(0);
    expect(await eventually('it', () => '')).toBe('');
  });

  it('says what it waited for, and what went wrong last', async () => {
    const failing = eventually(
      'the end of relay',
      () => {
        throw new Error('no such container');
      },
      { timeoutMs: 10, everyMs: 1 },
    );
    await expect(failing).rejects.toMatchObject({
      message: 'waited 0.01 s for the end of relay',
      cause: { message: 'no such container' },
    });
  });

  it('gives up at once when there is no hope', async () => {
    const look = () => {
      throw new Hopeless('it ended');
    };
    await expect(eventually('it', look)).rejects.toThrow('it ended');
  });
});

it('takes the frames of a log apart, keeping the order and characters cut in two', () => {
  const frame = (stream: number, content: Buffer) => {
    const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0]);
    header.writeUInt32BE(content.length, 4);
    return Buffer.concat([header, content]);
  };
  const umlaut = Buffer.from('grüße\n');
  const frames = Buffer.concat([
    frame(1, Buffer.from('one\n')),
    frame(2, Buffer.from('two\n')),
    frame(1, umlaut.subarray(0, 3)),
    frame(1, umlaut.subarray(3)),
  ]);
  expect(readLogFrames(frames)).toEqual({
    stdout: 'one\ngrüße\n',
    stderr: 'two\n',
    all: 'one\ntwo\ngrüße\n',
  });
  expect(readLogFrames(Buffer.alloc(0)).all).toBe('');
});

it('tells dnsmasq its records, and reads its queries', () => {
  const options = dnsmasqOptions({
    mx: { 'example.com': [{ host: 'mx1.example.com', preference: 10 }] },
    a: { 'mx1.example.com': '10.0.0.1' },
  });
  expect(options).toEqual([
    '--mx-host=example.com,mx1.example.com,10',
    '--host-record=mx1.example.com,10.0.0.1',
  ]);
  const log = `dnsmasq: query[MX] example.com from 172.18.0.3
dnsmasq: config example.com is <MX>
dnsmasq: query[A] mx1.example.com from 172.18.0.3
`;
  expect(readQueries(log)).toEqual([
    { type: 'MX', name: 'example.com', from: '172.18.0.3' },
    { type: 'A', name: 'mx1.example.com', from: '172.18.0.3' },
  ]);
});

describe('the settings of the provider', () => {
  it('arrive as they were given', () => {
    const users = { hoge: ' p:i"y\'o$ ', 'user@example.com': '=' };
    const environment = providerEnvironment({
      names: ['mail.isp.example', 'smtp.isp.example'],
      users,
      senders: { hoge: ['a@example.com', '@own.example'] },
      mechanisms: ['plain'],
      starttls: false,
      tlsMax: 'TLSv1.2',
    });
    expect(readOptions(environment)).toMatchObject({
      names: ['mail.isp.example', 'smtp.isp.example'],
      users: new Map(Object.entries(users)),
      senders: new Map([['hoge', ['a@example.com', '@own.example']]]),
      mechanisms: ['PLAIN'],
      authRequired: true,
      starttls: false,
      tlsMax: 'TLSv1.2',
    });
  });

  it('have defaults of a usual provider', () => {
    expect(readOptions({})).toMatchObject({
      listeners: [
        { port: 25, implicitTls: false },
        { port: 587, implicitTls: false },
        { port: 465, implicitTls: true },
      ],
      authRequired: false,
      cleartextAuth: false,
      starttls: true,
      certificate: 'good',
    });
  });

  it('without mechanisms take AUTH away', () => {
    expect(readOptions(providerEnvironment({ names: ['a'], mechanisms: [] })).mechanisms).toEqual(
      [],
    );
  });

  it('that are no choice are refused', () => {
    expect(() => readOptions({ PROVIDER_CERTIFICATE: 'bad' })).toThrow('PROVIDER_CERTIFICATE=bad');
  });
});

it('sorts what the sender was told', () => {
  const lines = `{"id": "a-1", "outcome": "accepted", "reply": "250 ok"}
{"id": "a-2", "outcome": "lost", "reply": "connection closed"}
{"id": "a-3", "outcome": "refused", "reply": "550 no"}
{"id": "a-4", "outc`;
  expect(readSentMessages(lines)).toEqual({
    accepted: ['a-1'],
    refused: [{ id: 'a-3', outcome: 'refused', reply: '550 no' }],
    lost: [{ id: 'a-2', outcome: 'lost', reply: 'connection closed' }],
  });
});
