import type { Login, RelayHost, Settings } from './settings.ts';

/** What stands where a secret would. */
export const MASK = '***';

const maskLogin = (login: Login | undefined): Login | undefined =>
  login === undefined ? undefined : { ...login, password: MASK };

const maskHost = <H extends RelayHost>(host: H): H => ({ ...host, login: maskLogin(host.login) });

/** The same settings with every secret masked: what may be shown is rendered from these. */
export const maskSecrets = (settings: Settings): Settings => ({
  ...settings,
  route: settings.route.kind === 'relay' ? maskHost(settings.route) : settings.route,
  accounts: settings.accounts.map((account) => ({
    ...account,
    relayHost: maskHost(account.relayHost),
  })),
});
