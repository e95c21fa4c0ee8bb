/** The words of pairing. Text from a device is filtered before it reaches the terminal. */
import type { Advice } from '../advice/advice.ts';
import type { Trouble } from '../advice/trouble.ts';
import type { Attempt } from '../log/event.ts';
import type { Visit } from '../log/visit.ts';
import { adviseClient } from '../reports/status/log-summary.ts';
import type { Change } from '../settings/changes.ts';
import { type Say, type Sentence, setting, words } from '../settings/naming/sentence.ts';
import type { Settings } from '../settings/settings.ts';
import type { NewLogin, Proposal } from './proposal.ts';

export type Words = ReturnType<typeof pairWords>;

/** Control and format characters could move the cursor, or hide what stands behind them. */
export const harmless = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?').slice(0, 300);

/** Names that devices give themselves as they come from the factory. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^BR[NW][0-9A-F]{6}/i, 'Brother'],
  [/canon/i, 'Canon'],
  [/^epson/i, 'Epson'],
  [/^(NPI[0-9A-F]{6}|HP[0-9A-F]{6})/i, 'HP'],
  [/^RNP[0-9A-F]{6}/i, 'Ricoh'],
  [/^XRX/i, 'Xerox'],
  [/^ET[0-9A-F]{10}/i, 'Lexmark'],
  [/^(diskstation|synology)/i, 'Synology'],
  [/hikvision/i, 'Hikvision'],
];

/** Who it seems to be, by what it calls itself. */
export function nameOf({ client, hello }: Pick<Visit, 'client' | 'hello'>): string {
  if (hello === undefined) return client;
  const maker = MAKERS.find(([pattern]) => pattern.test(hello))?.[1];
  return `${client} (calls itself "${harmless(hello)}"${maker === undefined ? '' : `, ${maker}?`})`;
}

/** How it came: `port 25 without TLS`; of a handshake that failed, the trouble tells. */
function wayOf({ port, tls }: Visit, trouble?: Trouble): string {
  const where = port === undefined ? '' : `port ${port}`;
  if (tls !== undefined) return `${where} by ${tls}`.trim();
  return trouble !== undefined && HANDSHAKES.includes(trouble.kind)
    ? where
    : `${where} without TLS`.trim();
}

const HANDSHAKES: readonly Trouble['kind'][] = [
  'client-tls-first',
  'client-tls-old',
  'client-distrusts',
  'client-no-tls',
  'client-tls-failed',
];

/** Which setting it is stands in the proposal. */
const WHO_MAY_SEND = ['RELAY_NETWORKS', 'RELAY_TRUST_GATEWAY'];

const causeOf = (trouble: Trouble): Sentence =>
  adviseClient(
    trouble.kind === 'by-setting' && WHO_MAY_SEND.includes(trouble.setting)
      ? { kind: 'client-not-allowed' }
      : trouble,
  ).cause;

/** The settings of a change in the user's own terms; a password is for the end. */
const changeWords = (change: Change, say: Say): string => {
  if ('add' in change) return say(words`add ${harmless(change.add)} to ${setting(change.path)}`);
  return change.path.endsWith('password')
    ? say(words`set ${setting(change.path)} to a new password`)
    : say(words`set ${setting(change.path, change.set)}`);
};

export function pairWords(say: Say) {
  return {
    hello: ({ listen, submission }: Settings): readonly string[] => {
      const ports = [
        ...listen,
        ...(submission.oldTlsPort === undefined ? [] : [submission.oldTlsPort]),
      ];
      return [
        'Type into the device, if you have not yet:',
        '  server     the name or address by which the device reaches this relay',
        `  port       ${ports.join(', or ')}`,
        'Then press "send test" on the device. Ctrl-C ends.',
      ];
    },
    turnedAway: (visit: Visit, trouble: Trouble): readonly string[] => [
      `${nameOf(visit)} tried ${wayOf(visit, trouble)}: ${say(causeOf(trouble))}`,
    ],
    proposal: ({ changes, connection }: Proposal): readonly string[] => [
      ...changes.map((change) => `  proposal: ${changeWords(change, say)}`),
      ...(connection === undefined
        ? []
        : [`  on the device: port ${connection.port}, security ${connection.security}`]),
    ],
    remedy: (trouble: Trouble): readonly string[] => [`  ${say(adviseClient(trouble).remedy)}`],
    shared: (client: string): readonly string[] => [
      `  ${client} may stand for every machine behind a published port, so it gets no rights of its own: the host's network (network_mode: host) shows the addresses of devices`,
    ],
    apply: (): string => 'Apply it, until the next reload or start?',
    again: ({ changes }: Proposal, { username, password }: NewLogin): readonly string[] => [
      ...(changes.some(({ path }) => path === 'submission.password')
        ? [`  type into the device: user name ${username}, password ${password}`]
        : []),
      'Press "send test" again.',
    ],
    takenBack: (): readonly string[] => ['  that did not help, and is taken back'],
    cannotBe: (problems: readonly string[]): readonly string[] => [
      '  that cannot be applied:',
      ...problems.map((line) => `    ${line}`),
    ],
    sent: (visit: Visit, id: string): readonly string[] => [
      `${nameOf(visit)} has handed in a mail by ${wayOf(visit)}${
        visit.login === undefined ? '' : ` as ${harmless(visit.login)}`
      } (${id})`,
    ],
    isThisTheDevice: (client: string): string => `Is ${client} the device?`,
    fate: ({ status, to, reason }: Attempt, { cause, remedy }: Advice): readonly string[] =>
      status === 'sent'
        ? [`  and it went on to ${harmless(to)}`]
        : [
            `  this relay took it, and it did not go on to ${harmless(to)}: ${harmless(reason)}`,
            `  ${say(cause)}`,
            `  ${say(remedy)}`,
          ],
  };
}
