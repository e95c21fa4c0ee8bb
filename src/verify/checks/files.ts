/** The files of the image: those of Debian as Debian made them, and no way to more rights. */
import { X509Certificate } from 'node:crypto';
import type { ScratchContainer } from '../../docker/scratch-container.ts';
import { type Finding, finding } from '../report.ts';

/** Relative to the root, as dpkg's own lists are. */
const DIFFERENT = 'cd / && cat var/lib/dpkg/info/*.md5sums | md5sum -c --quiet 2>&1';
/** Set-user-ID, and what everybody may write to where others have no protection. */
const RIGHTS =
  'find / -xdev \\( -type f -perm -4000 -o -type f -perm -2 -o -type d -perm -2 ! -perm -1000 \\)';
/** Root's own shell is there for those who look around; sync(1) is no shell. */
const LOGINS =
  'grep -vE "^(root|sync):|:(/usr/sbin/nologin|/sbin/nologin|/bin/false)$" /etc/passwd';

/** Taken away when the image is made (scripts/image/purge-packages). */
const TAKEN_AWAY = /^(?:usr\/share\/|usr\/lib\/[^/]+\/(?:gconv\/|libicu))/;

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** @param asleep the image's files without a mount over them */
export async function checkFiles(asleep: ScratchContainer): Promise<Finding> {
  const expected = "Debian's as Debian made them; none that gives more rights";
  const shell = await asleep.exec(['sh', '-c', ':']);
  if (shell.exitCode !== 0) {
    return finding('files', expected, false, `no sh to look around with: ${shell.stdout}`);
  }
  const ask = async (script: string) => lines((await asleep.exec(['sh', '-c', script])).stdout);
  const [sums, open, logins] = await Promise.all([ask(DIFFERENT), ask(RIGHTS), ask(LOGINS)]);
  const { stdout: known } = await asleep.exec(['sh', '-c', 'ls /var/lib/dpkg/info/*.md5sums']);
  const faults = [
    ...(lines(known).length > 20 ? [] : ['no record of Debian packages']),
    ...alteredOf(sums),
    ...open.map((path) => `${path} (set-user-ID, or writable for everybody)`),
    ...logins.map((line) => `the user ${line.split(':')[0]} with the shell ${line.split(':')[6]}`),
  ];
  return finding('files', expected, faults.length === 0, faults.join(', '));
}

/** `usr/bin/find: FAILED`, and `FAILED open or read` for what is not there. */
function alteredOf(sums: readonly string[]): readonly string[] {
  return sums.flatMap((line) => {
    const [, path, isAway] = /^(.*): FAILED( open or read)?$/.exec(line) ?? [];
    if (path === undefined) return [];
    if (isAway === undefined) return [`/${path} is another`];
    return TAKEN_AWAY.test(path) ? [] : [`/${path} is missing`];
  });
}

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const ONE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
/** Fewer would leave out providers that people have. */
const FEWEST = 100;

/** Providers are known by these; one too many could vouch for anybody. */
export async function checkAuthorities(asleep: ScratchContainer): Promise<Finding> {
  const ofDebian = 'cat /usr/share/ca-certificates/*/*.crt';
  const [bundle, debian] = await Promise.all(
    [`cat ${BUNDLE}`, ofDebian].map(async (script) =>
      certificatesIn((await asleep.exec(['sh', '-c', script])).stdout),
    ),
  );
  const prints = new Set(debian?.map(({ fingerprint256 }) => fingerprint256));
  const added = bundle?.filter(({ fingerprint256 }) => !prints.has(fingerprint256)) ?? [];
  const now = new Date();
  const valid = bundle?.filter(({ validToDate }) => validToDate > now) ?? [];
  const faults = [
    ...(valid.length >= FEWEST ? [] : [`${valid.length} that are valid today in ${BUNDLE}`]),
    ...added.map(({ subject }) => `one that is none of Debian's: ${subject}`),
  ];
  const expected = `those of Debian, ${FEWEST} or more that are valid today`;
  return finding('authorities', expected, faults.length === 0, faults.join(', '));
}

function certificatesIn(text: string): readonly X509Certificate[] {
  return [...text.matchAll(ONE)].flatMap(([pem]) => {
    try {
      return [new X509Certificate(pem)];
    } catch {
      // One that cannot be read vouches for nobody.
      return [];
    }
  });
}
