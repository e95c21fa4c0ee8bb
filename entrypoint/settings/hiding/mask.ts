import type { ClientProof, Grant, OAuth2 } from '../oauth2.ts';
import { type Database, type Login, type Route, relayHostsOf, type Settings } from '../settings.ts';
import type { Submission } from '../submission.ts';

/** The replacement for a secret. */
export const MASK = '***';

/** The name of a login; some providers (Postmark) want the same token as name and as password. */
export const shownName = ({ username, password }: Login): string =>
  username === password ? MASK : username;

const maskLogin = (login: Login | undefined): Login | undefined =>
  login === undefined
    ? undefined
    : {
        username: shownName(login),
        password: MASK,
        ...(login.oauth2 && { oauth2: maskOAuth2(login.oauth2) }),
      };

const maskOAuth2 = (oauth2: OAuth2): OAuth2 => ({ ...oauth2, grant: maskGrant(oauth2.grant) });

function maskGrant(grant: Grant): Grant {
  switch (grant.kind) {
    case 'user':
      return {
        ...grant,
        proof: maskProof(grant.proof),
        refreshToken: grant.refreshToken && MASK,
      };
    case 'application':
      return { ...grant, proof: maskProof(grant.proof) };
    case 'service account':
      return { ...grant, key: MASK };
  }
}

function maskProof(proof: ClientProof): ClientProof {
  switch (proof.kind) {
    case 'none':
      return proof;
    case 'secret':
      return { ...proof, secret: MASK };
    case 'certificate':
      return { ...proof, key: MASK };
  }
}

const maskHost = <H extends { readonly login: Login | undefined }>(host: H): H => ({
  ...host,
  login: maskLogin(host.login),
});

const maskRoute = (route: Route): Route =>
  route.kind === 'direct'
    ? route
    : { ...maskHost(route), backups: route.backups.map((backup) => maskHost(backup)) };

const maskDatabase = (database: Database | undefined): Database | undefined =>
  database?.password === undefined ? database : { ...database, password: MASK };

const maskSubmission = (submission: Submission): Submission => ({
  ...submission,
  certificate:
    submission.certificate?.kind === 'given'
      ? { kind: 'given', pem: `${MASK}\n` }
      : submission.certificate,
  logins: submission.logins.map((login) => ({ ...login, password: { salt: MASK, key: MASK } })),
});

/** Shorter texts may occur in any value by chance. */
const LEAST = 4;

/** A Postfix parameter that also holds a password. */
const withoutPasswords = (value: string, { route, accounts, database }: Settings): string =>
  [...relayHostsOf(route), ...accounts.map(({ relayHost }) => relayHost)]
    .flatMap(({ login }) => login?.password ?? [])
    .concat(database?.password ?? [])
    .filter(({ length }) => length >= LEAST)
    .reduce((text, password) => text.replaceAll(password, MASK), value);

/** The same settings with every secret masked: what may be shown is rendered from these. */
export const maskSecrets = (settings: Settings): Settings => ({
  ...settings,
  route: maskRoute(settings.route),
  accounts: settings.accounts.map((account) => ({
    ...account,
    relayHost: maskHost(account.relayHost),
  })),
  database: maskDatabase(settings.database),
  alerts: settings.alerts && { ...settings.alerts, to: settings.alerts.to.map(() => MASK) },
  submission: maskSubmission(settings.submission),
  proxy: { ...settings.proxy, https: settings.proxy.https && MASK },
  page:
    settings.page?.password === undefined
      ? settings.page
      : { ...settings.page, password: { salt: MASK, key: MASK } },
  overrides: settings.overrides.map(({ from, to }) => ({
    from,
    to: withoutPasswords(to, settings),
  })),
});
