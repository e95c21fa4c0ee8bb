/** The directory of Postfix's configuration. */
export const CONFIG_DIRECTORY = '/etc/postfix';

/** A file to be written: nothing is written while rendering. */
export interface RenderedFile {
  readonly path: string;
  /** The group of the file; default: root's. */
  readonly group?: string;
  /** Permission bits; the owner is always root. */
  readonly mode: number;
  readonly content: string;
  /** The type with which postmap indexes it; absent for files that Postfix reads as they are. */
  readonly index?: string;
}

/** For what every program of Postfix may read. */
export const PUBLIC = 0o644;
/** For what holds a secret: only root. */
export const SECRET = 0o600;

/** Permission bits as chmod(1) takes them: `0600`. */
export const octal = (mode: number): string => mode.toString(8).padStart(4, '0');

/** A file below /etc/postfix. */
export const configFile = (name: string, content: string, mode = PUBLIC): RenderedFile => ({
  path: `${CONFIG_DIRECTORY}/${name}`,
  mode,
  content,
});

/** The name of a file below /etc/postfix. */
export const nameOf = ({ path }: RenderedFile): string => path.slice(CONFIG_DIRECTORY.length + 1);

/** How main.cf refers to a table: `lmdb:/etc/postfix/generic`. */
export const tableReference = (type: string, name: string): string =>
  `${type}:${CONFIG_DIRECTORY}/${name}`;

/** How main.cf refers to a table, or an empty text for a table without entries. */
export type Reference = (name: string) => string;
