/** Where the files that relay.yaml names are on this machine. */
import path from 'node:path';
import { UserError } from '../../entrypoint/cli/errors.ts';
import { DEFAULT_FILE } from '../../entrypoint/inputs/merge.ts';

const SECRETS = '/run/secrets/';

/** Where a file may stand in the directory `secrets`: by its whole path, or by its last name. */
function placesBeside(file: string): readonly string[] {
  const whole = file.startsWith(SECRETS) ? file.slice(SECRETS.length) : file.slice(1);
  return [...new Set([whole, path.basename(file)])];
}

/**
 * The places on this machine where each named file is looked for, the first choice first: the same
 * path, then the directory `secrets` beside relay.yaml. A place that several files could mean is
 * none: one provider would get another's password.
 * @param relayFile the path of relay.yaml
 * @param named paths in the container
 */
export function placesOf(
  relayFile: string,
  named: readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const files = [...new Set(named)];
  const beside = path.join(path.dirname(path.resolve(relayFile)), 'secrets');
  const isMeantOnce = (place: string, by: string): boolean =>
    files.every((other) => other === by || !placesBeside(other).includes(place));
  return new Map(
    files.map((file) => {
      const [whole = '', ...last] = placesBeside(file);
      const places = [whole, ...last.filter((place) => isMeantOnce(place, file))].filter((place) =>
        files.every((other) => other === file || placesBeside(other)[0] !== place),
      );
      return [file, [file, ...places.map((place) => path.join(beside, place))]];
    }),
  );
}

/**
 * What is mounted: the path on this machine by the path in the container, relay.yaml among them.
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
    // The last place is the simplest that is free.
    const each = missing.map(([file, all]) => `${file} (put it at ${all.at(-1)})`);
    throw new UserError(`relay.yaml names what is not there: ${each.join(', ')}`);
  }
  return files;
}
