import type { Facts } from '../facts.ts';
import { error, type Finding, say, setting } from '../finding.ts';
import { type Given, isGiven } from '../given.ts';
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
