import { type Finding, ok, type Wrong, wrong } from './finding.ts';
import type { SettingName } from './servers.ts';

/** What the image's SASL library can do to log in (Debian's libsasl2-modules), ANONYMOUS left out. */
const KNOWN_HERE = [
  ...['SCRAM-SHA-512', 'SCRAM-SHA-384', 'SCRAM-SHA-256', 'SCRAM-SHA-224', 'SCRAM-SHA-1'],
  ...['DIGEST-MD5', 'CRAM-MD5', 'NTLM', 'PLAIN', 'LOGIN'],
];

/** Mechanisms that take a token of OAuth 2 instead of a password (RFC 7628, and Google's). */
const WITH_TOKEN = ['XOAUTH2', 'OAUTHBEARER'];

/** What both sides can do; `allowed` is the setting, in which nothing means everything. */
export function usableMechanisms(
  offered: readonly string[],
  allowed: readonly string[],
): readonly string[] {
  const wanted = allowed.map((mechanism) => mechanism.toUpperCase());
  return offered
    .filter((mechanism) => KNOWN_HERE.includes(mechanism))
    .filter((mechanism) => wanted.length === 0 || wanted.includes(mechanism));
}

const lower = (mechanisms: readonly string[]): string => mechanisms.join(', ').toLowerCase();

/** Compares the mechanisms that a server offers with those that this relay may use. */
export function mechanismFinding(
  topic: string,
  offered: readonly string[],
  allowed: readonly string[],
  of: SettingName,
): Finding {
  const limit =
    allowed.length === 0
      ? `this relay allows every one that it knows (${of('mechanisms')} is not set)`
      : `this relay allows ${allowed.join(', ')} (${of('mechanisms')})`;
  const usable = usableMechanisms(offered, allowed);
  if (usable.length > 0) {
    return ok(topic, `the server offers ${offered.join(', ')}; ${limit}`);
  }
  return noneUsable(topic, offered, limit, of);
}

function noneUsable(
  topic: string,
  offered: readonly string[],
  limit: string,
  of: SettingName,
): Wrong {
  if (offered.length === 0) {
    return wrong(
      topic,
      `the server offers no way to log in here; ${limit}`,
      `use the provider's submission port, 587 or 465 (${of('port')}), or, if no login is wanted ` +
        `there, take ${of('username')} and ${of('password')} away`,
    );
  }
  const words = `the server offers ${offered.join(', ')}; ${limit}; no mechanism can be used`;
  const known = usableMechanisms(offered, []);
  if (known.length > 0) {
    return wrong(
      topic,
      words,
      `set ${of('mechanisms')} to ${lower(known)}, or leave ${of('mechanisms')} out`,
    );
  }
  if (offered.some((mechanism) => WITH_TOKEN.includes(mechanism))) {
    return wrong(
      topic,
      words,
      'the provider takes OAuth 2 tokens only, which this relay cannot get: ask it for an app ' +
        `password or for a server that takes one, and give it as ${of('host')} and ${of('password')}`,
    );
  }
  return wrong(
    topic,
    words,
    `none of them takes a user name and a password: ask the provider for a submission server that ` +
      `offers PLAIN or LOGIN over TLS, and give it as ${of('host')} and ${of('port')}`,
  );
}
