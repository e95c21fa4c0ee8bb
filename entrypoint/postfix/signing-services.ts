/** Services of master.cf that mail goes through when it is signed (render/signing.ts). */

/** The client that rewrites, and hands mail to the listener inside. */
export const SIGN = 'sign';

/** The names of the inner listener and its cleanup in the log. */
export const SIGNER = 'signer';

/** The client that hands signed mail to the next server. */
export const SIGNED = 'signed';
