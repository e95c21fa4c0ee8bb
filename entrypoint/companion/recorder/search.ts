import type { HistoryStatus } from '../../log/history-message.ts';

/** Which messages are asked for; what is left out does not matter. */
export interface Wanted {
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly sender?: string | undefined;
  readonly client?: string | undefined;
  readonly status?: HistoryStatus | undefined;
  /** A recipient, as it is or was before it was redirected. */
  readonly recipient?: string | undefined;
  /** A sender or a recipient. */
  readonly address?: string | undefined;
  /** A queue ID or a message-id. */
  readonly id?: string | undefined;
  /** The number of a message. */
  readonly number?: number | undefined;
  readonly most: number;
  /** Number of the newest results to skip. */
  readonly skip?: number | undefined;
}

/** A question to SQLite. */
export interface Query {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Whose mail, and as what. */
interface Person {
  readonly address: string;
  readonly role: string;
}

/** No table of the relay tells capitals apart. */
export const lower = (address: string): string => address.toLowerCase();

/**
 * Finds messages, the newest first, without a full scan: the index already has this order. A
 * message gets its number at its first log line, so numbers are in the order of time.
 * @param isRare whether few messages are from or to an address
 */
export function queryFor(wanted: Wanted, isRare: (address: string) => boolean): Query {
  const conditions = conditionsOf(wanted);
  const people = peopleOf(wanted);
  const [first, ...others] = people;
  const isNamed = wanted.id !== undefined || wanted.number !== undefined;
  if (first === undefined || isNamed) return byMessage(wanted, [...conditions, ...people.map(has)]);
  if (conditions.length + others.length === 0) return byAddressAlone(wanted, first);
  // A frequent sender has only a few bounces, so the search goes by status first.
  if (wanted.status !== undefined && !isRare(first.address)) {
    return byMessage(wanted, [...conditions, ...people.map(has)]);
  }
  return byAddress(wanted, first, [...conditions, ...others.map(has)]);
}

/** `+column` takes part in no index (sqlite.org/optoverview.html): what names fewer messages leads. */
function conditionsOf({ since, until, client, status, number, id }: Wanted): readonly Query[] {
  const isNamed = id !== undefined || number !== undefined;
  const beside = isNamed ? '+' : '';
  const besideClient = isNamed || client !== undefined ? '+' : '';
  return [
    ...(since === undefined ? [] : [condition(`${beside}start >= ?`, since.getTime())]),
    ...(until === undefined ? [] : [condition(`${beside}start < ?`, until.getTime())]),
    ...(client === undefined ? [] : [condition(`${beside}client = ?`, client)]),
    ...(status === undefined ? [] : [condition(`${besideClient}status = ?`, status)]),
    ...(number === undefined ? [] : [condition('id = ?', number)]),
    ...(id === undefined ? [] : [condition(NAMED, id, id.replace(/^<(.*)>$/, '$1'), id)]),
  ];
}

const condition = (sql: string, ...values: Query['values']): Query => ({ sql, values });

/** Mail that is signed goes on under another ID. */
const NAMED =
  '(queue_id = ? OR message_id = ? OR id IN (SELECT message FROM later_ids WHERE queue_id = ?))';

const peopleOf = ({ sender, recipient, address }: Wanted): readonly Person[] => [
  ...(sender === undefined ? [] : [{ address: lower(sender), role: ' AND NOT is_recipient' }]),
  ...(recipient === undefined ? [] : [{ address: lower(recipient), role: ' AND is_recipient' }]),
  ...(address === undefined ? [] : [{ address: lower(address), role: '' }]),
];

const has = ({ address, role }: Person): Query =>
  condition(
    `EXISTS (SELECT 1 FROM addresses WHERE address = ? AND message = messages.id${role})`,
    address,
  );

const both = (all: readonly Query[]): string => all.map(({ sql }) => sql).join(' AND ');
const valuesOf = (all: readonly Query[]): Query['values'] => all.flatMap(({ values }) => values);
const sheet = ({ most, skip = 0 }: Wanted): Query['values'] => [most, skip];

function byMessage(wanted: Wanted, conditions: readonly Query[]): Query {
  const where = conditions.length === 0 ? '' : `WHERE ${both(conditions)}`;
  return {
    sql: `SELECT * FROM messages ${where} ORDER BY start DESC, id DESC LIMIT ? OFFSET ?`,
    values: [...valuesOf(conditions), ...sheet(wanted)],
  };
}

/** The skipped results are counted in the index without reading them. */
const byAddressAlone = (wanted: Wanted, { address, role }: Person): Query => ({
  sql: `SELECT * FROM messages WHERE id IN
    (SELECT DISTINCT message FROM addresses WHERE address = ?${role}
     ORDER BY message DESC LIMIT ? OFFSET ?) ORDER BY id DESC`,
  values: [address, ...sheet(wanted)],
});

/** Who writes to himself stands there twice. */
const ONCE = `(is_recipient OR NOT EXISTS (SELECT 1 FROM addresses AS other WHERE
  other.address = addresses.address AND other.message = addresses.message AND other.is_recipient))`;

const byAddress = (
  wanted: Wanted,
  { address, role }: Person,
  conditions: readonly Query[],
): Query => ({
  sql: `SELECT messages.* FROM addresses CROSS JOIN messages ON messages.id = addresses.message
    WHERE addresses.address = ?${role === '' ? ` AND ${ONCE}` : role} AND ${both(conditions)}
    ORDER BY addresses.message DESC LIMIT ? OFFSET ?`,
  values: [address, ...valuesOf(conditions), ...sheet(wanted)],
});
