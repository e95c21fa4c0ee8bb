import { closeSync, constants, existsSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { isSystemError } from '../cli/errors.ts';
import { error, type Problem, quoted } from '../messages/problem.ts';
import type { GivenSecretFile } from '../settings/naming/given.ts';

/** A text, or what is wrong with the file that should hold it. */
export type FileText = { readonly text: string } | { readonly problem: Problem };

/** The content of a file, or what is wrong with it. */
export type FileBytes = { readonly bytes: Buffer } | { readonly problem: Problem };

/** More than any file that settings name: the CA bundle of a whole system has a quarter of it. */
const MOST_BYTES = 2 ** 20;

/** The fault of an existing file, by the system's error code. */
const NO_FILE: Fault = [
  'is not a plain file (but a device, a pipe or the like)',
  'mount a file there',
];
const TOO_LARGE: Fault = [
  'is larger than 1 MB, which no file of settings, certificates or passwords is',
  'mount the right file there',
];

type Fault = readonly [wrong: string, right: string];

/**
 * Reads a plain file. A pipe is opened without waiting for somebody to write into it, and a device
 * is not read, since it may never come to its end.
 */
function readPlainFile(file: string): Buffer | Fault {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const status = fstatSync(descriptor);
    // Reading a directory gives its own error.
    if (!status.isFile() && !status.isDirectory()) return NO_FILE;
    return status.size > MOST_BYTES ? TOO_LARGE : readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Reads a file that a setting names; the message says how to mend what can go wrong. */
export function readNamedBytes(where: string, file: string): FileBytes {
  // The log must not show a secret that was given in place of its file's name.
  if (!file.startsWith('/')) {
    const wrong = 'is not the full path of a file (not shown: it may be the secret itself)';
    return { problem: error(where, wrong, 'give a path that starts with "/"') };
  }
  try {
    const read = readPlainFile(file);
    if (Buffer.isBuffer(read)) return { bytes: read };
    const [wrong, right] = read;
    return { problem: error(where, `${quoted(file)} ${wrong}`, right) };
  } catch (fault) {
    return { problem: error(where, ...unreadable(file, fault)) };
  }
}

/**
 * Reads a text. Bytes that are not UTF-8 are refused: they would become other characters, and a
 * password another password. A byte order mark at the start is dropped.
 */
export function readNamedFile(where: string, file: string): FileText {
  const read = readNamedBytes(where, file);
  if ('problem' in read) return read;
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(read.bytes) };
  } catch {
    const wrong = `the file ${quoted(file)} is not text in UTF-8`;
    return { problem: error(where, wrong, 'save it in UTF-8') };
  }
}

function unreadable(file: string, fault: unknown): Fault {
  switch (isSystemError(fault) ? fault.code : '') {
    case 'ENOENT':
      return [
        `the file ${quoted(file)} does not exist`,
        'mount it into the container at that path',
      ];
    case 'EISDIR':
      return [
        `${quoted(file)} is a directory`,
        'mount a file there (Docker makes a directory when the source of a mount is missing)',
      ];
    case 'ENXIO':
      return [`${quoted(file)} ${NO_FILE[0]}`, NO_FILE[1]];
    case 'ELOOP':
      return [`the file ${quoted(file)} is a link that leads to itself`, 'mount a file there'];
    case 'EACCES':
    case 'EPERM':
      return [`the file ${quoted(file)} may not be read`, 'let root in the container read it'];
    default:
      return [`the file ${quoted(file)} cannot be read`, 'look at what is mounted there'];
  }
}

/** Reads a secret: one newline at its end is dropped, everything else kept. */
export function readSecretFile({ where, file }: GivenSecretFile): FileText {
  if (mayBeSecret(file)) {
    const wrong = 'the file does not exist (its name is not shown: it may be the secret itself)';
    return { problem: error(where, wrong, 'give its full path, and mount it into the container') };
  }
  const read = readNamedFile(where, file);
  if ('problem' in read) return read;
  const text = read.text.replace(/\r?\n$/, '');
  if (text !== '') return { text };
  return { problem: error(where, `the file ${quoted(file)} is empty`, 'write the secret into it') };
}

/** A password may begin with "/" too, so a path in a missing folder is not repeated. */
const mayBeSecret = (file: string): boolean => {
  const [, folder = '', ...rest] = file.split('/');
  return file.startsWith('/') && !existsSync(rest.length === 0 ? file : `/${folder}`);
};
