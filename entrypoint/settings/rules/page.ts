import { error, type Finding, say, setting } from '../finding.ts';
import { type Given, isGiven } from '../given.ts';
import type { RawSettings } from '../table.ts';

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
