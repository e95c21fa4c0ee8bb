/** One address of the container's own network interfaces, as `ip address` shows it. */
export interface InterfaceAddress {
  readonly address: string;
  /** The length of the network's prefix in bits. */
  readonly prefix: number;
}

/** The certificates in a CA file that a setting names (PEM), or what is wrong with it. */
export type CaFile = { readonly pem: string } | { readonly wrong: string; readonly right: string };

/** What the program has to know of the world to judge settings; read once, at the edge. */
export interface Facts {
  /** The container's host name (hostname(1)). */
  readonly hostname: string;
  /** Addresses of the interfaces, without loopback. */
  readonly interfaces: readonly InterfaceAddress[];
  /** The gateways in the routing table. */
  readonly gateways: readonly string[];
  /** What `postconf -d` of the image lists; absent where there is no Postfix to ask. */
  readonly parameterNames: readonly string[] | undefined;
  /** What `postconf -m` of the image lists; absent where there is no Postfix to ask. */
  readonly tableTypes: readonly string[] | undefined;
  /** The CA files that the settings name, by path. */
  readonly caFiles: ReadonlyMap<string, CaFile>;
}
