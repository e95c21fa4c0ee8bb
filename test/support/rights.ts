/**
 * What a relay may do, read out of each file of deploy/ into one form: compose.yaml is the source, and
 * a test compares the others with it.
 */

export interface Rights {
  readonly readOnly: boolean;
  /** The paths in memory, sorted. */
  readonly memory: readonly string[];
  readonly dropped: readonly string[];
  /** Sorted. */
  readonly added: readonly string[];
  readonly noNewPrivileges: boolean;
}

/** The required part of a Compose service. */
export interface ComposeService {
  readonly read_only: boolean;
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly (string | { readonly type: string; readonly target: string })[];
  readonly cap_drop: readonly string[];
  readonly cap_add: readonly string[];
  readonly security_opt?: readonly string[];
}

const pathOf = (tmpfs: string): string => tmpfs.split(':', 1)[0] ?? '';

export function rightsOfService(service: ComposeService): Rights {
  const mounted = (service.volumes ?? []).flatMap((volume) =>
    typeof volume === 'object' && volume.type === 'tmpfs' ? [volume.target] : [],
  );
  return {
    readOnly: service.read_only,
    memory: [...(service.tmpfs ?? []).map(pathOf), ...mounted].sort(),
    dropped: service.cap_drop,
    added: service.cap_add.toSorted(),
    noNewPrivileges: (service.security_opt ?? []).includes('no-new-privileges:true'),
  };
}

/** The required part of a Kubernetes pod. */
export interface RelayPod {
  readonly containers: readonly {
    readonly securityContext: {
      readonly readOnlyRootFilesystem: boolean;
      readonly allowPrivilegeEscalation: boolean;
      readonly capabilities: { readonly drop: readonly string[]; readonly add: readonly string[] };
    };
    readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  }[];
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
}

export function rightsOfPod({ containers, volumes }: RelayPod): Rights {
  const [relay] = containers;
  if (relay === undefined) throw new Error('the pod has no container');
  const { securityContext, volumeMounts } = relay;
  const inMemory = new Set(volumes.flatMap(({ name, emptyDir }) => (emptyDir ? [name] : [])));
  return {
    readOnly: securityContext.readOnlyRootFilesystem,
    memory: volumeMounts
      .filter(({ name }) => inMemory.has(name))
      .map(({ mountPath }) => mountPath)
      .sort(),
    dropped: securityContext.capabilities.drop,
    added: securityContext.capabilities.add.toSorted(),
    noNewPrivileges: !securityContext.allowPrivilegeEscalation,
  };
}

/** @param command the words of `docker run` or `podman run`, or of options for it */
export function rightsOfCommand(command: string): Rights {
  const words = command.split(/[ =]/);
  const after = (option: string): string[] =>
    words.flatMap((word, at) => (word === option ? [words[at + 1] ?? ''] : []));
  const capitals = (names: readonly string[]): string[] => names.map((name) => name.toUpperCase());
  return {
    readOnly: words.includes('--read-only'),
    memory: after('--tmpfs').map(pathOf).sort(),
    dropped: capitals(after('--cap-drop')),
    added: capitals(after('--cap-add')).sort(),
    noNewPrivileges: after('--security-opt').some((one) => one.startsWith('no-new-privileges')),
  };
}
