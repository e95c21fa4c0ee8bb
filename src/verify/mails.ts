/** The mails of one relay's life, and how each has to arrive. */
import { ACCOUNTS, ADDED, MADE_UP, MYHOSTNAME, REAL, USER } from './home.ts';
import type { Message } from './mock-provider.ts';

export interface Mail {
  /** What the client says: whose mail it is, and for whom. */
  readonly handed: { readonly from: string; readonly to: string };
  /** The recipient that the provider is told. */
  readonly to: string;
  /** Whose login it has, in whose name, and on which port of the provider. */
  readonly user: string;
  readonly from: string;
  readonly port: number;
}

const usual = (to: string): Mail => ({
  handed: { from: MADE_UP, to },
  ...{ to, user: USER, from: REAL, port: 587 },
});

/** One for each port of the relay; what comes to 587 is one message with two recipients. */
export const PORT_25 = usual('port-25@example.com');
export const PORT_587 = usual('port-587@example.com');
export const PORT_587_TOO = usual('port-587-too@other.example');
export const AFTER_CRASH = usual('after-the-crash@example.com');
/** What `hikyaku test` sends. */
export const TESTED = usual('tested@example.com');

/** The provider does not take it, so that a notice goes back to whom it came from. */
export const REFUSED = usual('refused@example.com');
export const NOTICE: Mail = { ...usual(REAL), from: '' };

/** One for each account of relay.yaml; what the file rewrites is handed in as it is at home. */
export const OF_ACCOUNTS: readonly Mail[] = ACCOUNTS.map(
  ({ user, sender, port, atHome, alias, to }) => ({
    handed: { from: atHome ?? sender, to: alias ?? to },
    ...{ to, user, from: sender, port },
  }),
);

/** That of the account that is added later. */
export const AFTER_RELOAD: Mail = {
  handed: { from: ADDED.sender, to: 'after-the-reload@example.com' },
  ...{ to: 'after-the-reload@example.com', user: ADDED.user, from: ADDED.sender, port: ADDED.port },
};

/** What is not as it should be with a mail that arrived. */
export function faultsOf(mail: Mail, { session, envelope }: Message): readonly string[] {
  const login = session.auth?.username ?? 'no login';
  return [
    ...(session.tls === null ? ['in clear'] : []),
    ...(login === mail.user ? [] : [`as ${login}`]),
    ...(envelope.from === mail.from ? [] : [`from ${envelope.from || '<>'}`]),
    ...(session.listener === mail.port ? [] : [`on port ${session.listener}`]),
    ...(session.helo === MYHOSTNAME ? [] : [`from a relay that calls itself ${session.helo}`]),
  ];
}
