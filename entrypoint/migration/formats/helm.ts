import { mountsIn, variablesOf } from './kubernetes.ts';
import { literally, type Service, serviceOf } from './service.ts';
import { type Tree, toList, toObject } from './yaml-documents.ts';

/** The sections below `config` in the values of bokysan's chart, by the prefix of their variables. */
const SECTIONS: readonly (readonly [section: string, prefix: string])[] = [
  ['general', ''],
  ['postfix', 'POSTFIX_'],
  ['opendkim', 'OPENDKIM_'],
];

/** The values of bokysan's Helm chart (helm/mail/values.yaml there). */
export function chartValues(root: Tree): readonly Service[] {
  const config = toObject(root['config']);
  if (!SECTIONS.some(([section]) => section in config)) return [];
  const environment = new Map<string, string | undefined>(variablesOf(root['extraEnv']));
  const add = (values: unknown, prefix: string): void => {
    for (const [name, value] of Object.entries(toObject(values))) {
      environment.set(prefix + name, literally(String(value ?? '')));
    }
  };
  for (const [section, prefix] of SECTIONS) add(config[section], prefix);
  add(root['secret'], '');
  const unread = [
    ...(isGiven(root['existingSecret']) ? ['the Secret that "existingSecret" names'] : []),
    ...(isGiven(root['certs']) || isGiven(root['certificates'])
      ? ['the certificates of "certs": a relay here has none for its clients from them']
      : []),
    ...['extraEnvFrom', 'extraInitContainers', 'extraContainers', 'lifecycle'].flatMap((key) =>
      isGiven(root[key]) ? [`what "${key}" has`] : [],
    ),
  ];
  return [
    serviceOf({
      image: String(toObject(root['image'])['repository'] ?? 'boky/postfix'),
      environment,
      mounts: mountsIn(root['extraVolumeMounts']),
      unread,
    }),
  ];
}

/** Whether something stands there that is more than a switch that is off. */
function isGiven(node: unknown): boolean {
  if (typeof node === 'string') return !/^(|false|no|null|~)$/i.test(node);
  return [...toList(node), ...Object.values(toObject(node))].some(isGiven);
}
