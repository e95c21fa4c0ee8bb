import { error, type Problem, warning } from '../messages/problem.ts';
import { type Foreign, foreignName, hasVariable } from '../migration/foreign-names.ts';
import { settingsByVariable } from '../settings/naming/names.ts';

/** What is said of another image's variable; its value, which may be a secret, never is. */
export const foreignWords = ({
  images,
  right,
}: Foreign): readonly [wrong: string, right: string] => [
  `is a setting of ${images.join(' and ')}, and does nothing here`,
  `${right} ("hikyaku migrate" translates a whole file)`,
];

/** What there is of other images' variables. */
export interface ForeignVariables {
  readonly problems: readonly Problem[];
  /** The settings that refused ones stand for, each with the variable: not to be missed as well. */
  readonly meant: readonly (readonly [path: string, where: string])[];
}

/**
 * Variables of other relay images. They would be passed over in silence: mail would go out without
 * its login, or for everybody. Where nothing says that these settings are ours they are errors;
 * beside settings of ours they may belong to another program that shares an env file: warnings.
 * @param hasFile whether there are settings in YAML
 */
export function foreignVariables(
  environment: Readonly<Record<string, string | undefined>>,
  hasFile: boolean,
): ForeignVariables {
  const given = Object.keys(environment).filter((name) => (environment[name] ?? '') !== '');
  const ours = given.filter((name) => name.startsWith('RELAY_'));
  const isBesideOurs = ({ images }: Foreign): boolean =>
    hasFile || ours.some((name) => !images.some((image) => hasVariable(image, name)));
  const met = given
    .filter((name) => !name.startsWith('RELAY_'))
    .sort()
    .flatMap((name) => {
      const foreign = foreignName(name);
      return foreign === undefined ? [] : [{ name, foreign, isRefused: !isBesideOurs(foreign) }];
    });
  return {
    problems: met.map(({ name, foreign, isRefused }) =>
      (isRefused ? error : warning)(name, ...foreignWords(foreign)),
    ),
    meant: met
      .filter(({ isRefused }) => isRefused)
      .flatMap(({ name, foreign }) =>
        foreign.meant.flatMap(pathsOf).map((path) => [path, name] as const),
      ),
  };
}

/** The path of the setting that a variable gives, if it is one. */
const pathsOf = (variable: string): readonly string[] => {
  const path = settingsByVariable.get(variable)?.path;
  return path === undefined ? [] : [path];
};
