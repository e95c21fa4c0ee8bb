import { collect } from '../../../entrypoint/inputs/collect.ts';
import { readFacts } from '../../../entrypoint/inputs/gather-facts.ts';
import type { Facts } from '../../../entrypoint/settings/facts.ts';
import { type Reading, readSettings } from '../../../entrypoint/settings/read-settings.ts';
import { facts } from '../entrypoint/support/facts.ts';
import type { Folder } from '../entrypoint/support/folder.ts';
import type { Case } from './corpus.ts';

/** Judges a case as the image would: files are read, the rest of the world is that of `facts`. */
export function judge(
  { source }: Pick<Case, 'source'>,
  folder: Folder,
  world: Partial<Facts> = {},
): Reading {
  const given =
    typeof source === 'string'
      ? collect({}, folder.write('relay.yaml', source))
      : collect(source, `${folder.path}/no.yaml`);
  const { caFiles, missingTables, noDatabases, keyPairFaults } = readFacts(given);
  return readSettings(
    given,
    facts({
      caFiles,
      ...(missingTables && { missingTables }),
      ...(noDatabases && { noDatabases }),
      ...(keyPairFaults && { keyPairFaults }),
      ...world,
    }),
  );
}
