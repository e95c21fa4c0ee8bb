import { isDomain } from '../settings/validators/host.ts';

/** A server that a directory lists for a domain. */
export interface NamedServer {
  readonly host: string;
  readonly port: number;
  /** Whether it wants the part of the address before the "@" as the user name. */
  readonly localPart: boolean;
}

const SERVER = /<outgoingServer\b[^>]*\btype="smtp"[^>]*>([\s\S]*?)<\/outgoingServer>/g;

const textOf = (xml: string, tag: string): string =>
  new RegExp(`<${tag}>\\s*([^<]*?)\\s*</${tag}>`).exec(xml)?.[1] ?? '';

/**
 * The submission servers of a file in Thunderbird's format, in its order; those without TLS are left
 * out, and so are those with TLS from the first byte on another port than 465.
 * https://wiki.mozilla.org/Thunderbird:Autoconfiguration:ConfigFileFormat
 */
export function readAutoconfig(xml: string): readonly NamedServer[] {
  const servers = xml.replaceAll(/<!--[\s\S]*?-->/g, '').matchAll(SERVER);
  return [...servers].flatMap(([, server = '']): readonly NamedServer[] => {
    const host = textOf(server, 'hostname').toLowerCase();
    const port = Number(textOf(server, 'port'));
    const socket = textOf(server, 'socketType').toUpperCase();
    const isSafe = socket === 'SSL' ? port === 465 : socket === 'STARTTLS' && port !== 465;
    if (!isSafe || !isDomain(host) || !isPort(port)) return [];
    return [{ host, port, localPart: textOf(server, 'username') === '%EMAILLOCALPART%' }];
  });
}

const isPort = (port: number): boolean => Number.isInteger(port) && port > 0 && port < 65_536;
