import { type Foreign, foreignName, hasVariable } from '../migration/foreign-names.ts';
import { settingsByVariable } from '../settings/names.ts';
import { error, isError, type Problem, warning } from '../settings/problem.ts';
import type { Environment } from './environment.ts';

/** What is said of another image's variable; its value, which may be a secret, never is. */
export const foreignWords = ({
  images,
  right,
}: Foreign): readonly [wrong: string, right: string] => [
  `is a setting of ${images.join(' and ')}, and does nothing here`,
  `${right} ("hikyaku migrate" translates a whole file)`,
];

/**
 * Variables of other relay images. They would be passed over in silence: mail would go out without
 * its login, or for everybody. Where nothing says that these settings are ours they are errors;
 * beside settings of ours they may belong to another program that shares an env file: warnings.
 * @param hasFile whether there are settings in YAML
 */
export function foreignVariables(environment: Environment, hasFile: boolean): readonly Problem[] {
  const given = Object.keys(environment).filter((name) => (environment[name] ?? '') !== '');
  const ours = given.filter((name) => name.startsWith('RELAY_'));
  const isBesideOurs = ({ images }: Foreign): boolean =>
    hasFile || ours.some((name) => !images.some((image) => hasVariable(image, name)));
  return given
    .filter((name) => !name.startsWith('RELAY_'))
    .sort()
    .flatMap((name) => {
      const foreign = foreignName(name);
      if (foreign === undefined) return [];
      const say = isBesideOurs(foreign) ? warning : error;
      return [say(name, ...foreignWords(foreign))];
    });
}

/** The settings that refused variables of other images stand for: not to be missed as well. */
export const meantByForeign = (problems: readonly Problem[]): readonly [string, string][] =>
  problems.filter(isError).flatMap(({ where, right }) =>
    (right.match(/RELAY_[A-Z_]+/g) ?? []).flatMap((name): [string, string][] => {
      const path = settingsByVariable.get(name)?.path;
      return path === undefined ? [] : [[path, where]];
    }),
  );
