/**
 * Looks for concerns in the queue, on the disk and in the log. Pure: from observations to the
 * alerts that should be in force now.
 */
import { advise } from '../../advice/advice.ts';
import { endingSoon } from '../../advice/expiry.ts';
import type { Kind } from '../../advice/trouble.ts';
import type { Waiting } from '../../reports/status/waiting.ts';
import type { Ending } from '../../settings/ending.ts';
import { sayIn, setting, variableNames } from '../../settings/naming/sentence.ts';
import type { Expected } from '../../settings/settings.ts';

/** Something is wrong, in words and in data. */
export interface Concern {
  /** The same while it goes on: `waits:login`, `disk`. */
  readonly key: string;
  readonly kind:
    | 'mail-waits'
    | 'mail-came-back'
    | 'disk-full'
    | 'guessing'
    | 'settings-refused'
    | 'mail-missing'
    | 'mail-failed'
    | 'expiry';
  readonly title: string;
  readonly text: string;
  readonly facts: Readonly<Record<string, string | number | null>>;
}

/** These are reported without waiting: time does not mend them. */
const LOGIN_REFUSED: readonly (Kind | undefined)[] = [
  'password',
  'app-password',
  'sign-in',
  'login-disabled',
  'login-locked',
  'account-closed',
  'account-blocked',
  'permission',
];

const say = sayIn(variableNames);

const span = (seconds: number): string =>
  seconds >= 7200
    ? `${Math.round(seconds / 3600)} h`
    : `${Math.max(1, Math.round(seconds / 60))} min`;

const mails = (count: number): string => (count === 1 ? '1 mail' : `${count} mails`);

/**
 * @param waiting groups of mail that was tried and waits
 * @param after seconds before an alert
 * @param now seconds since 1970
 */
export const waitingConcerns = (
  waiting: readonly Waiting[],
  after: number,
  now: number,
): readonly Concern[] =>
  waiting
    .filter(({ since, trouble }) => now - since >= after || LOGIN_REFUSED.includes(trouble?.kind))
    .map(({ trouble, count, since, cause, remedy, reason, server }) => ({
      key: `waits:${server?.path ?? ''}:${trouble?.kind ?? 'unknown'}`,
      kind: 'mail-waits',
      title: `${mails(count)} cannot get out, for ${span(now - since)}`,
      text: `${say(cause)}\n${say(remedy)}`,
      facts: { count, seconds: Math.round(now - since), trouble: trouble?.kind ?? null, reason },
    }));

/** Less room than this is little: a tenth of the disk, a gigabyte at most. */
const little = (size: number): number => Math.min(size / 10, 2 ** 30);

/** @param size bytes of the queue's disk; @param free those that are left */
export const diskConcerns = (size: number, free: number): readonly Concern[] =>
  free >= little(size)
    ? []
    : [
        {
          key: 'disk',
          kind: 'disk-full',
          title: `the disk of the queue is nearly full: ${Math.round(free / 2 ** 20)} MB left`,
          text: 'Mail is refused when it is full. Make room, or give the queue another volume.',
          facts: { size, free },
        },
      ];

/** Number of wrong passwords in ten minutes that indicates guessing, not a typing error. */
const MANY_GUESSES = 20;

/** A login that failed. */
export interface FailedLogin {
  readonly client: string;
  /** The user name, where it is known. */
  readonly login: string | undefined;
}

/** How often each of some names is there. */
const counted = (names: readonly string[]): readonly (readonly [string, number])[] =>
  [...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]);

/** @param failed the logins that failed in the last ten minutes */
export const guessingConcerns = (failed: readonly FailedLogin[]): readonly Concern[] => [
  ...counted(failed.map(({ client }) => client))
    .filter(([, count]) => count >= MANY_GUESSES)
    .map(
      ([client, count]): Concern => ({
        key: `guessing:${client}`,
        kind: 'guessing',
        title: `${client} guesses passwords: ${count} wrong ones in ten minutes`,
        text:
          'If it is a device of yours, mend its password. Otherwise close the port to it in your ' +
          'firewall.',
        facts: { client, count },
      }),
    ),
  ...counted(failed.flatMap(({ login }) => login ?? []))
    .map(([login, count]) => ({
      login,
      count,
      clients: new Set(failed.filter((one) => one.login === login).map(({ client }) => client)),
    }))
    .filter(({ count, clients }) => count >= MANY_GUESSES && clients.size > 1)
    .map(
      ({ login, count, clients }): Concern => ({
        key: `guessing-of:${login}`,
        kind: 'guessing',
        title: `the password of ${login} is guessed: ${count} wrong ones in ten minutes, from ${clients.size} addresses`,
        text: 'Close the port to strangers in your firewall, or give that login a long password.',
        facts: { login, count, clients: clients.size },
      }),
    ),
];

/** @param bounced recipients whose mail came back in the last hour, and the last reason */
export const bounceConcerns = (
  bounced: readonly { readonly to: string; readonly reason: string }[],
): readonly Concern[] => {
  const last = bounced.at(-1);
  if (last === undefined) return [];
  return [
    {
      key: 'came-back',
      kind: 'mail-came-back',
      title: `${mails(bounced.length)} came back in the last hour`,
      text: `To ${last.to}: ${last.reason}\nRun "hikyaku status" for cause and remedy.`,
      facts: { count: bounced.length, to: last.to, reason: last.reason },
    },
  ];
};

/** @param isRefused whether a changed file could not be applied (`watch`) */
export const settingsConcerns = (isRefused: boolean): readonly Concern[] =>
  isRefused
    ? [
        {
          key: 'settings',
          kind: 'settings-refused',
          title: 'changed settings are wrong; the former ones stay in force',
          text: 'The log lists what is wrong with them. Mend the file; it is applied by itself.',
          facts: {},
        },
      ]
    : [];

/** @param now seconds since 1970 */
export const expiryConcerns = (endings: readonly Ending[], now: number): readonly Concern[] =>
  endingSoon(endings, now).map((trouble) => {
    const { cause, remedy } = advise(trouble, { setting });
    const { what, name, date, days } = trouble;
    return {
      key: `expiry:${what}:${name}`,
      kind: 'expiry',
      title: say(cause),
      text: say(remedy),
      facts: { what, name, date, days },
    };
  });

/** When mail that is expected came last, in seconds since 1970. */
export interface Seen {
  readonly expected: Expected;
  readonly last: number;
  /** Its subject, if that said that something failed. */
  readonly failed?: string | undefined;
}

/** The name of an expectation, in words and as a key. */
export const expectedName = ({ sender, client }: Expected): string =>
  [sender, client].filter((one) => one !== undefined).join(' at ');

/** Whether a message is one that is expected; domains count without regard to capitals. */
export function isExpected(
  { sender, client }: Expected,
  message: { readonly from: string | undefined; readonly client: string | undefined },
): boolean {
  const from = message.from?.toLowerCase() ?? '';
  const wanted = sender?.toLowerCase();
  const isSender =
    wanted === undefined || (wanted.startsWith('@') ? from.endsWith(wanted) : from === wanted);
  return isSender && (client === undefined || message.client === client);
}

/** Mail that should have come by now. @param now seconds since 1970 */
export const missingConcerns = (seen: readonly Seen[], now: number): readonly Concern[] =>
  seen
    .filter(({ expected, last }) => now - last > expected.every)
    .map(({ expected, last }) => ({
      key: `missing:${expectedName(expected)}`,
      kind: 'mail-missing',
      title: `no mail from ${expectedName(expected)} for ${span(now - last)}`,
      text: `It should come every ${span(expected.every)}. Look at the machine that sends it.`,
      facts: {
        sender: expected.sender ?? null,
        client: expected.client ?? null,
        every: expected.every,
      },
    }));

/** Whether a subject has one of the words that say so. */
export const saysFailed = ({ failed }: Expected, subject: string): boolean =>
  failed.some((word) => subject.toLowerCase().includes(word.toLowerCase()));

/** Mail that came, and said that something failed. */
export const failedConcerns = (seen: readonly Seen[]): readonly Concern[] =>
  seen.flatMap(({ expected, failed }) =>
    failed === undefined
      ? []
      : [
          {
            key: `failed:${expectedName(expected)}`,
            kind: 'mail-failed',
            title: `mail from ${expectedName(expected)} says that something failed`,
            text: `Its subject: ${failed}\nLook at the machine that sends it.`,
            facts: {
              sender: expected.sender ?? null,
              client: expected.client ?? null,
              subject: failed,
            },
          },
        ],
  );
