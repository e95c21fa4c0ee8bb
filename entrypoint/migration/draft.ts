import { displayName } from '../settings/naming/names.ts';

/** A value as our YAML takes it. */
export type Value = string | readonly string[] | Readonly<Record<string, string>>;

/** A variable that has no counterpart here, and why, or what to do instead. */
export interface Dropped {
  readonly name: string;
  readonly why: string;
}

/** A secret that now stands in a file: which variable held it, and where ours looks for it. */
export interface SecretFile {
  readonly name: string;
  readonly file: string;
  /** Whether the user had it in a file already. */
  readonly isThere: boolean;
}

/** The directory of a Docker Compose service's secrets. */
const SECRETS = '/run/secrets';

/** The migration's results so far. They hold no secrets, only the secrets' future places. */
export class Draft {
  readonly settings = new Map<string, Value>();
  /** Points that would admit more than before, unless the user decides otherwise. */
  readonly errors: Dropped[] = [];
  readonly dropped: Dropped[] = [];
  readonly secrets: SecretFile[] = [];
  readonly notes: string[] = [];

  set(path: string, value: Value): void {
    this.settings.set(path, value);
  }

  /** Puts a value into a setting that is a list or a table, behind what is there. */
  add(path: string, value: readonly string[] | Readonly<Record<string, string>>): void {
    const before = this.settings.get(path);
    if (before === undefined || typeof before === 'string') this.set(path, value);
    else if (isList(before) && isList(value)) this.set(path, [...new Set([...before, ...value])]);
    else if (!isList(before) && !isList(value)) this.set(path, { ...before, ...value });
  }

  drop(name: string, why: string): void {
    this.dropped.push({ name, why });
  }

  /** A restriction that could not be taken over. */
  error(name: string, why: string): void {
    this.errors.push({ name, why });
  }

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** A secret that stood in a variable: from now on in a file. */
  secret(name: string, path: string): void {
    this.secretFile(name, path, `${SECRETS}/${path.replaceAll('.', '_')}`, false);
  }

  secretFile(name: string, path: string, file: string, isThere: boolean): void {
    this.set(`${path}_file`, file);
    this.secrets.push({ name, file, isThere });
  }

  /** A value that our setting would refuse; it may hold a secret, so it is not shown. */
  unusable(name: string, path: string): void {
    this.drop(name, `its value is not valid for ${displayName(path)} (${path}): set that yourself`);
  }
}

const isList = (value: Value): value is readonly string[] => Array.isArray(value);
