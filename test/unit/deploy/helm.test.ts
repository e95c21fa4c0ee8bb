import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { renderChart, valueProblems } from '../../support/helm.ts';
import { schemaProblems } from '../../support/kubernetes.ts';

// deploy/helm: what the templates become, by Go's template engine and the schemas of Kubernetes.

const IMAGE = { image: { repository: 'registry.example/hikyaku' } };
const ALL = {
  image: { repository: 'registry.example/hikyaku', tag: '1.2.3' },
  replicas: 3,
  domain: 'home.example',
  settings: 'relay:\n  host: "mail.isp.example"  # größer\n',
  secretName: 'other',
  queue: { size: '5Gi', storageClass: 'fast' },
  state: { size: '2Gi' },
  service: { type: 'LoadBalancer' },
  resources: { limits: { memory: '1Gi' } },
  nodeSelector: { 'kubernetes.io/arch': 'arm64', disk: 'yes' },
};

/** What these tests read of a StatefulSet. */
interface Set {
  readonly kind: string;
  readonly spec: {
    readonly replicas: number;
    readonly template: { readonly spec: Record<string, unknown> };
    readonly volumeClaimTemplates: readonly object[];
  };
}
const setOf = (objects: readonly object[]): Set => {
  const found = objects.find((one) => 'kind' in one && one.kind === 'StatefulSet');
  if (found === undefined) throw new Error('there is no StatefulSet');
  return found as Set;
};

describe('the chart', () => {
  it.each([
    ['the fewest values', IMAGE],
    ['all values', ALL],
  ])('keeps to the schemas of Kubernetes with %s', async (_, values) => {
    expect(valueProblems(values)).toEqual([]);
    const objects = await renderChart(values);
    expect(objects.map(({ kind }) => kind).sort()).toEqual([
      'ConfigMap',
      'PodDisruptionBudget',
      'Service',
      'Service',
      'StatefulSet',
    ]);
    expect(await schemaProblems(objects)).toEqual([]);
  });

  it('makes the pod of deploy/kubernetes, with the names of the release', async () => {
    const { template } = setOf(await renderChart(IMAGE)).spec;
    const text = readFileSync('deploy/kubernetes/relay.yaml', 'utf8')
      .replaceAll('image: hikyaku', 'image: registry.example/hikyaku:0.2.0')
      .replace(
        'matchLabels: { app.kubernetes.io/name: hikyaku }',
        'matchLabels: { app.kubernetes.io/name: hikyaku, app.kubernetes.io/instance: relay }',
      );
    expect(template.spec).toEqual(parse(text, { version: '1.1' }).spec.template.spec);
  });

  it('hands every value on', async () => {
    const objects = await renderChart(ALL);
    const set = setOf(objects);
    expect(set.spec).toMatchObject({
      replicas: 3,
      template: {
        spec: {
          nodeSelector: ALL.nodeSelector,
          containers: [
            {
              image: 'registry.example/hikyaku:1.2.3',
              env: [
                { name: 'POD_NAME' },
                { name: 'RELAY_MYHOSTNAME', value: '$(POD_NAME).home.example' },
              ],
              resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '1Gi' } },
            },
          ],
        },
      },
      volumeClaimTemplates: [
        { metadata: { name: 'queue' }, spec: { storageClassName: 'fast' } },
        { metadata: { name: 'state' }, spec: { resources: { requests: { storage: '2Gi' } } } },
      ],
    });
    expect(objects).toContainEqual(
      expect.objectContaining({ kind: 'ConfigMap', data: { 'relay.yaml': ALL.settings } }),
    );
    expect(JSON.stringify(objects)).toContain('"secretName":"other"');
    expect(JSON.stringify(objects)).toContain('"externalTrafficPolicy":"Local"');
  });
});

test.each([
  ['no image', {}, '/image/repository'],
  ['an unknown value', { ...IMAGE, replica: 2 }, 'additional properties'],
  ['no replica', { ...IMAGE, replicas: 0 }, '/replicas'],
  ['a size that is none', { ...IMAGE, queue: { size: 'big' } }, '/queue/size'],
  [
    'a service that hides its clients',
    { ...IMAGE, service: { type: 'NodePort' } },
    '/service/type',
  ],
])('values with %s are refused', (_, values, problem) => {
  expect(valueProblems(values).join('\n')).toContain(problem);
});
