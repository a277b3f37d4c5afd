import {beforeEach, describe, expect, it} from 'vitest';
import type {AdmissionRequest} from '../../api/admission.ts';
import type {ApiClient} from '../../api/client.ts';
import type {KubeObject, Pod} from '../../objects.ts';
import {createMemoryClient} from '../testing/memory-client.ts';
import {injectionPlugin} from './injection-plugin.ts';
import {istioValidationPlugin} from './validation-plugin.ts';

const service = (path: string) => ({service: {name: 'istiod', namespace: 'istio-system', path, port: 443}});
const group = 'admissionregistration.k8s.io';

function install(client: ApiClient): void {
  client.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {name: 'istiod', namespace: 'istio-system'},
    spec: {clusterIP: '10.96.0.9', selector: {app: 'istiod'}, ports: [{port: 443, targetPort: 15017}]},
  });
  client.create(`mutatingwebhookconfigurations.${group}`, {
    apiVersion: `${group}/v1`,
    kind: 'MutatingWebhookConfiguration',
    metadata: {name: 'istio-sidecar-injector'},
    webhooks: [
      {
        name: 'namespace.sidecar-injector.istio.io',
        clientConfig: service('/inject'),
        failurePolicy: 'Fail',
        namespaceSelector: {
          matchExpressions: [{key: 'istio-injection', operator: 'In', values: ['enabled']}],
        },
        objectSelector: {
          matchExpressions: [{key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false']}],
        },
      },
    ],
  });
  client.create(`validatingwebhookconfigurations.${group}`, {
    apiVersion: `${group}/v1`,
    kind: 'ValidatingWebhookConfiguration',
    metadata: {name: 'istiod-default-validator'},
    webhooks: [
      {
        name: 'validation.istio.io',
        clientConfig: service('/validate'),
        failurePolicy: 'Ignore',
        rules: [{operations: ['CREATE', 'UPDATE'], apiGroups: ['networking.istio.io'], resources: ['*']}],
      },
    ],
  });
}

function startIstiod(client: ApiClient): void {
  client.create<Pod>('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'istiod-1', namespace: 'istio-system', labels: {app: 'istiod'}},
    spec: {containers: []},
    status: {phase: 'Running', podIP: '10.244.0.2', conditions: [{type: 'Ready', status: 'True'}]},
  });
}

describe('the webhooks of Istio', () => {
  let client: ApiClient;
  let warnings: string[];
  beforeEach(() => {
    client = createMemoryClient();
    warnings = [];
    client.create('namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {name: 'bookinfo', labels: {'istio-injection': 'enabled'}},
    });
    client.create('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {name: 'node'},
      status: {nodeInfo: {kubeletVersion: 'v1.33.0'}},
    });
  });

  function request(resource: string, object: KubeObject): AdmissionRequest {
    return {
      operation: 'CREATE',
      resource,
      subresource: '',
      namespace: object.metadata.namespace,
      name: object.metadata.name,
      object,
      oldObject: undefined,
      dryRun: false,
      user: 'kubernetes-admin',
      warn: text => void warnings.push(text),
    };
  }

  function create(labels: Record<string, string> = {}, namespace = 'bookinfo'): Pod {
    const pod: Pod = {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {name: 'reviews-v1-x', namespace, labels: {app: 'reviews', version: 'v1', ...labels}},
      spec: {containers: [{name: 'reviews', image: 'reviews', readinessProbe: {httpGet: {port: 9080}}}]},
      status: {phase: 'Pending'},
    };
    injectionPlugin({client}).mutate?.(request('pods', pod));
    return pod;
  }

  const names = (pod: Pod) => [
    (pod.spec.initContainers ?? []).map(({name}) => name),
    pod.spec.containers.map(({name}) => name),
  ];

  it('inject nothing before Istio is installed', () => {
    expect(names(create())).toEqual([[], ['reviews']]);
  });

  it('inject a native sidecar', () => {
    install(client);
    startIstiod(client);
    const pod = create();
    expect(names(pod)).toEqual([['istio-init', 'istio-proxy'], ['reviews']]);
    expect(pod.metadata.labels).toMatchObject({
      'security.istio.io/tlsMode': 'istio',
      'service.istio.io/canonical-name': 'reviews',
      'service.istio.io/canonical-revision': 'v1',
    });
    expect(pod.spec.containers[0]?.readinessProbe.httpGet).toMatchObject({
      path: '/app-health/reviews/readyz',
      port: 15020,
    });
  });

  it.each([undefined, {}])(
    'leave it to the validation behind them to refuse a pod whose spec is %o',
    spec => {
      install(client);
      startIstiod(client);
      const metadata = {name: 'reviews-v1-x', namespace: 'bookinfo'};
      const pod = {apiVersion: 'v1', kind: 'Pod', metadata, ...(spec ? {spec} : {})} as Pod;
      injectionPlugin({client}).mutate?.(request('pods', pod));
      expect(pod.spec?.containers ?? []).toEqual([]);
    },
  );

  it('inject a classic sidecar where a kubelet is old', () => {
    install(client);
    startIstiod(client);
    client.update('nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {name: 'node'},
      status: {nodeInfo: {kubeletVersion: 'v1.32.0'}},
    });
    expect(names(create())).toEqual([['istio-init'], ['reviews', 'istio-proxy']]);
  });

  it('leave alone who opts out or lives elsewhere', () => {
    install(client);
    startIstiod(client);
    expect(names(create({'sidecar.istio.io/inject': 'false'}))).toEqual([[], ['reviews']]);
    expect(names(create({}, 'default'))).toEqual([[], ['reviews']]);
  });

  it('refuse pods while istiod is down', () => {
    install(client);
    expect(() => create()).toThrow(
      'Internal error occurred: failed calling webhook "namespace.sidecar-injector.istio.io": failed to call webhook: Post "https://istiod.istio-system.svc:443/inject?timeout=10s": dial tcp 10.96.0.9:443: connect: connection refused',
    );
  });

  const bad = (spec: unknown): KubeObject => ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {name: 'reviews', namespace: 'bookinfo'},
    spec,
  });
  const validate = (object: KubeObject) =>
    istioValidationPlugin({client}).validate?.(request('virtualservices.networking.istio.io', object));

  it('refuse what istiod refuses, once it runs', () => {
    install(client);
    expect(() => validate(bad({hosts: ['reviews']}))).not.toThrow();
    startIstiod(client);
    expect(() => validate(bad({hosts: ['reviews']}))).toThrow(
      'admission webhook "validation.istio.io" denied the request: configuration is invalid: http, tcp or tls must be provided in virtual service',
    );
    expect(() => validate(bad({hosts: ['a_b', 'c_d']}))).toThrow(
      'configuration is invalid: 3 errors occurred:\n\t* domain name "a_b" invalid (label "a_b" invalid)\n\t* domain name',
    );
  });

  it('say what is not simulated', () => {
    validate(
      bad({
        hosts: ['reviews'],
        http: [{match: [{statPrefix: 'a'}], route: [{destination: {host: 'reviews'}}]}],
      }),
    );
    expect(warnings).toEqual([
      'the istio-workshop sandbox does not simulate spec.http[0].match[0].statPrefix: it is stored, and has no effect',
    ]);
  });
});
