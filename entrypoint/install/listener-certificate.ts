/** The files for clients with TLS or a login, made before Postfix starts. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { CommandFailed, isSystemError, UserError } from '../cli/errors.ts';
import { cleanEnvironment } from '../postfix/running/command.ts';
import { LOGIN_MEMORY, LOGIN_USER, OWN_CERTIFICATE } from '../render/submission.ts';
import type { InterfaceAddress } from '../settings/facts.ts';
import type { Submission } from '../settings/submission.ts';
import { writeDurably } from './durable.ts';
import { madeAs } from './made-as.ts';

const crypto = (): typeof import('node:crypto') => process.getBuiltinModule('node:crypto');

/** Clients know it by its fingerprint, so it lasts as long as a machine does. */
const DAYS = 3650;

/** It is made anew so long before its end. */
const SPARE_MS = 30 * 86_400_000;

/**
 * Makes the relay's own certificate if it needs one and has no valid one. Also makes the file in
 * which the check of logins remembers failures.
 * @param addresses of the container, for clients that know it by one
 * @throws UserError when the certificate cannot be kept
 */
export function prepareSubmission(
  submission: Submission,
  addresses: readonly InterfaceAddress[],
): void {
  const { certificate, logins } = submission;
  if (certificate?.kind === 'own' && !isFit(certificate.names)) {
    makeCertificate(
      certificate.names,
      addresses.map(({ address }) => address),
    );
  }
  if (logins.length > 0 && !existsSync(LOGIN_MEMORY)) {
    madeAs(LOGIN_USER, LOGIN_USER, () => mkdirSync(LOGIN_MEMORY, { mode: 0o700 }));
  }
}

const isAddress = (name: string): boolean => /^[0-9.]+$|:/.test(name);

/** Whether there is a certificate for these names that is good for a while. */
function isFit(names: readonly string[]): boolean {
  if (!existsSync(OWN_CERTIFICATE)) return false;
  const known = new (crypto().X509Certificate)(readFileSync(OWN_CERTIFICATE));
  return (
    known.validToDate.getTime() - Date.now() > SPARE_MS &&
    names.every((name) =>
      isAddress(name) ? known.checkIP(name) !== undefined : known.checkHost(name) !== undefined,
    )
  );
}

/** RSA, since old machines support only that. */
function makeCertificate(names: readonly string[], addresses: readonly string[]): void {
  const { privateKey } = crypto().generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  // openssl reads it only from a file: Node's pipes are sockets, which cannot be opened by a name.
  const keyFile = `${OWN_CERTIFICATE}.key`;
  try {
    mkdirSync(dirname(OWN_CERTIFICATE), { recursive: true, mode: 0o755 });
    writeDurably(keyFile, key);
    writeDurably(OWN_CERTIFICATE, `${key}${selfSigned(keyFile, names, addresses)}`);
    rmSync(keyFile);
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    throw new UserError(
      `the relay's own certificate cannot be kept: ${OWN_CERTIFICATE} cannot be written ` +
        `(${fault.code}); mount a volume at ${dirname(OWN_CERTIFICATE)}, or give a certificate ` +
        'with RELAY_SUBMISSION_CERTIFICATE_FILE and RELAY_SUBMISSION_KEY_FILE',
    );
  }
}

/** A certificate in PEM form (openssl-req(1)). @throws CommandFailed when openssl fails */
function selfSigned(
  keyFile: string,
  names: readonly string[],
  addresses: readonly string[],
): string {
  const all = [...new Set([...names, 'localhost', ...addresses])];
  const alternatives = all.map((name) => `${isAddress(name) ? 'IP' : 'DNS'}:${name}`).join(',');
  const command = ['req', '-x509', '-new', '-sha256', '-key', keyFile, '-days', `${DAYS}`];
  const extension = ['-addext', `subjectAltName=${alternatives}`];
  const { status, stdout, stderr } = spawnSync(
    '/usr/bin/openssl',
    [...command, '-subj', `/CN=${names[0] ?? 'relay'}`, ...extension],
    { encoding: 'utf8', env: cleanEnvironment(undefined) },
  );
  if (status === 0) return stdout;
  throw new CommandFailed(`openssl req: exit status ${status}`, stderr);
}
