import {describe, expect, it} from 'vitest';
import {humanDuration} from '../../age.ts';
import type {KubeObject} from '../../objects.ts';
import type {ResourceType} from '../registry.ts';
import {toTable} from './table.ts';

const now = Date.parse('2026-01-02T00:00:00Z');
const createdAt = '2026-01-01T23:55:00Z';

function typeOf(resource: string, group = ''): ResourceType {
  return {
    group,
    resource,
    versions: ['v1'],
    singular: resource,
    kind: 'X',
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: [],
    subresources: [],
    custom: false,
  };
}

function table(type: ResourceType, object: Record<string, unknown>, crd?: KubeObject) {
  const metadata = {name: 'x', creationTimestamp: createdAt, ...(object['metadata'] as object)};
  return toTable({
    type,
    now,
    includeObject: 'Metadata',
    resourceVersion: '7',
    withColumns: true,
    ...(crd ? {crd} : {}),
    objects: [{apiVersion: 'v1', kind: 'X', ...object, metadata} as KubeObject],
  }) as any;
}

const cells = (...args: Parameters<typeof table>) => table(...args).rows[0].cells;

describe('ages', () => {
  it.each([
    [0, '0s'],
    [-1_000, '0s'],
    [-3_000, '<invalid>'],
    [119_000, '119s'],
    [120_000, '2m'],
    [245_000, '4m5s'],
    [125 * 60_000, '125m'],
    [184 * 60_000, '3h4m'],
    [20 * 3_600_000, '20h'],
    [76 * 3_600_000, '3d4h'],
    [400 * 86_400_000, '400d'],
    [733 * 86_400_000, '2y3d'],
    [9 * 365 * 86_400_000, '9y'],
  ])('%d ms is %s', (milliseconds, text) => expect(humanDuration(milliseconds)).toBe(text));
});

describe('pod rows', () => {
  const spec = {
    containers: [{name: 'reviews'}],
    initContainers: [{name: 'istio-init'}, {name: 'istio-proxy', restartPolicy: 'Always'}],
    nodeName: 'workshop',
  };
  const running = (name: string, ready = true) => ({
    name,
    ready,
    started: true,
    restartCount: 0,
    state: {running: {startedAt: createdAt}},
    lastState: {},
  });
  const done = {
    name: 'istio-init',
    ready: true,
    restartCount: 0,
    state: {terminated: {exitCode: 0, reason: 'Completed'}},
  };
  const pod = (status: object, more: object = {}) =>
    cells(typeOf('pods'), {spec, status: {phase: 'Running', ...status}, ...more});

  it('counts a native sidecar among the ready containers', () => {
    const status = {
      initContainerStatuses: [done, running('istio-proxy')],
      containerStatuses: [running('reviews')],
      podIP: '10.1.0.4',
    };
    expect(pod(status)).toEqual([
      'x',
      '2/2',
      'Running',
      '0',
      '5m',
      '10.1.0.4',
      'workshop',
      '<none>',
      '<none>',
    ]);
  });

  it('names the init container that holds the pod up', () => {
    const waiting = {
      name: 'istio-init',
      ready: false,
      restartCount: 0,
      state: {waiting: {reason: 'PodInitializing'}},
    };
    expect(pod({phase: 'Pending', initContainerStatuses: [waiting]})[2]).toBe('Init:0/2');
    const failed = {...waiting, state: {terminated: {exitCode: 3, reason: 'Error'}}};
    expect(pod({phase: 'Pending', initContainerStatuses: [failed]})[2]).toBe('Init:Error');
    const pulling = {...waiting, state: {waiting: {reason: 'ImagePullBackOff'}}};
    expect(pod({phase: 'Pending', initContainerStatuses: [done, pulling]})[2]).toBe('Init:ImagePullBackOff');
  });

  it('shows why a container does not run, and when it last restarted', () => {
    const crash = {
      name: 'reviews',
      ready: false,
      restartCount: 3,
      state: {waiting: {reason: 'CrashLoopBackOff'}},
      lastState: {terminated: {exitCode: 1, finishedAt: '2026-01-01T23:59:50Z'}},
    };
    const row = pod({initContainerStatuses: [done, running('istio-proxy')], containerStatuses: [crash]});
    expect(row.slice(1, 4)).toEqual(['1/2', 'CrashLoopBackOff', '3 (10s ago)']);
  });

  it('says Terminating, but not of a pod that has ended', () => {
    const metadata = {deletionTimestamp: createdAt};
    expect(pod({}, {metadata})[2]).toBe('Terminating');
    expect(pod({phase: 'Succeeded'}, {metadata})[2]).toBe('Succeeded');
  });

  it('marks ended pods as completed rows', () => {
    expect(table(typeOf('pods'), {spec, status: {phase: 'Succeeded'}}).rows[0].conditions[0]).toMatchObject({
      type: 'Completed',
      reason: 'Succeeded',
    });
  });
});

describe('other kinds', () => {
  it('prints services by their type', () => {
    const ports = [
      {port: 80, nodePort: 31380, protocol: 'TCP'},
      {port: 443, protocol: 'TCP'},
    ];
    const service = (spec: object, status = {}) =>
      cells(typeOf('services'), {spec: {ports, clusterIP: '10.96.0.9', ...spec}, status});
    expect(service({type: 'LoadBalancer'}).slice(1, 5)).toEqual([
      'LoadBalancer',
      '10.96.0.9',
      '<pending>',
      '80:31380/TCP,443/TCP',
    ]);
    expect(service({type: 'LoadBalancer'}, {loadBalancer: {ingress: [{ip: '172.18.0.9'}]}})[3]).toBe(
      '172.18.0.9',
    );
    expect(service({type: 'ExternalName', externalName: 'example.com', clusterIP: ''}).slice(2, 4)).toEqual([
      '<none>',
      'example.com',
    ]);
  });

  it('prints deployments with their wide columns', () => {
    const result = table(typeOf('deployments', 'apps'), {
      spec: {
        replicas: 2,
        selector: {matchLabels: {version: 'v1', app: 'reviews'}},
        template: {spec: {containers: [{name: 'a', image: 'i:1'}]}},
      },
      status: {readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1},
    });
    expect(result.rows[0].cells).toEqual(['x', '1/2', 2, 1, '5m', 'a', 'i:1', 'app=reviews,version=v1']);
    expect(result.columnDefinitions.map((c: any) => (c.priority ? `(${c.name})` : c.name)).join(' ')).toBe(
      'Name Ready Up-to-date Available Age (Containers) (Images) (Selector)',
    );
  });

  it('shows stored Endpoints whose address has no IP, beside all others', () => {
    const subsets = [{addresses: [{hostname: 'x'}, {ip: '10.0.0.1'}], ports: [{port: 80}]}];
    expect(cells(typeOf('endpoints'), {subsets})[1]).toContain('10.0.0.1:80');
  });

  it('shortens long endpoint lists', () => {
    const subsets = [{addresses: [1, 2, 3, 4].map(n => ({ip: `10.0.0.${n}`})), ports: [{port: 9080}]}];
    expect(cells(typeOf('endpoints'), {subsets})[1]).toBe(
      '10.0.0.1:9080,10.0.0.2:9080,10.0.0.3:9080 + 1 more...',
    );
  });

  it('falls back to the creation time for kinds without a printer', () => {
    expect(cells(typeOf('roles', 'rbac.authorization.k8s.io'), {})).toEqual(['x', createdAt]);
  });
});

describe('custom resources', () => {
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: 'things'},
    spec: {
      versions: [
        {
          name: 'v1',
          additionalPrinterColumns: [
            {name: 'Gateways', type: 'string', jsonPath: '.spec.gateways'},
            {name: 'Hosts', type: 'string', jsonPath: '.spec.hosts'},
            {name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp'},
          ],
        },
        {name: 'v2'},
      ],
    },
  } as unknown as KubeObject;

  it('prints arrays as JSON and a missing field as null', () => {
    expect(cells(typeOf('virtualservices'), {spec: {hosts: ['reviews']}}, crd)).toEqual([
      'x',
      null,
      '["reviews"]',
      '5m',
    ]);
  });

  it('leaves cells empty whose path can not be read, or leads beyond the end of a list', () => {
    const odd = structuredClone(crd);
    odd['spec'].versions[0].additionalPrinterColumns = [
      {name: 'Open', type: 'string', jsonPath: '.spec.hosts['},
      {name: 'Third', type: 'string', jsonPath: '.spec.hosts[2]'},
      {name: 'First', type: 'string', jsonPath: '.spec.hosts[0]'},
    ];
    expect(cells(typeOf('virtualservices'), {spec: {hosts: ['reviews']}}, odd)).toEqual([
      'x',
      null,
      null,
      'reviews',
    ]);
  });

  it('prints the age when the version names no columns', () => {
    expect(cells(typeOf('virtualservices'), {apiVersion: 'a/v2'}, crd)).toEqual(['x', '5m']);
  });
});
