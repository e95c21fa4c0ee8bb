/** The images that bootstrap builds before the tests run. */
export const IMAGES = {
  relay: 'hikyaku:dev',
  provider: 'hikyaku-test/provider:dev',
  client: 'hikyaku-test/client:dev',
  devices: 'hikyaku-test/devices:dev',
  kubectl: 'hikyaku-test/kubectl:dev',
  quadlet: 'hikyaku-test/quadlet:dev',
  verifier: 'hikyaku-test/verifier:dev',
  dns: 'hikyaku-test/dns:dev',
  dnssec: 'hikyaku-test/dnssec:dev',
  mariadb: 'hikyaku-test/mariadb:dev',
  pgsql: 'hikyaku-test/pgsql:dev',
  sender: 'hikyaku-example/sender:dev',
  sasl: 'hikyaku-test/sasl:dev',
  oidc: 'hikyaku-test/oidc:dev',
  prometheus: 'hikyaku-test/prometheus:dev',
  browser: 'hikyaku-test/browser:dev',
} as const;

/** The providers of other people's software. */
export const PEER_IMAGES = {
  postfix: 'hikyaku-test/peer-postfix:dev',
  exim: 'hikyaku-test/peer-exim:dev',
  dovecot: 'hikyaku-test/peer-dovecot:dev',
} as const;
