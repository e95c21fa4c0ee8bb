import { tableText } from '../postfix/cf-syntax.ts';
import type { Row } from '../settings/setting.ts';
import type { Settings } from '../settings/settings.ts';
import { configFile, type RenderedFile } from './file.ts';

type Names = Pick<Settings, 'myhostname' | 'local'>;

/**
 * The names that mean this relay: those of Postfix's usual mydestination, without the domains whose
 * mail is kept here in mailboxes.
 */
export function ownNames({ myhostname, local }: Names): readonly string[] {
  const name = myhostname.toLowerCase();
  const parent = name.slice(name.indexOf('.') + 1);
  const all = [name, `localhost.${parent}`, 'localhost.localdomain', 'localhost'];
  return [...new Set(all)].filter((one) => !local.domains.includes(one));
}

/**
 * A table's rows, with bare user names written out for each of the relay's own names. Postfix by
 * itself tries a bare name for the domains of myorigin and mydestination (virtual(5)); the latter
 * is empty, or strangers could send to these names.
 */
export function withOwnNames<To>(
  rows: readonly Row<string, To>[],
  settings: Names & {
    readonly myorigin: string;
  },
): readonly Row<string, To>[] {
  const given = new Set(rows.map(({ from }) => from.toLowerCase()));
  const domains = ownNames(settings).filter((name) => name !== settings.myorigin.toLowerCase());
  const written = rows
    .filter(({ from }) => !from.includes('@'))
    .flatMap(({ from, to }) => domains.map((domain) => ({ from: `${from}@${domain}`, to })))
    .filter(({ from }) => !given.has(from.toLowerCase()));
  return [...rows, ...written];
}

const REFUSED =
  'error:5.1.1 this is a name of the relay itself, and no table says where its mail goes: RELAY_VIRTUAL (virtual) redirects it';

/** As if there were no table (transport(5)). */
const AS_USUAL = ':';

/**
 * Mail to the relay's own names never leaves, since their mailboxes would have to be here and do
 * not exist. `virtual` and `canonical` have replaced the address by then; mail that `generic`
 * rewrites on leaving may go. A listener uses the same table, so it refuses such a recipient at
 * RCPT.
 * @param accounts the rows of recipients with an account
 */
export function ownTransport(
  settings: Settings,
  accounts: readonly (readonly [key: string, way: string])[],
): RenderedFile {
  const generic = withOwnNames(settings.generic, settings).map(({ from }) => from.toLowerCase());
  const origin = settings.myorigin.toLowerCase();
  const rows = ownNames(settings).flatMap((name) => {
    if (generic.includes(`@${name}`)) return [];
    const rewritten = generic.flatMap((from) => {
      if (from.endsWith(`@${name}`)) return [from];
      return name === origin && !from.includes('@') ? [`${from}@${name}`] : [];
    });
    return [
      [name, REFUSED] as const,
      ...[...new Set(rewritten)].map((address) => [address, AS_USUAL] as const),
    ];
  });
  const head = "The relay's own names, whose mail does not leave; and recipients with an account.";
  return {
    ...configFile('transport', tableText(head, [...rows, ...accounts])),
    index: settings.mapType,
  };
}
