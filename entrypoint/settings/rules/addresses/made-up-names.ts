import { quoted } from '../../../messages/problem.ts';
import type { Facts } from '../../facts.ts';
import { type Finding, say, setting, warning } from '../../naming/finding.ts';
import { type Given, isGiven, isMissing } from '../../naming/given.ts';
import { fullName } from '../../settings.ts';
import type { RawSettings } from '../../table.ts';
import { hasServer } from '../outgoing/provider.ts';
import { originOf } from './own-names.ts';

/** Top-level names that exist at home only (RFC 6761, RFC 6762 appendix G, ICANN's .internal). */
export const AT_HOME = [
  'corp',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'private',
  'test',
];

/** Whether the Internet cannot know the name, so that replies are impossible. */
export const isMadeUp = (domain: string): boolean =>
  !domain.includes('.') || AT_HOME.includes(domain.slice(domain.lastIndexOf('.') + 1));

/** Names that many servers on the Internet refuse: it works at home, and then mail comes back. */
export const checkMadeUpNames = (raw: RawSettings, given: Given, facts: Facts): Finding[] => [
  ...checkHostName(raw, given, facts),
  ...checkOrigin(raw, given, facts),
  ...checkTargets(raw),
];

/** How a server that delivers by itself calls itself is looked up by those it delivers to. */
function checkHostName({ myhostname }: RawSettings, given: Given, facts: Facts): Finding[] {
  const name = myhostname ?? fullName(facts.hostname);
  if (hasServer('relay', given) || !isMadeUp(name)) return [];
  const wrong = `mail goes directly to the recipients' servers, and many refuse a relay named ${quoted(name)}`;
  return [warning('myhostname', wrong, 'give the name that DNS has for it')];
}

/** The name of a container without a given name: the start of its ID. */
const CONTAINER_ID = /^[0-9a-f]{12}$/;

/**
 * Mail from bare user names, including the relay's own mail, that leaves under an unknown domain.
 */
function checkOrigin(raw: RawSettings, given: Given, facts: Facts): Finding[] {
  const { generic, canonical } = raw;
  const { myorigin } = originOf(raw, facts);
  const isGivenName = isGiven(given, 'myorigin') || isGiven(given, 'myhostname');
  if (!isMadeUp(myorigin) || (!isGivenName && !hasServer('relay', given))) return [];
  // An invalid domain, or one under another name, has its own error already.
  if (raw.myorigin === undefined && !isMissing(given, 'myorigin')) return [];
  if (raw.myhostname === undefined && !isMissing(given, 'myhostname')) return [];
  const rewritten = [...generic, ...canonical].some(({ from }) =>
    from.toLowerCase().endsWith(`@${myorigin.toLowerCase()}`),
  );
  if (rewritten || raw.send_as !== undefined) return [];
  const example = quoted(`@${myorigin}=you@your-provider`);
  if (isGivenName) {
    const wrong = `${quoted(myorigin)} is a name at home: people on the Internet cannot reply to mail from it`;
    const right = say`rewrite it with ${setting('generic')}, as in ${example}`;
    return [warning(isGiven(given, 'myorigin') ? 'myorigin' : 'myhostname', wrong, right)];
  }
  const what = CONTAINER_ID.test(facts.hostname) ? "the container's ID" : 'a name at home';
  const wrong = `is not given, so mail from this relay itself leaves as ${quoted(`root@${myorigin}`)}, ${what}: people on the Internet cannot reply to it`;
  const right = say`give the name, and rewrite it with ${setting('generic')} (@NAME=you@your-provider)`;
  return [warning('myhostname', wrong, right)];
}

/** The right side of generic is what the Internet sees. */
function checkTargets({ generic }: RawSettings): Finding[] {
  const targets = new Set(generic.map(({ to }) => to));
  return [...targets]
    .filter((to) => isMadeUp(to.slice(to.lastIndexOf('@') + 1).toLowerCase()))
    .map((to) => {
      const wrong = `${quoted(to)} is an address at home: people on the Internet cannot reply to it`;
      return warning('generic', wrong, 'rewrite to an address at your provider');
    });
}
