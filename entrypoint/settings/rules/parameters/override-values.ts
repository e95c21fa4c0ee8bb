import ipaddr from 'ipaddr.js';
import { isLikeNetwork, isNearMiss } from '../../../messages/may-be-shown.ts';
import { quoted } from '../../../messages/problem.ts';
import { judgeFiles, unpairedFilesIn } from '../../../postfix/certificate-files.ts';
import { type Judgement, judgeValue } from '../../../postfix/parameter-value.ts';
import {
  isRestrictionList,
  judgeRestrictions,
  tablesBehind,
} from '../../../postfix/restrictions.ts';
import {
  fileOf,
  isListOfTables,
  judgeTables,
  type TableReference,
  tablesIn,
} from '../../../postfix/table-reference.ts';
import { splitValue } from '../../../postfix/value-list.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding, type Place, say, setting, warning } from '../../naming/finding.ts';

const MOUNT = 'mount it into the container at that path';

/** Values that would end Postfix or make it defer mail, although it knows the parameter's name. */
export function checkValue(
  name: string,
  value: string,
  where: Place,
  facts: Facts,
  given: ReadonlySet<string>,
  classes: ReadonlySet<string>,
): Finding[] {
  const judgement =
    judgeValue(name, value, facts.parameterForms?.get(name)) ??
    judgeFiles(name, value) ??
    judgeList(name, value, facts, classes);
  return [
    ...(judgement === undefined ? [] : [error(where, ...judgement)]),
    ...tablesIn(value).flatMap((table) => checkTable(table, where, facts)),
    ...unpairedFilesIn(name, value)
      .filter((file) => facts.missingTables?.has(file))
      .map((file) => error(where, `the file ${quoted(file)} does not exist`, MOUNT)),
    ...checkFree(name, value, where, facts),
    ...checkKeyPair(name, where, facts),
    ...checkListener(name, value, where, facts),
    ...checkProtocols(name, value, where, facts),
    ...checkServerTls(name, value, where, given),
    ...checkClientLogin(name, value, where, given),
  ];
}

/** Lists whose words Postfix judges at the first mail only. */
function judgeList(
  name: string,
  value: string,
  { tableTypes }: Facts,
  classes: ReadonlySet<string>,
): Judgement | undefined {
  if (isListOfTables(name)) return judgeTables(value, tableTypes);
  if (!isRestrictionList(name)) return undefined;
  return judgeRestrictions(value, classes) ?? judgeTables(tablesBehind(value), tableTypes);
}

/** The name of an interface, which people try in place of its address. */
const INTERFACE = /^[a-z]{2,8}\d{1,2}$/;

/** An address to listen on that no interface has: Postfix ends at it, before it has said a word. */
function checkListener(name: string, value: string, where: Place, facts: Facts): Finding[] {
  if (name !== 'inet_interfaces' || facts.interfaces.length === 0) return [];
  const own = new Set(facts.interfaces.map(({ address }) => address));
  if (/^(loopback-only|localhost|127\.0\.0\.1)$/i.test(value)) {
    const wrong = 'only what runs in this container, or in its network, can hand in mail';
    return [warning(where, wrong, 'leave it out if other containers or machines should')];
  }
  return splitValue(value).flatMap((word) => {
    const address = word.replace(/^\[(.*)\]$/, '$1');
    if (/^(all|loopback-only|localhost)$/i.test(word)) return [];
    if (!ipaddr.isValid(address)) {
      const isLikely = isLikeNetwork(word) || isNearMiss(word) || INTERFACE.test(word);
      const shown = isLikely ? quoted(word) : 'a word in it';
      return [error(where, `${shown} is no address`, 'use all, or an address')];
    }
    const parsed = ipaddr.parse(address);
    if (parsed.range() === 'loopback' || own.has(parsed.toString())) return [];
    const wrong = `${quoted(word)} is no address of this container`;
    return [error(where, wrong, 'use all, or leave it out')];
  });
}

/** A protocol that no interface speaks: Postfix ends at it, before it has said a word. */
function checkProtocols(name: string, value: string, where: Place, facts: Facts): Finding[] {
  const alone = /^ipv[46]$/i.exec(value.trim())?.[0].toLowerCase();
  if (name !== 'inet_protocols' || alone === undefined || facts.interfaces.length === 0) return [];
  if (facts.interfaces.some(({ address }) => address.includes(':') === (alone === 'ipv6')))
    return [];
  const protocol = alone === 'ipv6' ? 'IPv6' : 'IPv4';
  const right = `use all, or give the container's network addresses of ${protocol}`;
  return [error(where, `this container has no address of ${protocol}`, right)];
}

/** A table that cannot be opened: Postfix would put off every mail that has to do with it. */
function checkTable(table: TableReference, where: Place, facts: Facts): Finding[] {
  const { type, path } = table;
  if (facts.tableTypes !== undefined && !facts.tableTypes.includes(type)) {
    const right = `use one that it has: ${facts.tableTypes.join(', ')}`;
    return [error(where, `this Postfix has no tables of type ${type}`, right)];
  }
  const file = fileOf(table);
  if (!facts.missingTables?.has(file)) return [];
  const right =
    file === path
      ? MOUNT
      : `make it with "postmap ${type}:${path}" and mount it too, or use texthash`;
  return [error(where, `the table's file ${quoted(file)} does not exist`, right)];
}

/** More room than the disk of the queue has: Postfix would answer 452 to everybody. */
function checkFree(name: string, value: string, where: Place, facts: Facts): Finding[] {
  if (name !== 'queue_minfree' || !(Number(value) > (facts.queueSpace ?? Infinity))) return [];
  const wrong = 'is more room than the disk of the queue has: all mail would be deferred';
  return [error(where, wrong, 'give less, or leave it out')];
}

function checkKeyPair(name: string, where: Place, { keyPairFaults }: Facts): Finding[] {
  const fault = keyPairFaults?.get(name);
  if (fault === undefined) return [];
  const say = fault.isFatal ? error : warning;
  return [say(where, fault.wrong, fault.right)];
}

/** The parameters that give the listeners a certificate (smtpd_tls_chain_files in postconf(5)). */
const CERTIFICATES = [
  'smtpd_tls_cert_file',
  'smtpd_tls_chain_files',
  'smtpd_tls_eccert_file',
  'smtpd_tls_dcert_file',
];

/** TLS for clients needs a certificate. Without one, mandatory TLS would refuse every client. */
function checkServerTls(
  name: string,
  value: string,
  where: Place,
  given: ReadonlySet<string>,
): Finding[] {
  if (name !== 'smtpd_tls_security_level' || !/^(may|encrypt)$/i.test(value)) return [];
  if (CERTIFICATES.some((one) => given.has(one))) return [];
  const say = value.toLowerCase() === 'may' ? warning : error;
  const right = 'give smtpd_tls_cert_file and smtpd_tls_key_file too';
  return [say(where, 'clients can use no TLS: there is no certificate', right)];
}

/** A login for clients needs a program that checks their passwords. */
function checkClientLogin(
  name: string,
  value: string,
  where: Place,
  given: ReadonlySet<string>,
): Finding[] {
  if (name !== 'smtpd_sasl_auth_enable' || !/^yes$/i.test(value)) return [];
  const hasServer = given.has('smtpd_sasl_type') || given.has('smtpd_sasl_path');
  const wrong = hasServer
    ? 'a client that logs in may send no more than before'
    : 'nothing here knows the passwords of clients, so no login would succeed';
  const right = say`leave it out: ${setting('networks')} says who may send`;
  return [warning(where, wrong, right)];
}
