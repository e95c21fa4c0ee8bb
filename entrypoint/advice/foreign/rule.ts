import type { LoginKind, MailKind } from '../trouble.ts';

/** The possible reasons of a server's reply. */
export type ReplyKind = LoginKind | MailKind | 'mechanisms' | 'tls-wanted';

/** An answer that matches is about this. */
export interface Rule {
  readonly kind: ReplyKind;
  /** Whether it counts only in the answer to a login. */
  readonly isLogin: boolean;
  readonly pattern: RegExp;
}

/** Any of these, capitals or not. */
const any = (patterns: readonly RegExp[]): RegExp =>
  new RegExp(patterns.map(({ source }) => source).join('|'), 'i');

export const rule = (kind: ReplyKind, ...patterns: readonly RegExp[]): Rule => ({
  kind,
  isLogin: false,
  pattern: any(patterns),
});

export const atLogin = (kind: ReplyKind, ...patterns: readonly RegExp[]): Rule => ({
  ...rule(kind, ...patterns),
  isLogin: true,
});
