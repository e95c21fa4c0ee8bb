import { literally, type Service, serviceOf } from './service.ts';
import { type Tree, toList, toObject } from './yaml-documents.ts';

/** The containers of Kubernetes manifests, at whatever depth: in pods, deployments, lists. */
export const podContainers = (documents: readonly Tree[]): readonly Service[] =>
  documents.flatMap((document) => ('apiVersion' in document ? below(document) : []));

const below = (node: unknown): readonly Service[] => {
  if (Array.isArray(node)) return node.flatMap(below);
  return Object.entries(toObject(node)).flatMap(([key, value]) =>
    key === 'containers' ? toList(value).map(toObject).map(readContainer) : below(value),
  );
};

const readContainer = (container: Tree): Service =>
  serviceOf({
    name: String(container['name'] ?? ''),
    image: String(container['image'] ?? ''),
    environment: variablesOf(container['env']),
    mounts: mountsIn(container['volumeMounts']),
    unread: toList(container['envFrom']).length > 0 ? ['what "envFrom" names'] : [],
  });

/** The mount points: `[{ mountPath }]`. */
export const mountsIn = (mounts: unknown): readonly string[] =>
  toList(mounts).flatMap((one) => {
    const path = toObject(one)['mountPath'];
    return typeof path === 'string' ? [path] : [];
  });

/** `[{ name, value }]`; one with `valueFrom` has its value elsewhere. */
export const variablesOf = (env: unknown): ReadonlyMap<string, string | undefined> =>
  new Map(
    toList(env)
      .map(toObject)
      .map(({ name, value, valueFrom }) => [
        String(name),
        valueFrom === undefined ? literally(String(value ?? '')) : undefined,
      ]),
  );
