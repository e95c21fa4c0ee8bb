/** The images that bootstrap builds before the tests run. */
export const IMAGES = {
  relay: 'hikyaku:dev',
  provider: 'hikyaku-test/provider:dev',
  client: 'hikyaku-test/client:dev',
  dns: 'hikyaku-test/dns:dev',
  peerPostfix: 'hikyaku-test/peer-postfix:dev',
  peerExim: 'hikyaku-test/peer-exim:dev',
} as const;
