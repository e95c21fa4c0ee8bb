import ipaddr from 'ipaddr.js';
import { isDomain } from '../settings/validators/host.ts';
import type { Draft } from './draft.ts';
import { itemsOf, type Translate } from './peer.ts';

/** A relay host as Postfix writes it: `[mail.isp.example]:587` (relayhost in postconf(5)). */
interface Relayhost {
  readonly host: string;
  /** The port or service; Postfix's default is smtp. */
  readonly port: string | undefined;
  readonly brackets: boolean;
}

/** Reads Postfix's notation; undefined for other texts, which may hold a login. */
function parseRelayhost(text: string): Relayhost | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^[\]:\s]+))(?::(\w+))?$/.exec(text) ?? [];
  const host = (bracketed ?? plain ?? '').replace(/^ipv6:/i, '');
  if (!isDomain(host) && !ipaddr.isValid(host)) return undefined;
  return { host, port, brackets: bracketed !== undefined };
}

/** `relayhost`, from any variable: one server, or several, of which the later ones are backups. */
export const relayhost: Translate = (value, draft, name) => {
  const [first, ...others] = itemsOf(value);
  const server = first === undefined ? undefined : parseRelayhost(first.replace(/^smtp:/, ''));
  if (server === undefined) {
    draft.unusable(name, 'relay.host');
    return;
  }
  setServer(server, draft, name);
  if (others.length > 0) draft.note(`${name} names more servers: add them as relay.backups`);
};

function setServer({ host, port, brackets }: Relayhost, draft: Draft, name: string): void {
  draft.set('relay.host', host);
  draft.set('relay.port', port ?? '25');
  if (port === undefined) {
    draft.note(`${name} names no port, which is 25 for Postfix; most providers want 587 or 465`);
  }
  if (!brackets && isDomain(host)) {
    draft.note(
      `${name} stood without brackets, so Postfix looked for MX records of ${host}; here the server is taken as it is: if it is a domain and no server, add "mx: yes"`,
    );
  }
}
