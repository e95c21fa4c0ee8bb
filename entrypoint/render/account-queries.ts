import type { Database } from '../settings/settings.ts';

/**
 * The delivery services for accounts from a database, by what port and row ask for: STARTTLS or TLS
 * from the first byte, with a login or without. A row without a login needs a service of its own:
 * in one that logs in, Postfix would go on to the login of the sender's whole domain.
 */
export const ACCOUNT_SERVICES = [
  { name: 'accounts', implicitTls: false, login: true },
  { name: 'accounts-tls', implicitTls: true, login: true },
  { name: 'accounts-no-login', implicitTls: false, login: false },
  { name: 'accounts-tls-no-login', implicitTls: true, login: false },
] as const;

type Queries = Pick<Database, 'driver' | 'relay_query' | 'credentials_query'>;

const concatenation = (driver: Database['driver'], ...parts: readonly string[]): string =>
  driver === 'mysql' ? `CONCAT(${parts.join(', ')})` : parts.join(' || ');

const ROW = "FROM accounts WHERE lower(sender) = lower('%s')";

/** A part of the service's name: `yes` when the condition holds, `no` when not, or when it is NULL. */
const choice = (condition: string, yes: string, no: string): string =>
  `CASE WHEN ${condition} THEN '${yes}' ELSE '${no}' END`;

/**
 * Defers mail whose sender has a row without a usable server (error(8) as the service "retry").
 * Without an answer Postfix would use the row of the sender's domain.
 */
const INCOMPLETE = "'retry:4.3.5 the account of this sender is incomplete in the database'";

/**
 * The query for a sender's delivery service and server, `accounts:[mail.example.com]:587`. The
 * service is chosen in SQL: Postfix accepts no regular expressions with substitutions for
 * transports, since their parts could come from a stranger ("SECURITY" in regexp_table(5)).
 */
export function relayQuery(queries: Queries): string {
  const { driver, relay_query: own } = queries;
  if (own === undefined) {
    const name = choice('port = 465', 'accounts-tls', 'accounts');
    const login = choice("username <> ''", '', '-no-login');
    const service = concatenation(driver, name, login, "':['", 'host', "']:'", 'port');
    const complete = "host <> '' AND port BETWEEN 1 AND 65535";
    return `SELECT CASE WHEN ${complete} THEN ${service} ELSE ${INCOMPLETE} END ${ROW}`;
  }
  const implicit = ['465', 'submissions', 'smtps']
    .map((port) => `server LIKE '%%:${port}'`)
    .join(' OR ');
  const name = choice(implicit, 'accounts-tls', 'accounts');
  const login = choice("(SELECT MAX(words) FROM login) <> ''", ':', '-no-login:');
  const service = concatenation(driver, name, login, 'server');
  return (
    `WITH account(server) AS (${inner(own)}), login(words) AS (${inner(credentialsQuery(queries))}) ` +
    `SELECT CASE WHEN server <> '' THEN ${service} ELSE ${INCOMPLETE} END FROM account`
  );
}

/** A query as a part of another. */
const inner = (query: string): string => query.replace(/[;\s]+$/, '');

/** The query for a sender's login, `username:password`. */
export const credentialsQuery = ({ driver, credentials_query: own }: Queries): string =>
  own ??
  // An empty password makes the login fail and the mail wait, instead of using another account.
  `SELECT ${concatenation(driver, 'username', "':'", "COALESCE(password, '')")} ${ROW}`;
