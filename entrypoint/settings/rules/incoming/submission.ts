import { quoted } from '../../../messages/problem.ts';
import type { Facts } from '../../facts.ts';
import { error, type Finding, say, setting, warning } from '../../naming/finding.ts';
import { type Given, isGiven, isMissing } from '../../naming/given.ts';
import { givenLogins, tlsOf } from '../../submission.ts';
import type { RawSettings } from '../../table.ts';
import { IMPLICIT_TLS_PORT } from '../../validators/plain.ts';
import { duplicates } from '../lists.ts';
import { checkLogin } from '../outgoing/login.ts';

/** Clients that want TLS or a login. */
export function checkSubmission(raw: RawSettings, given: Given, facts: Facts): readonly Finding[] {
  const { logins, submission } = raw;
  const names = [
    { name: submission.username ?? '', place: 'submission.username' },
    ...logins.map(({ username = '' }, index) => ({
      name: username,
      place: `logins.${index}.username`,
    })),
  ];
  return [
    ...checkLogin('submission', given),
    ...logins.flatMap((_, index) => checkOne(`logins.${index}`, given)),
    ...duplicates(names, 'has a password already', 'keep one of them'),
    ...checkCertificate(given, facts),
    ...checkTls(raw, given),
    ...checkOldPort(raw),
  ];
}

function checkOne(path: string, given: Given): readonly Finding[] {
  const missing = ['username', 'password'].every((key) => isMissing(given, `${path}.${key}`));
  if (!missing) return checkLogin(path, given);
  return [error(`${path}.username`, 'is missing', 'add "username: ..." to this login')];
}

const PAIR = ['certificate_file', 'key_file'] as const;

function checkCertificate(given: Given, { listenerPair }: Facts): readonly Finding[] {
  const [certificate, key] = PAIR.map((name) => `submission.${name}`);
  if (certificate === undefined || key === undefined) return [];
  const lone = isGiven(given, certificate) !== isGiven(given, key);
  if (lone) {
    const [there, missing] = isGiven(given, certificate) ? [certificate, key] : [key, certificate];
    return [error(there, say`needs ${setting(missing)} beside it`, 'give both, or neither')];
  }
  if (listenerPair === undefined) return [];
  if ('wrong' in listenerPair) {
    const { of, wrong, right } = listenerPair;
    return [error(of === 'key' ? key : certificate, wrong, right)];
  }
  const { ends, isPast } = listenerPair;
  if (ends === undefined) return [];
  const wrong = isPast ? `has been past its time since ${ends}` : `ends on ${ends}`;
  return [warning(certificate, wrong, 'renew it; "hikyaku reload" takes up a changed file')];
}

function checkTls(raw: RawSettings, given: Given): readonly Finding[] {
  const { submission, listen } = raw;
  const { clear_networks: clear } = submission;
  const hasLogins = givenLogins(raw).length > 0;
  const problems: Finding[] = [];
  if (clear.length > 0 && !hasLogins) {
    const wrong = 'says where a password may come in clear, and there is no login';
    problems.push(warning('submission.clear_networks', wrong, 'leave it out'));
  }
  if (clear.length > 0 && tlsOf(raw) === 'require') {
    const wrong = say`does not go with ${setting('submission.tls')}: require`;
    problems.push(error('submission.clear_networks', wrong, 'use offer, or leave this out'));
  }
  if (tlsOf(raw) !== 'none') return problems;
  const no = (place: string, wrong: string): void => {
    problems.push(error(place, wrong, 'leave submission.tls out, or use offer or require'));
  };
  if (hasLogins && clear.length === 0) no('submission.tls', 'leaves no way to log in');
  if (listen.includes(IMPLICIT_TLS_PORT)) no('submission.tls', 'does not go with port 465');
  if (submission.old_tls_port !== undefined) no('submission.tls', 'does not go with old_tls_port');
  if (isGiven(given, 'submission.certificate_file')) no('submission.tls', 'needs no certificate');
  return problems;
}

function checkOldPort({ submission, listen }: RawSettings): readonly Finding[] {
  const { old_tls_port: port } = submission;
  if (port === undefined || !listen.includes(port)) return [];
  const wrong = say`${quoted(String(port))} is among ${setting('listen')}, whose TLS is not for old machines`;
  return [error('submission.old_tls_port', wrong, 'use a port of its own, such as 2525')];
}
