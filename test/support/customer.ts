import type { TestNetwork } from './network.ts';
import { type ProviderHandle, startProvider } from './provider.ts';
import type { ProviderSettings } from './provider-settings.ts';
import type { RelaySettings } from './relay.ts';

const CA_FILE = '/certs/provider-ca.pem';

/** The login of a relay whose settings say nothing else. */
export const LOGIN = { username: 'hoge', password: 'piyopiyo' } as const;

/** Starts the mock provider with the account of `LOGIN`: `mail.isp.example`, or what `more` says. */
export const startIsp = (
  network: TestNetwork,
  more: Partial<ProviderSettings> = {},
): Promise<ProviderHandle> =>
  startProvider(network, {
    names: ['mail.isp.example'],
    users: { [LOGIN.username]: LOGIN.password },
    ...more,
  });

/**
 * The settings of a relay that sends everything through this provider: its host, `LOGIN`, and the
 * authority behind its certificate.
 *
 * @param more added to these, or instead of one of them; an empty variable takes one away
 */
export function customerOf(provider: ProviderHandle, more: RelaySettings = {}): RelaySettings {
  return {
    ...more,
    env: {
      RELAY_HOST: provider.host,
      RELAY_USERNAME: LOGIN.username,
      RELAY_PASSWORD: LOGIN.password,
      RELAY_CA_FILE: CA_FILE,
      ...more.env,
    },
    files: { [CA_FILE]: provider.caPem, ...more.files },
  };
}
