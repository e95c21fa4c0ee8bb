import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, startClient } from '../support/client.ts';
import { startContainer } from '../support/container.ts';
import type { LockedDown } from '../support/container-spec.ts';
import { customerOf, startIsp } from '../support/customer.ts';
import { IMAGES } from '../support/images.ts';
import { kustomize, readFolder, schemaProblems } from '../support/kubernetes.ts';
import { startNetwork, type TestNetwork } from '../support/network.ts';
import { runRelay, startRelay } from '../support/relay.ts';
import { createVolume, type TestVolume } from '../support/volume.ts';

// deploy/kubernetes: by the schemas of Kubernetes, and its pod with Docker in the place of a kubelet.

const MAIL = { from: 'me@home.example', to: 'you@example.com' };

const stack = new AsyncDisposableStack();
let network: TestNetwork;
let client: Client;
let folder: Readonly<Record<string, string>>;
let pod: Pod;

beforeAll(async () => {
  network = stack.use(await startNetwork());
  client = stack.use(await startClient(network));
  folder = { ...(await readFolder('deploy/kubernetes')), 'secrets/relay_password': 'piyopiyo' };
  pod = podOf(await kustomize(network, folder));
});
afterAll(() => stack.disposeAsync());

/** What these tests read of a pod. */
interface Pod {
  readonly hostNetwork?: boolean;
  readonly securityContext: { readonly seccompProfile: { readonly type: string } };
  readonly initContainers: readonly PodContainer[];
  readonly containers: readonly PodContainer[];
  readonly volumes: readonly { readonly name: string; readonly emptyDir?: object }[];
}
interface PodContainer {
  readonly args?: readonly string[];
  readonly securityContext: {
    readonly readOnlyRootFilesystem: boolean;
    readonly allowPrivilegeEscalation: boolean;
    readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  };
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

function podOf(objects: readonly object[]): Pod {
  const set = objects.find((one) => 'kind' in one && one.kind === 'StatefulSet') as
    | { readonly spec: { readonly template: { readonly spec: Pod } } }
    | undefined;
  if (set === undefined) throw new Error('there is no StatefulSet');
  return set.spec.template.spec;
}

/** As a kubelet starts it: a volume in memory is root's, and everybody may write there. */
function lockedDownAs({ securityContext, volumeMounts }: PodContainer): LockedDown {
  const inMemory = new Set(pod.volumes.flatMap(({ name, emptyDir }) => (emptyDir ? [name] : [])));
  return {
    capabilities: securityContext.capabilities.add,
    tmpfs: volumeMounts
      .filter(({ name }) => inMemory.has(name))
      .map(({ mountPath }) => `${mountPath}:mode=777`),
  };
}

const only = <T>(list: readonly T[]): T => {
  const [one, ...others] = list;
  if (one === undefined || others.length > 0) throw new Error(`${list.length} instead of one`);
  return one;
};

/** A new volume as a provisioner makes it: root's, and empty but for what mkfs left. */
async function newVolume(): Promise<TestVolume> {
  const volume = await createVolume();
  await using mkfs = await startContainer({
    image: IMAGES.client,
    network,
    aliases: ['mkfs'],
    entrypoint: ['mkdir'],
    command: ['-m', '700', '/volume/lost+found'],
    volumes: { '/volume': volume },
  });
  expect(await mkfs.waitForExit()).toBe(0);
  return volume;
}

describe('the objects', () => {
  it('are what the schemas of Kubernetes ask for', async () => {
    const objects = await kustomize(network, folder);
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'Namespace',
      'PodDisruptionBudget',
      'Secret',
      'Service',
      'Service',
      'StatefulSet',
    ]);
    expect(await schemaProblems(objects)).toEqual([]);
  });

  it.each([
    ['a field that does not exist', 'livenessProbe:', 'livenesProbe:', /livenesProbe/],
    ['a field of another place', 'medium: Memory', 'mode: 448', /mode.* does not exist/],
    ['a text for a number', 'periodSeconds: 30', 'periodSeconds: often', /periodSeconds/],
    ['something left out', 'mountPath: /tmp', 'readOnly: false', /mountPath/],
  ])('would not be with %s', async (_, right, wrong, problem) => {
    const text = folder['relay.yaml'] ?? '';
    expect(text).toContain(right);
    const changed = { ...folder, 'relay.yaml': text.replace(right, wrong) };
    const problems = await schemaProblems(await kustomize(network, changed));
    expect(problems.join('\n')).toMatch(problem);
  });

  it('ask for no more than the level "baseline" of Pod Security allows', () => {
    expect(pod.securityContext.seccompProfile.type).toBe('RuntimeDefault');
    for (const { securityContext } of [...pod.initContainers, ...pod.containers]) {
      expect(securityContext).toMatchObject({
        readOnlyRootFilesystem: true,
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
      });
    }
    expect(only(pod.containers).securityContext.capabilities.add).toEqual([
      'SETUID',
      'SETGID',
      'DAC_OVERRIDE',
    ]);
  });
});

describe('the pod', () => {
  it('delivers from a new volume that is root’s, once it is prepared, and keeps its files from others', async () => {
    await using provider = await startIsp(network);
    await using spool = await newVolume();
    const init = only(pod.initContainers);
    const main = only(pod.containers);
    const lockedDown = lockedDownAs(main);

    const unprepared = await runRelay(network, customerOf(provider, { spool, lockedDown }));
    expect(unprepared).toMatchObject({ exitCode: 71 });
    expect(unprepared.stderr).toContain('has the wrong owner');

    const prepared = await runRelay(network, {
      spool,
      lockedDown: lockedDownAs(init),
      command: init.args ?? [],
    });
    expect(prepared).toMatchObject({ exitCode: 0, stderr: '' });

    await using relay = await startRelay(network, customerOf(provider, { spool, lockedDown }));
    expect(await client.send(relay, MAIL)).toMatchObject({ accepted: true });
    await provider.waitForMessage();
    expect(await relay.run(['stat', '-c', '%a %U', '/etc/postfix'])).toBe('755 root\n');
    expect(await relay.run(['hikyaku', 'health'])).toBe('healthy\n');
  });
});

it.each(['kubernetes/settings', 'swarm'])('the settings of deploy/%s are good', async (where) => {
  const settings = (await readFolder(`deploy/${where}`))['relay.yaml'] ?? '';
  const secret = /password_file: (.*)/.exec(settings)?.[1] ?? '';
  const { exitCode, all } = await runRelay(network, {
    command: ['check'],
    files: { '/etc/hikyaku/relay.yaml': settings, [secret]: 'piyopiyo' },
  });
  expect({ exitCode, all }).toEqual({
    exitCode: 0,
    all: expect.stringContaining('the settings are good'),
  });
});
