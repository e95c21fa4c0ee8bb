/** A container, as a file describes it: what matters of it here. */
export interface Service {
  readonly name: string;
  readonly image: string;
  /**
   * In the notation of Compose: `$X` is filled in, `$$` is a `$`. A variable without a value has it
   * from elsewhere.
   */
  readonly environment: ReadonlyMap<string, string | undefined>;
  /** Files with more variables, relative to the file that is read. */
  readonly envFiles: readonly string[];
  readonly hostname: string | undefined;
  /** The mount points in the container. */
  readonly mounts: readonly string[];
  /** Other sources of its settings that the migration does not read, in words. */
  readonly unread: readonly string[];
}

const NOTHING: Service = {
  name: '',
  image: '',
  environment: new Map(),
  envFiles: [],
  hostname: undefined,
  mounts: [],
  unread: [],
};

export const serviceOf = (known: Partial<Service>): Service => ({ ...NOTHING, ...known });

/** A text in which a `$` is just that, in the notation of Compose. */
export const literally = (text: string): string => text.replaceAll('$', '$$$$');
