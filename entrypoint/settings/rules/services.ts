import type { Facts } from '../facts.ts';
import { error, type Finding, say, setting } from '../naming/finding.ts';
import { type Given, isGiven } from '../naming/given.ts';
import type { RawSettings } from '../table.ts';

/** A key and a selector need a domain, and a key that is named has to be one. */
export function checkDkim({ dkim }: RawSettings, given: Given, facts: Facts): readonly Finding[] {
  const useless = ['dkim.selector', 'dkim.key_file'].filter(
    (path) => dkim.domain.length === 0 && isGiven(given, path),
  );
  const right = say`give ${setting('dkim.domain')}, or leave this out`;
  const key = dkim.key_file === undefined ? undefined : facts.dkimKey;
  return [
    ...useless.map((path) => error(path, 'has no effect without a domain', right)),
    ...(key !== undefined && 'wrong' in key ? [error('dkim.key_file', key.wrong, key.right)] : []),
  ];
}

/** A login needs a page, and the page a port of its own. */
export function checkPage(
  { page, listen, submission }: RawSettings,
  given: Given,
): readonly Finding[] {
  const right = say`give ${setting('page.listen')}, or leave this out`;
  const useless = ['page.username', 'page.password'].filter(
    (path) => page.listen === undefined && isGiven(given, path),
  );
  const mailPorts = [...listen, submission.old_tls_port];
  return [
    ...useless.map((path) => error(path, 'there is no page without a port', right)),
    ...(page.listen !== undefined && mailPorts.includes(page.listen)
      ? [error('page.listen', 'is a port that takes mail', 'use another port, such as 8080')]
      : []),
  ];
}

/** An entry of `expect` needs a sender or client, and alerts need a recipient. */
export function checkExpect({ expect, alerts }: RawSettings): readonly Finding[] {
  const nameless = expect.flatMap(({ sender, client }, index) =>
    sender === undefined && client === undefined
      ? [error(`expect.${index}.sender`, 'is missing', 'add "sender: ..." or "client: ..." here')]
      : [],
  );
  if (expect.length === 0 || (alerts.to ?? []).length > 0) return nameless;
  const right = say`give ${setting('alerts.to')} too`;
  return [...nameless, error('expect.0.every', 'needs an address for its alerts', right)];
}
