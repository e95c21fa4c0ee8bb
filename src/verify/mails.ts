/** The mails of one relay's life, and how each has to arrive. */
import { ACCOUNTS, REAL, USER } from './bench.ts';
import type { Message } from './mock-provider.ts';

export interface Mail {
  readonly to: string;
  /** Whose login it has, in whose name, and on which port of the provider. */
  readonly user: string;
  readonly from: string;
  readonly port: number;
}

const usual = (to: string): Mail => ({ to, user: USER, from: REAL, port: 587 });

/** One for each port of the relay. */
export const PORT_25 = usual('port-25@example.com');
export const PORT_587 = usual('port-587@example.com');
export const AFTER_CRASH = usual('after-the-crash@example.com');
/** What `hikyaku test` sends. */
export const TESTED = usual('tested@example.com');

/** One for each account of relay.yaml. */
export const OF_ACCOUNTS: readonly Mail[] = ACCOUNTS.map(({ user, sender, port }) => ({
  to: `account-${user}@example.com`,
  user,
  from: sender,
  port,
}));

/** What is not as it should be with a mail that arrived. */
export function faultsOf(mail: Mail, { session, envelope }: Message): readonly string[] {
  const login = session.auth?.username ?? 'no login';
  return [
    ...(session.tls === null ? ['in clear'] : []),
    ...(login === mail.user ? [] : [`as ${login}`]),
    ...(envelope.from === mail.from ? [] : [`from ${envelope.from}`]),
    ...(session.listener === mail.port ? [] : [`on port ${session.listener}`]),
  ];
}
