/**
 * Names and ports of the second step that some mail takes through the queue: to be signed
 * (render/signing.ts), or to leave through a backup as another sender (render/backup-steps.ts).
 */

/** The client that rewrites, and hands mail to the signer's listener inside. */
export const SIGN = 'sign';

/** The names of the signer's listener and its cleanup in the log. */
export const SIGNER = 'signer';

/** The client that hands signed mail to the next server. */
export const SIGNED = 'signed';

/** The names of a backup's listener and its cleanup in the log. */
export const STEP = 'step';

/** Loopback is all that reaches the listeners inside. */
export const LOOPBACK = '127.0.0.1';

export const SIGNER_PORT = 10_026;

/** The port of the first backup with a sender of its own; the next ones follow. */
export const FIRST_STEP_PORT = 10_030;

/** Whether a line comes from a listener inside: its only client is the relay itself. */
export const isInside = (service: string | undefined): boolean =>
  service === SIGNER || service === STEP;

/**
 * Whether a delivery was a hand-over to a listener inside.
 * @param relay as the log has it: `127.0.0.1[127.0.0.1]:10026`
 */
export function isHandOver(service: string | undefined, relay: string): boolean {
  return service === SIGN || STEP_RELAY.test(relay);
}

const STEP_RELAY = /^127\.0\.0\.1\[127\.0\.0\.1\]:100[3-9]\d$/;

/** The next hop of a listener inside: `[127.0.0.1]:10030`. */
export const insideHop = (port: number): string => `[${LOOPBACK}]:${port}`;

/** The listener behind such a next hop, as master.cf names it; undefined for any other server. */
export const listenerInside = (nexthop: string): string | undefined =>
  /^\[127\.0\.0\.1\]:100[3-9]\d$/.test(nexthop) ? nexthop.replace(/[[\]]/g, '') : undefined;
