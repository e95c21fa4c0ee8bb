import {
  literal,
  literalPattern,
  type Option,
  type Parameter,
  patternTableText,
} from '../postfix/cf-syntax.ts';
import { MARKED, MARKING, marked, UNMARKED } from '../postfix/sender-mark.ts';
import { AT_HOME } from '../settings/rules/addresses/made-up-names.ts';
import type { Row } from '../settings/setting.ts';
import type { Settings } from '../settings/settings.ts';
import { configFile, type RenderedFile, tableReference } from './file.ts';
import { fromHeaderRows, KEPT_FROM_ROWS } from './from-header.ts';
import { withOwnNames } from './own-names.ts';
import { readableName } from './readable-name.ts';

/**
 * Mail that leaves as one address, whatever its sender is (send_as). The address depends on the
 * server, so the delivery service does the rewriting: smtp_generic_maps for the marked envelope
 * sender, and smtp_header_checks for From.
 */

type Rows = Parameters<typeof patternTableText>[1];

/** The table that marks senders. */
export const MARKS = 'sender_marks';
const RETURNS = 'sender_returns';
const KEPT = 'sender_kept';

/** The tables that exist only with this setting, under fixed names. */
export const SEND_AS_FILES = [MARKS, RETURNS, KEPT, `${KEPT}_headers`] as const;

const tableName = (address: string): string => `send_as_${readableName(address, address)}`;

const pcre = (name: string): string => tableReference('pcre', name);

/** The addresses that mail leaves as through the relay host and its backups. */
const sendersOf = (route: Settings['route']): readonly string[] =>
  [route, ...(route.kind === 'relay' ? route.backups : [])].flatMap(({ sendAs }) => sendAs ?? []);

/** Every address that some mail leaves as. */
const addresses = ({ route, accounts }: Settings): readonly string[] => [
  ...new Set([
    ...sendersOf(route),
    ...accounts.flatMap(({ relayHost: { sendAs } }) => sendAs ?? []),
  ]),
];

export const rewritesSenders = (settings: Settings): boolean => addresses(settings).length > 0;

/** The keys under which a table has a sender: an extension hides that of a marked address. */
export const senderKeys = (sender: string, settings: Settings): readonly string[] =>
  rewritesSenders(settings) && !sender.startsWith('@') ? [sender, marked(sender)] : [sender];

/** How a delivery service treats the sender. */
export function senderOptions(settings: Settings, sendAs: string | undefined): readonly Option[] {
  if (!rewritesSenders(settings)) return [];
  const generic = settings.generic.length === 0 ? '' : tableReference(settings.mapType, 'generic');
  const name = sendAs === undefined ? KEPT : tableName(sendAs);
  return [
    ['smtp_generic_maps', [pcre(name), generic].filter((table) => table !== '').join(', ')],
    ['smtp_header_checks', pcre(`${name}_headers`)],
  ];
}

/** Marked addresses that a key of a table stands for: an address, `@domain`, or a bare name. */
function markedPattern(key: string, myorigin: string): string {
  const at = key.lastIndexOf('@');
  const local = at < 0 ? key : key.slice(0, at);
  const domain = at < 0 ? myorigin : key.slice(at + 1);
  const start = local === '' ? '(.+)' : `(${literalPattern(local)})`;
  return String.raw`^${start}\+send-as"?@(${literalPattern(domain)})$`;
}

/** Senders that cannot be answered. */
const NOBODYS = String.raw`^.+\+send-as"?@(?:\[.*|[^.@]+|[^@]*\.(?:${AT_HOME.join('|')}))$`;

/**
 * Undelivered mail goes back to its sender, or to the `send_as` address if the sender has no
 * mailbox.
 */
function returnRows({ route: { sendAs }, local, virtual, myorigin }: Settings): Rows {
  const unmark = [MARKED, UNMARKED] as const;
  if (sendAs === undefined) return [unmark];
  const here = [...local.domains.map((domain) => `@${domain}`), ...virtual.map(({ from }) => from)];
  return [
    ...here.map((key) => [markedPattern(key, myorigin), '$1@$2'] as const),
    [NOBODYS, literal(sendAs)],
    unmark,
  ];
}

/** The sender's entry in generic, or the sender itself; patterns come first. */
const keptRows = (settings: Settings): Rows => {
  const { myorigin } = settings;
  const generic = withOwnNames(settings.generic, settings);
  const isDomain = ({ from }: Row): boolean => from.startsWith('@');
  const rows = [...generic.filter((row) => !isDomain(row)), ...generic.filter(isDomain)];
  return [
    ...rows.map(({ from, to }) => {
      const result = to.startsWith('@') ? `$1${literal(to)}` : literal(to);
      return [markedPattern(from, myorigin), result] as const;
    }),
    [MARKED, UNMARKED],
  ];
};

/** What mail that comes to a backup in a second step is from already. */
const formerSenders = (route: Settings['route'], address: string): readonly string[] => {
  const all = new Set(sendersOf(route));
  return all.has(address) ? [...all].filter((one) => one !== address) : [];
};

/** The tables that the settings need. */
export function sendAsFiles(settings: Settings): readonly RenderedFile[] {
  if (!rewritesSenders(settings)) return [];
  const table = (name: string, head: string, rows: Rows) =>
    configFile(name, patternTableText(head, rows));
  return [
    table(MARKS, 'Envelope senders are marked (entrypoint/postfix/sender-mark.ts).', MARKING),
    table(RETURNS, 'To whom undelivered mail goes back.', returnRows(settings)),
    table(KEPT, 'Senders that leave as they are.', keptRows(settings)),
    table(`${KEPT}_headers`, 'Headers of mail that leaves as it is.', KEPT_FROM_ROWS),
    ...addresses(settings).flatMap((address) => {
      return [
        table(tableName(address), `Senders that leave as ${address}.`, [
          [MARKED, literal(address)],
        ]),
        table(
          `${tableName(address)}_headers`,
          `Headers of mail that leaves as ${address}.`,
          fromHeaderRows(address, formerSenders(settings.route, address)),
        ),
      ];
    }),
  ];
}

/** The tables that mark senders of incoming mail, and remove the mark from returned mail. */
export const markParameters = (settings: Settings): readonly Parameter[] =>
  rewritesSenders(settings)
    ? [
        ['sender_canonical_maps', pcre(MARKS)],
        ['sender_canonical_classes', 'envelope_sender'],
        ['recipient_canonical_maps', pcre(RETURNS)],
      ]
    : [];
