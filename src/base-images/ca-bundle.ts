/**
 * Where a proxy re-signs TLS, its CA is known to the host alone, and `npm ci` in a build fails. The
 * host says which bundle it trusts in one of these variables, or in npm's configuration.
 */
import { readFile } from 'node:fs/promises';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { run } from '../command.ts';

const variables = ['NODE_EXTRA_CA_CERTS', 'npm_config_cafile', 'SSL_CERT_FILE'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The host's extra CA bundle as text; '' without one. */
export async function hostCaBundle(env: Environment): Promise<string> {
  const given = variables.find((name) => (env[name] ?? '') !== '');
  const file = given === undefined ? await npmCaFile(env) : env[given];
  if (file === undefined || file === '') return '';
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${given ?? "npm's cafile"} names no readable CA bundle: ${reason}`);
  }
}

/** npm hands its configuration to the scripts it runs as variables; otherwise it has to be asked. */
async function npmCaFile(env: Environment): Promise<string | undefined> {
  if (env['npm_execpath'] !== undefined) return undefined;
  const answer = (await run('npm', ['config', 'get', 'cafile'])).trim();
  return answer === 'null' || answer === 'undefined' ? undefined : answer;
}
