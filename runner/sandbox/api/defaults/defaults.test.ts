import {describe, expect, it} from 'vitest';
import type {KubeObject} from '../../objects.ts';
import {applyDefaults} from './defaults.ts';

function defaulted(name: string, object: object): any {
  const copy = structuredClone({apiVersion: 'v1', kind: 'X', metadata: {name: 'x'}, ...object}) as KubeObject;
  applyDefaults(name, copy);
  const again = structuredClone(copy);
  applyDefaults(name, again);
  expect(again, 'doing it twice changes nothing').toEqual(copy);
  return copy;
}

const template = {
  metadata: {labels: {app: 'reviews'}},
  spec: {
    containers: [
      {
        name: 'reviews',
        image: 'docker.io/istio/examples-bookinfo-reviews-v1:1.20.3',
        ports: [{containerPort: 9080}],
        readinessProbe: {httpGet: {port: 9080}},
      },
    ],
    volumes: [{name: 'tmp'}, {name: 'config', configMap: {name: 'c'}}],
  },
};

describe('applyDefaults', () => {
  it('completes a Deployment as the API server does', () => {
    const {spec} = defaulted('deployments.apps', {spec: {template}});
    expect(spec).toMatchObject({
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: {type: 'RollingUpdate', rollingUpdate: {maxSurge: '25%', maxUnavailable: '25%'}},
    });
    expect(spec.template.spec).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      schedulerName: 'default-scheduler',
      terminationGracePeriodSeconds: 30,
      securityContext: {},
      volumes: [{emptyDir: {}}, {configMap: {defaultMode: 420}}],
    });
    expect(spec.template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'File',
      resources: {},
      ports: [{containerPort: 9080, protocol: 'TCP'}],
      readinessProbe: {
        httpGet: {port: 9080, path: '/', scheme: 'HTTP'},
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
    });
    expect(spec.template.spec.enableServiceLinks).toBeUndefined();
  });

  it('never overrules what was said', () => {
    const {spec} = defaulted('deployments.apps', {
      spec: {replicas: 0, strategy: {type: 'Recreate'}, template},
    });
    expect(spec.replicas).toBe(0);
    expect(spec.strategy).toEqual({type: 'Recreate'});
  });

  it.each([
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['localhost:5000/nginx', 'Always'],
    ['nginx:1.27', 'IfNotPresent'],
    ['nginx@sha256:abc', 'IfNotPresent'],
  ])('pulls %s %s', (image, policy) => {
    expect(
      defaulted('pods', {spec: {containers: [{name: 'c', image}]}}).spec.containers[0].imagePullPolicy,
    ).toBe(policy);
  });

  it('gives a Service its family, its protocol and its target port', () => {
    expect(defaulted('services', {spec: {ports: [{port: 9080}], clusterIP: '10.96.0.9'}}).spec).toEqual({
      type: 'ClusterIP',
      clusterIP: '10.96.0.9',
      clusterIPs: ['10.96.0.9'],
      sessionAffinity: 'None',
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      ports: [{port: 9080, protocol: 'TCP', targetPort: 9080}],
    });
    expect(defaulted('services', {spec: {type: 'LoadBalancer'}}).spec).toMatchObject({
      externalTrafficPolicy: 'Cluster',
      allocateLoadBalancerNodePorts: true,
    });
    expect(defaulted('services', {spec: {type: 'ExternalName'}}).spec.ipFamilies).toBeUndefined();
  });

  it('moves stringData into data', () => {
    const secret = defaulted('secrets', {data: {a: 'b2xk'}, stringData: {a: 'new'}});
    expect(secret).toMatchObject({type: 'Opaque', data: {a: 'bmV3'}});
    expect(secret.stringData).toBeUndefined();
  });

  it('completes webhooks, mutating ones with reinvocationPolicy', () => {
    const webhooks = [
      {name: 'w', clientConfig: {service: {name: 'istiod', namespace: 'istio-system'}}, rules: [{}]},
    ];
    const mutating = defaulted('mutatingwebhookconfigurations.admissionregistration.k8s.io', {
      kind: 'MutatingWebhookConfiguration',
      webhooks,
    });
    expect(mutating.webhooks[0]).toMatchObject({
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      reinvocationPolicy: 'Never',
      timeoutSeconds: 10,
      clientConfig: {service: {port: 443}},
      rules: [{scope: '*'}],
    });
  });

  it('writes a namespace its name as a label', () => {
    const namespace = defaulted('namespaces', {});
    expect(namespace.metadata.labels).toEqual({'kubernetes.io/metadata.name': 'x'});
    expect(namespace.status.phase).toBe('Active');
  });

  it('gives a job its selector once it has a UID', () => {
    const job = defaulted('jobs.batch', {metadata: {name: 'x', uid: 'u'}, spec: {template}});
    expect(job.spec).toMatchObject({
      completions: 1,
      parallelism: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
    });
    expect(job.spec.selector.matchLabels).toEqual({'batch.kubernetes.io/controller-uid': 'u'});
    expect(job.spec.template.metadata.labels['job-name']).toBe('x');
  });
});
