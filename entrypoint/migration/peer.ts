import type { Draft } from './draft.ts';

/** The variables of a container, empty ones left out. */
export type Variables = ReadonlyMap<string, string>;

/** How the migration treats one variable. */
export type Translate = (value: string, draft: Draft, name: string, all: Variables) => void;

/** One variable of another image, or a family of them: `POSTMAP_*`. */
export interface PeerVariable {
  readonly name: string;
  /** Our setting in words; undefined without a counterpart. */
  readonly ours: string | undefined;
  /** Why it has no counterpart, or what to do instead. */
  readonly why: string;
  /** Other programs have a variable of that name too, so it does not identify the image. */
  readonly common: boolean;
  /** Its value is a secret, so only its existence is known. */
  readonly secret: boolean;
  readonly translate: Translate;
}

/** Another relay image. */
export interface Peer {
  /** Its repository on GitHub. */
  readonly name: string;
  /** How its image is called, without registry and tag. */
  readonly image: RegExp;
  /** How `POSTFIX_` stands before a parameter there: any case of letters, or as Postfix has it. */
  readonly parameters: 'as they are' | 'any case' | 'none';
  /** The default TLS to a relay host without a login. */
  readonly tls: 'opportunistic' | 'verify';
  readonly variables: readonly PeerVariable[];
  /** The image's defaults. */
  readonly defaults: (draft: Draft, all: Variables) => void;
}

/** A variable with a counterpart. */
export const variable = (name: string, ours: string, translate: Translate): PeerVariable => ({
  name,
  ours,
  why: '',
  common: false,
  secret: false,
  translate,
});

/** A variable that holds a secret. */
export const secret = (name: string, ours: string, path: string): PeerVariable => ({
  ...variable(name, ours, (_, draft, met) => draft.secret(met, path)),
  secret: true,
});

/** A variable without one. Its value, which may be a secret, is not looked at. */
export const without = (name: string, why: string): PeerVariable => ({
  name,
  ours: undefined,
  why,
  common: false,
  secret: false,
  translate: (_, draft, met) => draft.drop(met, why),
});

/** A variable that needs no counterpart, since it works as it is, or is the rule here. */
export const settled = (name: string, why: string): PeerVariable => ({
  name,
  ours: undefined,
  why,
  common: false,
  secret: false,
  translate: (_, draft, met) => draft.note(`${met} is not needed: ${why}`),
});

/** A variable that works here as it did there. */
export const kept = (name: string): PeerVariable => ({
  ...settled(name, ''),
  common: true,
  translate: (_, draft, met) => draft.note(`${met} works here too: keep it as a variable`),
});

/** The same variable, marked as one that does not identify the image. */
export const common = (one: PeerVariable): PeerVariable => ({ ...one, common: true });

/** The unchanged value of a variable, for a setting of one value. */
export const as =
  (path: string): Translate =>
  (value, draft) =>
    draft.set(path, value);

/** The login, which ends at a ":"; what stands behind it may be a password. */
export const login: Translate = (value, draft, name) => {
  if (value.includes(':')) draft.unusable(name, 'relay.username');
  else draft.set('relay.username', value);
};

/** A secret in a file that the variable names. */
export const asSecretFile =
  (path: string): Translate =>
  (value, draft, name) => {
    if (value.startsWith('/')) draft.secretFile(name, path, value, true);
    else draft.secret(name, path);
  };

/** The items of a list as Postfix and shell scripts take them, by commas or blanks. */
export const itemsOf = (value: string): readonly string[] =>
  value.split(/[\s,]+/).filter((item) => item !== '');

/** `yes`, `1` and so on, as shell scripts take them. */
export const isOn = (value: string | undefined): boolean =>
  value !== undefined && !/^(|0|no|false|off)$/i.test(value);
