import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';

/** One answer, by `TYPE name`: the data of each record, as it is sent; null: SERVFAIL. */
export type Zone = Readonly<Record<string, readonly Buffer[] | null>>;

/** A DNS server of a test, and a resolver that asks it. */
export interface DnsServer extends Disposable {
  readonly resolver: Resolver;
}

const TYPES: Readonly<Record<number, string>> = {
  1: 'A',
  12: 'PTR',
  15: 'MX',
  16: 'TXT',
  28: 'AAAA',
  52: 'TLSA',
};

/** @param signed whether it says of its answers that it has checked their signatures (AD) */
export async function serveDns(
  zone: Zone,
  signed: (question: string) => boolean,
): Promise<DnsServer> {
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => {
    const end = query.indexOf(0, 12);
    const labels: string[] = [];
    for (let at = 12; at < end; at += 1 + (query[at] ?? 0)) {
      labels.push(query.toString('latin1', at + 1, at + 1 + (query[at] ?? 0)));
    }
    const type = query.readUInt16BE(end + 1);
    const question = `${TYPES[type]} ${labels.join('.')}`;
    const records = zone[question];
    const known = Object.keys(zone).some((one) => one.endsWith(` ${labels.join('.')}`));
    const code = records === null ? 2 : records === undefined && !known ? 3 : 0;
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | code | (signed(question) ? 0x20 : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(records?.length ?? 0, 6);
    const answers = (records ?? []).map((data) => {
      const fixed = Buffer.from([0xc0, 12, type >> 8, type & 255, 0, 1, 0, 0, 0, 60, 0, 0]);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([header, query.subarray(12, end + 5), ...answers]), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.address().port}`]);
  return { resolver, [Symbol.dispose]: () => void socket.close() };
}

/** The data of a TLSA record (RFC 6698 section 2.1). */
export const tlsa = (usage: number, selector: number, match: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([usage, selector, match]), data]);

/** The data of a TXT record, cut into strings of 255 bytes (RFC 1035 section 3.3.14). */
export const txt = (text: string): Buffer =>
  Buffer.concat(
    (text.match(/.{1,255}/gs) ?? ['']).map((piece) =>
      Buffer.concat([Buffer.from([piece.length]), Buffer.from(piece)]),
    ),
  );

/** A name, as in a PTR record. */
export const named = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
    Buffer.from([0]),
  ]);

export const mx = (host: string): Buffer => Buffer.concat([Buffer.from([0, 10]), named(host)]);

export const a = (address: string): Buffer => Buffer.from(address.split('.').map(Number));

export const LOOPBACK = Buffer.from([127, 0, 0, 1]);
