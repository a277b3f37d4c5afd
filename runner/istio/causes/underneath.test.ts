import {describe, expect, it} from 'vitest';
import {defaultMeshConfig, type MeshSnapshot} from '../snapshot.ts';
import type {IstioObject} from '../types.ts';
import {explainNotReady} from './health.ts';
import {explainSidecars} from './sidecars.ts';
import {remedyFor, remedyForNone} from './underneath.ts';

interface Written {
  image?: string;
  requests?: Record<string, string>;
  waiting?: string;
  status?: object;
}

function pod(workload: string, {image = '', requests, waiting, status = {}}: Written = {}): IstioObject {
  const hash = '5d8f7c9b6d';
  const owner = {kind: 'ReplicaSet', name: `${workload}-${hash}`, controller: true};
  const metadata = {
    name: `${workload}-${hash}-abcde`,
    namespace: 'bookinfo',
    labels: {'pod-template-hash': hash},
    ownerReferences: [owner],
  };
  const container = {name: 'reviews', image, resources: {requests}};
  const containerStatuses = waiting ? [{name: 'reviews', state: {waiting: {reason: waiting}}}] : [];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata,
    spec: {containers: [container]},
    status: {phase: waiting ? 'Pending' : 'Running', containerStatuses, ...status},
  };
}

function deployment(name: string, spec: object, conditions: object[] = []): IstioObject {
  const metadata = {name, namespace: 'bookinfo'};
  return {apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec, status: {conditions}};
}

const images = 'registry.example/bookinfo-reviews';

describe('what somebody can do about a pod', () => {
  it('is the image that those beside it suggest', () => {
    const broken = pod('reviews-v3', {image: `${images}-v3:1.20.9`, waiting: 'ImagePullBackOff'});
    const pods = [broken, pod('reviews-v2', {image: `${images}-v2:1.20.3`})];
    expect(remedyFor(broken, {pods})).toMatchObject({
      code: 'image-not-there',
      object: 'Deployment bookinfo/reviews-v3',
      fix: `spec.template.spec.containers[0].image: "${images}-v3:1.20.9" -> "${images}-v3:1.20.3"`,
      command: `kubectl set image deployment/reviews-v3 reviews=${images}-v3:1.20.3 -n bookinfo`,
    });
  });

  it('is to make it again where istiod was not there to write its image', () => {
    const broken = pod('gateway', {image: 'auto', waiting: 'ErrImagePull'});
    expect(remedyFor(broken, {pods: [broken]})).toMatchObject({
      code: 'image-auto',
      command: 'kubectl delete pod gateway-5d8f7c9b6d-abcde -n bookinfo',
    });
  });

  it('is to ask for less where no node has the room', () => {
    const message = '0/1 nodes are available: 1 Insufficient memory.';
    const conditions = [{type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message}];
    const large = pod('istiod', {
      requests: {cpu: '500m', memory: '2Gi'},
      status: {phase: 'Pending', conditions},
    });
    expect(remedyFor(large, {pods: [large]})).toMatchObject({
      code: 'node-too-small',
      command: 'kubectl set resources deployment/istiod -n bookinfo --requests=cpu=125m,memory=512Mi',
    });
  });

  it('is to read the last words of what crashes', () => {
    const broken = pod('ratings-v1', {waiting: 'CrashLoopBackOff'});
    expect(remedyFor(broken, {pods: [broken]})).toMatchObject({
      code: 'container-crashes',
      command: 'kubectl logs ratings-v1-5d8f7c9b6d-abcde -n bookinfo -c reviews --previous',
    });
  });

  it('is to scale a Deployment up, or to mend the webhook, where there is none', () => {
    const place = {namespace: 'bookinfo', workload: 'reviews-v2'};
    const scaled = [deployment('reviews-v2', {replicas: 0})];
    expect(remedyForNone(place, {pods: [], deployments: scaled})).toMatchObject({
      code: 'scaled-to-zero',
      fix: 'spec.replicas: 0 -> 1',
      command: 'kubectl scale deployment reviews-v2 -n bookinfo --replicas=1',
    });
    const message =
      'failed calling webhook "namespace.sidecar-injector.istio.io": service "istiod" not found';
    const refused = [
      deployment('reviews-v2', {replicas: 1}, [{type: 'ReplicaFailure', status: 'True', message}]),
    ];
    expect(remedyForNone(place, {pods: [], deployments: refused})).toMatchObject({
      code: 'webhook-without-istiod',
      command: 'kubectl delete mutatingwebhookconfiguration istio-sidecar-injector',
    });
  });

  it('is never a status to be another one', () => {
    const pods = [
      pod('reviews-v1', {waiting: 'ContainerCreating'}),
      pod('reviews-v2', {waiting: 'ImagePullBackOff'}),
    ];
    const workloads = ['reviews-v1', 'reviews-v2', 'reviews-v3'];
    for (const {fix, command} of explainNotReady({pods, namespace: 'bookinfo', workloads})) {
      expect(fix).not.toMatch(/status|readyReplicas|start a pod/);
      expect(command).toMatch(/^kubectl /);
    }
  });
});

describe('a namespace whose pods get no sidecar', () => {
  const workload = {name: 'a', namespace: 'bookinfo', ip: '', serviceAccount: '', workload: 'a', ready: true};
  const snapshot = (labels: Record<string, string>): MeshSnapshot => ({
    services: [],
    config: [],
    meshConfig: defaultMeshConfig,
    namespaces: [{name: 'bookinfo', labels}],
    workloads: [
      {...workload, labels: {}, mutualTls: false},
      {
        ...workload,
        namespace: 'istio-system',
        labels: {app: 'istiod', 'istio.io/rev': 'default'},
        mutualTls: false,
      },
    ],
  });
  const first = (labels: Record<string, string>) =>
    explainSidecars({snapshot: snapshot(labels), namespace: 'bookinfo'})[0];

  it('asks for a revision that no istiod serves', () => {
    expect(first({'istio.io/rev': '1-20'})).toMatchObject({
      code: 'revision-unknown',
      fix: 'metadata.labels["istio.io/rev"]: "1-20" -> "default", then restart its pods',
      command:
        'kubectl label namespace bookinfo istio.io/rev=default --overwrite && kubectl rollout restart deployment -n bookinfo',
    });
    expect(first({'istio.io/rev': 'default'})?.code).toBe('pods-older-than-label');
  });

  it('has both labels at once', () => {
    expect(first({'istio.io/rev': 'default', 'istio-injection': 'disabled'})?.code).toBe(
      'injection-labels-conflict',
    );
  });
});
