import { startReady, type TestContainer } from './container.ts';
import { IMAGES } from './images.ts';
import type { TestNetwork } from './network.ts';

/** The names of the DNS server; other names do not exist. */
export interface DnsRecords {
  /** Mail exchangers by domain: lower preference first. */
  readonly mx?: Readonly<Record<string, readonly { host: string; preference: number }[]>>;
  /** Addresses by host name. */
  readonly a?: Readonly<Record<string, string>>;
  /** Texts without a comma, which would cut them into strings. */
  readonly txt?: Readonly<Record<string, string>>;
  /** More of dnsmasq's options, as they are. */
  readonly options?: readonly string[];
}

/** A question that the server was asked. */
export interface DnsQuery {
  /** "MX", "A", … */
  readonly type: string;
  readonly name: string;
  /** Who asked. */
  readonly from: string;
}

/** The DNS server, seen from a test. */
export interface DnsHandle extends AsyncDisposable {
  readonly container: TestContainer;
  /** For the `dns` of another container. */
  readonly address: string;
  /** Every query so far. */
  queries(): Promise<DnsQuery[]>;
}

/** The options of dnsmasq(8) for these records. */
export function dnsmasqOptions({ mx = {}, a = {}, txt = {}, options = [] }: DnsRecords): string[] {
  return [
    ...Object.entries(mx).flatMap(([domain, hosts]) =>
      hosts.map(({ host, preference }) => `--mx-host=${domain},${host},${preference}`),
    ),
    ...Object.entries(a).map(([name, address]) => `--host-record=${name},${address}`),
    ...Object.entries(txt).map(([name, text]) => `--txt-record=${name},${text}`),
    ...options,
  ];
}

/** The queries in dnsmasq's log: `query[MX] example.com from 172.18.0.4`. */
export function readQueries(log: string): DnsQuery[] {
  return [...log.matchAll(/query\[(\S+)\] (\S+) from (\S+)/g)].map(
    ([, type = '', name = '', from = '']) => ({ type, name, from }),
  );
}

/** Starts a DNS server with these records. */
export async function startDns(network: TestNetwork, records: DnsRecords): Promise<DnsHandle> {
  const container = await startReady(
    {
      image: IMAGES.dns,
      network,
      aliases: ['dns'],
      command: dnsmasqOptions(records),
    },
    /started, version/,
  );
  return {
    container,
    address: container.address,
    queries: async () => readQueries(await container.logs()),
    [Symbol.asyncDispose]: () => container[Symbol.asyncDispose](),
  };
}
