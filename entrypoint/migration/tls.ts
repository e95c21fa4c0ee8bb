import type { Draft } from './draft.ts';
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

/**
 * A level that could have sent a login in clear is left out: ours is then "verify". Levels that
 * cannot work without a relay host, or with port 465, are left out too.
 */
export function settleTls(draft: Draft): void {
  const tls = draft.settings.get('relay.tls');
  if (tls === undefined) return;
  const weak = tls === 'none' || tls === 'opportunistic';
  const login = draft.settings.has('relay.username');
  if (!draft.settings.has('relay.host')) {
    if (tls === 'opportunistic' || tls === 'verify') draft.settings.delete('relay.tls');
  } else if (weak && (login || draft.settings.get('relay.port') === '465')) {
    draft.settings.delete('relay.tls');
    draft.note(
      'TLS: the password could have gone in clear, or to anybody; here the certificate of the server must be valid. If it is not, and cannot be, set relay.tls to encrypt',
    );
  } else if (tls === 'verify') {
    draft.settings.delete('relay.tls');
  }
}
