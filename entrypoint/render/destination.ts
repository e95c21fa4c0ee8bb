import type { RelayHost } from '../settings/settings.ts';

/**
 * The next hop as Postfix writes it: `[mail.isp.example]:587`, the brackets switching the MX
 * look-up off (relayhost in postconf(5)). The key in sasl_passwd must be the same text, so both
 * come from here.
 */
export const nexthop = ({ host, port, mx }: Pick<RelayHost, 'host' | 'port' | 'mx'>): string =>
  mx ? `${host}:${port}` : `[${host.includes(':') ? `ipv6:${host}` : host}]:${port}`;
