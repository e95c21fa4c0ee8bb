/** Secrets must not be in a shared image. They come at run time, in files. */

import { error, type Problem } from '../../entrypoint/messages/problem.ts';
import { secretsIn } from '../../entrypoint/settings/hiding/hide-secrets.ts';
import type { Given, GivenValue } from '../../entrypoint/settings/naming/given.ts';

const WRONG = 'a secret stands here, and everybody who has the image could read it';

/** Every secret in the file itself. @param given the settings of the file */
export const secretsInFile = ({ values }: Given): readonly Problem[] =>
  [...values].flatMap(([path, value]) => secretsOf(path, value));

function secretsOf(path: string, value: GivenValue): readonly Problem[] {
  if (path === 'postfix') return inParameters(value);
  if (secretsIn(new Map([[path, value]])).length === 0) return [];
  const right = 'write password_file with a path such as /run/secrets/isp, and mount that file';
  return [error(value.where, WRONG, right)];
}

/** A table in the parameter itself (DATABASE_README, "inline" and "static"). */
const TABLE_INSIDE = /\b(inline|static):/;
/** A login in an address: `mysql://user:password@host`. */
const LOGIN_IN_URL = /:\/\/[^\s/:@]+:[^\s/@]+@/;

function inParameters(value: GivenValue): readonly Problem[] {
  if (value.shape !== 'table') return [];
  return value.rows.flatMap(({ from, to }) => {
    const isOfSecrets = /passw|secret|credential/i.test(from.text);
    const isSecret = (isOfSecrets && TABLE_INSIDE.test(to.text)) || LOGIN_IN_URL.test(to.text);
    const right = `use username and password_file of relay or of an account instead of ${from.text}`;
    return isSecret ? [error(`${to.where}.${from.text}`, WRONG, right)] : [];
  });
}
