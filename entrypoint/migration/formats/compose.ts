import { type Service, serviceOf } from './service.ts';
import { type Tree, toList, toObject } from './yaml-documents.ts';

/** The services of a Compose file; those of version 1 stand at the top. */
export function composeServices(root: Tree): readonly Service[] {
  const services = toObject(root['services']);
  const found = Object.entries(Object.keys(services).length > 0 ? services : root);
  return found.flatMap(([name, service]) => readService(name, toObject(service)));
}

const EXTENDED =
  'the service that "extends" names (the output of "docker compose config" has everything in it)';

function readService(name: string, service: Tree): readonly Service[] {
  if (!('image' in service) && !('environment' in service) && !('env_file' in service)) return [];
  const { image, hostname } = service;
  return [
    serviceOf({
      name,
      image: typeof image === 'string' ? image : '',
      environment: readEnvironment(service['environment']),
      envFiles: readEnvFiles(service['env_file']),
      hostname: typeof hostname === 'string' ? hostname : undefined,
      mounts: toList(service['volumes']).flatMap(targetOf),
      unread: 'extends' in service ? [EXTENDED] : [],
    }),
  ];
}

/** A mapping, or a list of `NAME=value`. */
function readEnvironment(node: unknown): ReadonlyMap<string, string | undefined> {
  if (Array.isArray(node)) return new Map(node.map(String).map(assignment));
  return new Map(
    Object.entries(toObject(node)).map(([name, value]) => [
      name,
      value === null ? undefined : String(value),
    ]),
  );
}

/** `NAME=value`, or only a name. */
export function assignment(text: string): readonly [name: string, value: string | undefined] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** One name, several, or several as `{ path: name }`. */
function readEnvFiles(node: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(node) ? node : node === undefined ? [] : [node];
  return all.map((one) => String(toObject(one)['path'] ?? one));
}

/** `./here:/there:ro`, or `{ target: /there }`. */
export function targetOf(volume: unknown): readonly string[] {
  const target =
    typeof volume === 'string'
      ? /(?:^|:)(\/[^:]*)(?::[a-zA-Z,]+)?$/.exec(volume)?.[1]
      : toObject(volume)['target'];
  return typeof target === 'string' ? [target] : [];
}
