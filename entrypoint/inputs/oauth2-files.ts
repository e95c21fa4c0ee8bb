import { quoted } from '../messages/problem.ts';
import type { OAuth2File } from '../settings/facts.ts';
import type { Given } from '../settings/naming/given.ts';
import { crypto } from './crypto.ts';
import { readNamedBytes } from './secret-files.ts';

/** The keys of `oauth2` that name files, and the check of each. File contents are never shown. */
const FILES: Readonly<Record<string, (bytes: Buffer, file: string) => OAuth2File>> = {
  certificate_file: certificate,
  key_file: privateKey,
  service_account_file: serviceAccount,
};

/** Reads the certificates, keys and service accounts that `oauth2` names, by path. */
export function readOAuth2Files(given: Given): ReadonlyMap<string, OAuth2File> {
  const files = new Map<string, OAuth2File>();
  for (const [path, value] of given.values) {
    const judge = /\.oauth2\.\w+$/.test(path) && FILES[path.slice(path.lastIndexOf('.') + 1)];
    if (!judge || value.shape !== 'one') continue;
    const read = readNamedBytes(value.where, value.text);
    files.set(value.text, 'problem' in read ? read.problem : judge(read.bytes, value.text));
  }
  return files;
}

function certificate(bytes: Buffer, file: string): OAuth2File {
  try {
    const { validToDate, validTo } = new (crypto().X509Certificate)(bytes);
    if (validToDate.getTime() > Date.now()) return { text: bytes.toString('latin1') };
    return {
      wrong: `the certificate in ${quoted(file)} ended on ${validTo}`,
      right: 'make a new one, and upload it to the application',
    };
  } catch {
    const right = 'give the certificate that was uploaded to the application, in PEM form';
    return { wrong: `the file ${quoted(file)} holds no certificate`, right };
  }
}

function privateKey(bytes: Buffer, file: string): OAuth2File {
  try {
    const { asymmetricKeyType } = crypto().createPrivateKey(bytes);
    if (asymmetricKeyType === 'rsa') return { text: bytes.toString('latin1') };
    const wrong = `the key in ${quoted(file)} is of the kind ${asymmetricKeyType}`;
    return { wrong, right: 'use an RSA key, which is what Microsoft takes' };
  } catch {
    const wrong = `the file ${quoted(file)} holds no private key that can be used`;
    return { wrong, right: 'give it in PEM form, without a password' };
  }
}

function serviceAccount(bytes: Buffer, file: string): OAuth2File {
  const right = "give the JSON file that Google's console made with the key of the service account";
  const text = bytes.toString('utf8');
  try {
    const { type, client_email: email, private_key: key } = JSON.parse(text);
    if (type !== 'service_account' || typeof email !== 'string')
      throw new TypeError('another file');
    crypto().createPrivateKey(key);
    return { text };
  } catch {
    return { wrong: `the file ${quoted(file)} is no key file of a service account`, right };
  }
}
