import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { isSystemError, UserError } from '../cli/errors.ts';
import type { Environment } from '../cli/verb.ts';
import { quoted } from '../messages/problem.ts';
import { unpairedFilesIn } from '../postfix/certificate-files.ts';
import type { ParameterForm } from '../postfix/parameter-value.ts';
import { SPOOL } from '../postfix/spool.ts';
import { fileOf, tablesIn } from '../postfix/table-reference.ts';
import type { CaFile, Facts, HttpsProxy } from '../settings/facts.ts';
import type { Given } from '../settings/naming/given.ts';
import { readCertificateEnds } from './certificate-ends.ts';
import { crypto } from './crypto.ts';
import { readDkimKey } from './dkim-key.ts';
import { gatewaysIn, interfaceAddresses, readHosts } from './interfaces.ts';
import { keyPairFaults } from './key-pairs.ts';
import { hashPassword, readListenerPair } from './listener-pair.ts';
import { readOAuth2Files } from './oauth2-files.ts';
import { readNamedBytes } from './secret-files.ts';

/**
 * The output of `postconf -dx` and `postconf -m` from the image's build, one name a line. The form
 * of a parameter's values follows its name, if the default shows it.
 */
const PARAMETERS = '/usr/share/hikyaku/parameters';
const TABLE_TYPES = '/usr/share/hikyaku/table-types';

/** Reads what there is to know of this container. */
export const readFacts = (given: Given, environment: Environment = {}): Facts => ({
  hostname: hostname(),
  interfaces: interfaceAddresses(),
  gateways: [
    ...ipv4Gateways(readIfThere('/proc/net/route')),
    ...ipv6Gateways(readIfThere('/proc/net/ipv6_route')),
    ...gatewaysIn(readHosts()),
  ],
  ...parametersOf(namesIn(PARAMETERS)),
  tableTypes: namesIn(TABLE_TYPES),
  queueSpace: queueSpace(),
  missingTables: missingTables(given),
  noDatabases: noDatabases(given),
  keyPairFaults: keyPairFaults(given),
  listenerPair: readListenerPair(given),
  hashPassword,
  caFiles: readCaFiles(given),
  certificateEnds: readCertificateEnds(given),
  dkimKey: readDkimKey(given),
  oauth2Files: readOAuth2Files(given),
  proxy: proxyOf(environment),
});

/** The variables that most programs hear, in capitals or not. */
const proxyOf = (environment: Environment): HttpsProxy => ({
  https: environment['HTTPS_PROXY'] ?? environment['https_proxy'] ?? '',
  except: environment['NO_PROXY'] ?? environment['no_proxy'] ?? '',
});

const readIfThere = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');

const linesOf = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

const namesIn = (path: string): readonly string[] | undefined =>
  existsSync(path) ? linesOf(readIfThere(path)) : undefined;

const FORMS: readonly ParameterForm[] = ['number', 'time', 'yes-no'];

/** Reads the lines `name` and `name form`. */
export function parametersOf(
  lines: readonly string[] | undefined,
): Pick<Facts, 'parameterNames' | 'parameterForms'> {
  if (lines === undefined) return { parameterNames: undefined };
  const words = lines.map((line) => line.split(' '));
  return {
    parameterNames: words.map(([name = '']) => name),
    parameterForms: new Map(
      words.flatMap(([name = '', word]) =>
        FORMS.filter((form) => form === word).map((form) => [name, form] as const),
      ),
    ),
  };
}

/** Gateways in the form of /proc/net/route (proc_net(5)): hexadecimal, in the host's byte order. */
export const ipv4Gateways = (table: string): readonly string[] =>
  linesOf(table)
    .slice(1)
    .map((line) => line.split(/\s+/)[2] ?? '')
    .filter((gateway) => /^[0-9A-F]{8}$/.test(gateway) && gateway !== '00000000')
    .map((gateway) => (gateway.match(/../g) ?? []).reverse().map((byte) => parseInt(byte, 16)))
    .map((bytes) => bytes.join('.'));

/** Gateways in the form of /proc/net/ipv6_route: 32 hexadecimal digits, the fifth column. */
export const ipv6Gateways = (table: string): readonly string[] =>
  linesOf(table)
    .map((line) => line.trim().split(/\s+/)[4] ?? '')
    .filter((gateway) => /^[0-9a-f]{32}$/.test(gateway) && !/^0+$/.test(gateway))
    .map((gateway) => (gateway.match(/.{4}/g) ?? []).join(':'));

const isFile = (path: string): boolean => existsSync(path) && statSync(path).isFile();

/** The files of tables, certificates and databases that are named and not there. */
function missingTables(given: Given): ReadonlySet<string> {
  const overrides = given.values.get('postfix');
  const rows = overrides?.shape === 'table' ? overrides.rows : [];
  const files = rows.flatMap(({ from, to }) => [
    ...tablesIn(to.text).map(fileOf),
    ...unpairedFilesIn(from.text, to.text),
  ]);
  return new Set([...files, ...databaseFiles(given)].filter((file) => !isFile(file)));
}

function databaseFiles(given: Given): readonly string[] {
  const database = given.values.get('database.name');
  return database?.shape === 'one' ? [database.text] : [];
}

/** The header of an SQLite file (sqlite.org/fileformat.html); an empty file is new. */
const SQLITE = 'SQLite format 3\0';

const noDatabases = (given: Given): ReadonlySet<string> =>
  new Set(
    databaseFiles(given).filter((file) => {
      const beginning = isFile(file) ? beginningOf(file, SQLITE.length) : '';
      return beginning !== '' && beginning !== SQLITE;
    }),
  );

/** @throws UserError where the container's rights do not reach */
function openOrTell(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (fault) {
    if (!isSystemError(fault)) throw fault;
    throw new UserError(
      `RELAY_DATABASE_NAME (database.name): the file ${file} cannot be read (${fault.code}): give ` +
        'it and its folder rights that let everybody in the container read',
    );
  }
}

function beginningOf(file: string, length: number): string {
  const descriptor = openOrTell(file);
  try {
    const bytes = Buffer.alloc(length);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

function queueSpace(): number | undefined {
  if (!existsSync(SPOOL)) return undefined;
  const { blocks, bsize } = statfsSync(SPOOL);
  return blocks * bsize;
}

/** Reads the CA files that are named: Postfix would complain at the first delivery, not at start. */
function readCaFiles(given: Given): ReadonlyMap<string, CaFile> {
  const named = [...given.values].flatMap(([path, value]) =>
    path.endsWith('.ca_file') && value.shape === 'one' ? [value] : [],
  );
  return new Map(named.map(({ where, text }) => [text, readCaFile(where, text)]));
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Takes only the certificates: a private key beside them must not be copied. */
export function readCaFile(where: string, file: string): CaFile {
  const read = readNamedBytes(where, file);
  if ('problem' in read) return read.problem;
  const certificates = read.bytes.toString('latin1').match(CERTIFICATE) ?? [];
  try {
    const all = certificates.map((certificate) => new (crypto().X509Certificate)(certificate));
    const expired = all.find(({ validToDate }) => validToDate.getTime() < Date.now());
    const words = expired && `${expired.subject.replaceAll('\n', ', ')}: ${expired.validTo}`;
    if (all.length > 0) return { pem: `${certificates.join('\n')}\n`, expired: words };
  } catch {
    // Said below: the file is no better than one without a certificate.
  }
  const right = 'name a file with "-----BEGIN CERTIFICATE-----" in it';
  return { wrong: `the file ${quoted(file)} holds no certificate in PEM form`, right };
}
