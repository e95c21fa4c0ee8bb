/** The port on which TLS starts with the first byte (RFC 8314 section 7.3). */
export const IMPLICIT_TLS_PORT = 465;
