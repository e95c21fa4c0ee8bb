import { quoted } from '../messages/problem.ts';
import { isPath, KEY_PAIRS } from '../postfix/certificate-files.ts';
import type { KeyPairFault } from '../settings/facts.ts';
import type { Given } from '../settings/naming/given.ts';
import { crypto } from './crypto.ts';
import { readNamedBytes } from './secret-files.ts';

const fault = (wrong: string, right: string, isFatal = true): KeyPairFault => ({
  wrong,
  right,
  isFatal,
});

/** The faults of certificates in the user's own parameters, by parameter. */
export function keyPairFaults(given: Given): ReadonlyMap<string, KeyPairFault> {
  const overrides = given.values.get('postfix');
  const rows = overrides?.shape === 'table' ? overrides.rows : [];
  const values = new Map(rows.map(({ from, to }) => [from.text, to.text]));
  const faults = new Map<string, KeyPairFault>();
  for (const [certificateName, keyName] of KEY_PAIRS) {
    const certificateFile = values.get(certificateName) ?? '';
    const keyFile = values.get(keyName) ?? certificateFile;
    if (!isPath(certificateFile) || !isPath(keyFile)) continue;
    const found = pairFault(certificateFile, keyFile);
    const isOfKey = found?.of === 'key' && values.has(keyName);
    if (found !== undefined) faults.set(isOfKey ? keyName : certificateName, found.fault);
  }
  return faults;
}

interface Found {
  readonly of: 'certificate' | 'key';
  readonly fault: KeyPairFault;
}

/** The fault of a certificate and its key; undefined if both are valid. */
export function pairFault(certificateFile: string, keyFile: string): Found | undefined {
  const certificate = parse(certificateFile, (bytes) => new (crypto().X509Certificate)(bytes));
  if ('fault' in certificate) return { of: 'certificate', fault: certificate.fault };
  const key = parse(keyFile, (bytes) => crypto().createPrivateKey(bytes));
  if ('fault' in key) return { of: 'key', fault: key.fault };
  if (!certificate.value.checkPrivateKey(key.value)) {
    const wrong = `the key is not that of the certificate ${quoted(certificateFile)}`;
    return { of: 'key', fault: fault(wrong, 'name the two files that were made together') };
  }
  if (certificate.value.validToDate.getTime() > Date.now()) return undefined;
  const wrong = `the certificate has been past its time since ${certificate.value.validTo}`;
  return { of: 'certificate', fault: fault(wrong, 'renew it', false) };
}

/** The content of a file. Neither the content nor a read error is ever shown. */
function parse<T>(
  file: string,
  read: (bytes: Buffer) => T,
): { readonly value: T } | { readonly fault: KeyPairFault } {
  const bytes = readNamedBytes('', file);
  if ('problem' in bytes) return { fault: fault(bytes.problem.wrong, bytes.problem.right) };
  try {
    return { value: read(bytes.bytes) };
  } catch {
    const wrong = `the file ${quoted(file)} holds no certificate or key that can be used`;
    return { fault: fault(wrong, 'give it in PEM form, the key without a password') };
  }
}
