/**
 * Where a proxy re-signs TLS, its CA is known to the host alone, and `npm ci` in a build fails. The
 * host says which bundle it trusts in one of these variables; npm hands its `cafile` to the scripts
 * it runs as a variable too.
 */
import { readFile } from 'node:fs/promises';
import { UserError } from '../../src/errors.ts';

const variables = ['NODE_EXTRA_CA_CERTS', 'npm_config_cafile', 'SSL_CERT_FILE'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** The host's extra CA bundle as text, '' when it has none. */
export async function hostCaBundle(env: Environment): Promise<string> {
  for (const variable of variables) {
    const file = env[variable];
    if (file === undefined || file === '' || file === 'null') continue;
    try {
      return await readFile(file, 'utf8');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError(`${variable} names a CA bundle that cannot be read: ${reason}`);
    }
  }
  return '';
}
