/** The places of relay.yaml's files on this machine. */
import path from 'node:path';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { DEFAULT_FILE } from '../../entrypoint/inputs/merge.ts';

/**
 * The places on this machine where each named file is looked for: the same path, then the directory
 * `secrets` beside relay.yaml, unless two files have that name: one provider must not get another's
 * password.
 * @param relayFile the path of relay.yaml
 * @param named paths in the container
 */
export function placesOf(
  relayFile: string,
  named: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const files = [...new Set(named)];
  const beside = path.join(path.dirname(path.resolve(relayFile)), 'secrets');
  const isOnly = (name: string): boolean =>
    files.filter((file) => path.basename(file) === name).length === 1;
  return new Map(
    files.map((file) => {
      const name = path.basename(file);
      return [file, isOnly(name) ? [file, path.join(beside, name)] : [file]];
    }),
  );
}

/**
 * The mounts: the path on this machine by the path in the container, including relay.yaml.
 * @throws UserError with every file that is nowhere
 */
export function filesOnHost(
  relayFile: string,
  named: readonly string[],
  isThere: (file: string) => boolean,
): ReadonlyMap<string, string> {
  const places = placesOf(relayFile, named);
  const found = [...places].flatMap(([file, all]): [string, string][] => {
    const place = all.find(isThere);
    return place === undefined ? [] : [[file, place]];
  });
  const files = new Map([[DEFAULT_FILE, path.resolve(relayFile)], ...found]);
  const missing = [...places].filter(([file]) => !files.has(file));
  if (missing.length > 0) {
    const each = missing.map(([file, all]) => `${file} (put it at ${all.at(-1)})`);
    throw new UserError(`relay.yaml names what is not there: ${each.join(', ')}`);
  }
  return files;
}
