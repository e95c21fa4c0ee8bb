/** One address of the container's own network interfaces, as `ip address` shows it. */
export interface InterfaceAddress {
  readonly address: string;
  /** The length of the network's prefix in bits. */
  readonly prefix: number;
}

/** What is wrong with a file that a setting names; undefined when it can be used. */
export type FileFault = { readonly wrong: string; readonly right: string } | undefined;

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
  /** The CA files that the settings name, each with what is wrong with it. */
  readonly caFiles: ReadonlyMap<string, FileFault>;
}
