import type { Facts, HashedPassword } from './facts.ts';
import type { RawSettings } from './table.ts';
import { IMPLICIT_TLS_PORT } from './validators/plain.ts';

/** A client's login and its permitted senders; empty: any sender. */
export interface ClientLogin {
  readonly username: string;
  readonly password: HashedPassword;
  readonly senders: readonly string[];
}

/** The listeners' certificate with its key (PEM), or the relay's own, which it makes and keeps. */
export type ListenerCertificate =
  | { readonly kind: 'given'; readonly pem: string }
  | { readonly kind: 'own'; readonly names: readonly string[] };

/** The permissions of clients beside `networks`. */
export interface Submission {
  readonly tls: 'none' | 'offer' | 'require';
  /** Undefined without a TLS listener. */
  readonly certificate: ListenerCertificate | undefined;
  readonly logins: readonly ClientLogin[];
  /** Ranges from which a password may come in clear. */
  readonly clearNetworks: readonly string[];
  /** Ranges whose clients may end lines with only LF. */
  readonly bareLfNetworks: readonly string[];
  readonly oldTlsPort: number | undefined;
}

/** The ports beside those in `listen`. */
export const portsOf = ({ oldTlsPort }: Submission): readonly number[] =>
  oldTlsPort === undefined ? [] : [oldTlsPort];

/** Every login that was given whole: that of `submission`, then those of `logins`. */
export const givenLogins = ({ submission, logins }: RawSettings) =>
  [{ ...submission, senders: [] }, ...logins].flatMap(({ username, password, senders }) =>
    username === undefined || password === undefined ? [] : [{ username, password, senders }],
  );

/** TLS is offered where something needs it; else clients that verify would be turned away by it. */
export function tlsOf(raw: RawSettings): Submission['tls'] {
  const { submission, listen } = raw;
  const needsTls =
    submission.certificate_file !== undefined ||
    submission.old_tls_port !== undefined ||
    givenLogins(raw).length > 0 ||
    listen.includes(IMPLICIT_TLS_PORT);
  return submission.tls ?? (needsTls ? 'offer' : 'none');
}

/** Fills in what depends on other settings. @param myhostname the name that clients know */
export function submissionOf(raw: RawSettings, facts: Facts, myhostname: string): Submission {
  const { submission } = raw;
  const tls = tlsOf(raw);
  const pair = facts.listenerPair;
  const names = [...new Set([myhostname, ...submission.names])];
  const given = pair !== undefined && 'pem' in pair ? pair.pem : undefined;
  return {
    tls,
    certificate:
      tls === 'none'
        ? undefined
        : given === undefined
          ? { kind: 'own', names }
          : { kind: 'given', pem: given },
    logins: givenLogins(raw).map(({ username, password, senders }) => ({
      username,
      password: facts.hashPassword?.(username, password) ?? { salt: '', key: '' },
      senders,
    })),
    clearNetworks: submission.clear_networks,
    bareLfNetworks: submission.bare_lf_networks,
    oldTlsPort: submission.old_tls_port,
  };
}
