import ipaddr from 'ipaddr.js';
import type { Draft, Value } from './draft.ts';
import type { Translate } from './peer.ts';

/** Postfix's levels (smtp_tls_security_level in postconf(5)) by ours. */
const LEVELS: Readonly<Record<string, string>> = {
  none: 'none',
  may: 'opportunistic',
  encrypt: 'encrypt',
  verify: 'verify',
  secure: 'verify',
  dane: 'dane',
  'dane-only': 'dane',
};

/** Postfix's level of TLS. */
export const tlsLevel: Translate = (value, draft, name) => {
  const level = LEVELS[value.toLowerCase()];
  if (level === undefined) draft.unusable(name, 'relay.tls');
  else draft.set('relay.tls', level);
};

/** The file of CA certificates; that of the system is trusted anyway. */
export const caFile: Translate = (value, draft) => {
  if (!value.startsWith('/etc/ssl/')) draft.set('relay.ca_file', value);
};

/** The levels at which a server without TLS, or anybody in its place, may get the mail. */
const isWeak = (level: Value | undefined): boolean => level === 'none' || level === 'opportunistic';

/**
 * A level that could have sent a login in clear is left out: ours is then "verify". Levels that
 * cannot work without a relay host, or with port 465, are left out too.
 * @param usual the default level of the other image
 * @param logsIn whether there is a login, even if it could not be taken over
 */
export function settleTls(draft: Draft, usual: 'opportunistic' | 'verify', logsIn: boolean): void {
  const { settings } = draft;
  const tls = settings.get('relay.tls');
  if (!settings.has('relay.host')) {
    if (tls === 'opportunistic' || tls === 'verify') settings.delete('relay.tls');
    return;
  }
  const mustProtect = logsIn || settings.get('relay.port') === '465';
  if (tls === 'dane') {
    draft.note(
      'TLS: dane needs a TLSA record of the server here and sends nothing without one, where the other image went on with encryption or in clear; leave relay.tls out to have the certificate verified instead',
    );
  }
  if (tls === 'verify') settings.delete('relay.tls');
  else if (isWeak(tls) && mustProtect) {
    settings.delete('relay.tls');
    draft.note(
      'TLS: the password could have gone in clear, or to anybody; here the certificate of the server must be valid. If it is not, and cannot be, set relay.tls to encrypt',
    );
  } else if (tls === undefined && !mustProtect && usual === 'opportunistic') {
    draft.set('relay.tls', usual);
    draft.note(
      'TLS: mail goes in clear, as before, if the server offers no TLS; leave relay.tls out if its certificate is valid',
    );
  }
  settleAddress(draft);
}

/** A certificate is for a name, so it cannot be verified for an address. */
function settleAddress(draft: Draft): void {
  const host = draft.settings.get('relay.host');
  if (draft.settings.has('relay.tls') || !ipaddr.isValid(String(host))) return;
  draft.set('relay.tls', 'encrypt');
  draft.note(
    'TLS: relay.host is an address, and a certificate is for a name, so the connection is encrypted but may be to anybody; better give the name, and leave relay.tls out',
  );
}
