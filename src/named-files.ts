/** The files that a relay.yaml names. They are somewhere else, and come into the container by mounts. */
import { certificateFilesIn } from '../entrypoint/postfix/certificate-files.ts';
import { fileOf, tablesIn } from '../entrypoint/postfix/table-reference.ts';
import type { Given, GivenValue } from '../entrypoint/settings/naming/given.ts';

/** Paths in the container, each once. */
export interface NamedFiles {
  /** Secrets, and the authorities (`ca_file`) of providers. */
  readonly ofSettings: readonly string[];
  /** Tables, certificates and a database: the image may have such a file itself. */
  readonly others: readonly string[];
}

/** @param given what the file gives */
export function namedFiles({ values, secretFiles }: Given): NamedFiles {
  const authorities = [...values].flatMap(([key, value]) =>
    /(^|\.)ca_file$/.test(key) ? textOf(value) : [],
  );
  const database = textOf(values.get('database.name')).filter(isPath);
  return {
    ofSettings: [
      ...new Set([...[...secretFiles.values()].map(({ file }) => file), ...authorities]),
    ],
    others: [...new Set([...inParameters(values.get('postfix')), ...database])],
  };
}

const textOf = (value: GivenValue | undefined): readonly string[] =>
  value?.shape === 'one' ? [value.text] : [];

const isPath = (text: string): boolean => text.startsWith('/');

function inParameters(value: GivenValue | undefined): readonly string[] {
  if (value?.shape !== 'table') return [];
  return value.rows.flatMap(({ from: { text: parameter }, to: { text } }) => [
    ...tablesIn(text).map(fileOf).filter(isPath),
    ...certificateFilesIn(parameter, text),
  ]);
}
