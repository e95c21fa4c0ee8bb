import { error, type Problem, warning } from '../messages/problem.ts';
import { type Foreign, foreignName, hasVariable } from '../migration/foreign-names.ts';
import { settingsByVariable } from '../settings/naming/names.ts';

/** The words about another image's variable; never its value, which may be a secret. */
export const foreignWords = ({
  images,
  right,
}: Foreign): readonly [wrong: string, right: string] => [
  `is a setting of ${images.join(' and ')}, and does nothing here`,
  `${right} ("hikyaku migrate" translates a whole file)`,
];

/** The given variables of other images. */
export interface ForeignVariables {
  readonly problems: readonly Problem[];
  /** The settings that the refused variables mean, so that these do not count as missing too. */
  readonly meant: readonly (readonly [path: string, where: string])[];
}

/**
 * Variables of other relay images. Ignoring them silently could send mail without a login, or for
 * every client. They are errors if no setting of ours is given. Otherwise they are warnings, since
 * they may belong to another program that shares the env file.
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
