import {afterEach, describe, expect, it} from 'vitest';
import {ApiError} from '../api/errors.ts';
import {seededRandom} from '../clock.ts';
import {startKubelet} from '../kubelet/start.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {createFakeClient} from '../testing/fake-client.ts';
import {inMemoryNetwork} from '../testing/in-memory-network.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {testImage} from '../testing/test-images.ts';
import {until} from '../testing/until.ts';
import {startControllers} from './start.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function cluster() {
  const clock = manualClock();
  const random = seededRandom(1);
  const client = createFakeClient({clock, random});
  const image = testImage();
  const errors: unknown[] = [];
  const onError = (_: string, error: unknown) => void errors.push(error);
  const controllers = startControllers({client, clock, random, rootCertificate: 'CA', onError});
  const kubelet = startKubelet({client, network: inMemoryNetwork(), images: [image], clock, random, onError});
  ends.push(
    () => controllers.close(),
    () => kubelet.close(),
  );
  client.create('namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}});
  return {clock, client, image, errors, controllers, kubelet};
}

function deployment(
  name: string,
  spec: Record<string, unknown> = {},
  container: Record<string, unknown> = {},
) {
  const labels = {app: name};
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {name, namespace: 'shop', labels},
    spec: {
      replicas: 1,
      progressDeadlineSeconds: 600,
      selector: {matchLabels: labels},
      template: {
        metadata: {labels},
        spec: {containers: [{name: 'app', image: 'test/app:1', args: ['serve', '8080'], ...container}]},
      },
      ...spec,
    },
  } as KubeObject;
}

const deployments = 'deployments.apps';
const sets = 'replicasets.apps';
const progressing = (object: KubeObject) =>
  object['status']?.conditions?.find((one: any) => one.type === 'Progressing');
const rolledOut = (object: KubeObject) =>
  object['status']?.observedGeneration === object.metadata.generation &&
  object['status']?.updatedReplicas === object['spec'].replicas &&
  object['status']?.replicas === object['spec'].replicas &&
  object['status']?.availableReplicas === object['spec'].replicas &&
  progressing(object)?.reason === 'NewReplicaSetAvailable';
const messages = (events: KubeObject[], reason: string) =>
  events.filter(event => event['reason'] === reason).map(event => event['message']);

describe('a Deployment', () => {
  it('of a billion pods stops making them as soon as none are wanted, and gives up what it has', async () => {
    const {client, errors, controllers, kubelet} = cluster();
    let made = 0;
    client.watch<Pod>('pods', {}, ({type}) => {
      if (type === 'ADDED') made += 1;
    });
    client.create(deployments, deployment('web', {replicas: 1_000_000_000}));
    await until(client, 'pods', () => made >= 200);
    client.patch(deployments, 'web', {spec: {replicas: 0}}, {namespace: 'shop'});
    await until(client, sets, set => set['spec'].replicas === 0);
    const madeUntilThen = made;
    await until(client, sets, set => set['status']?.observedGeneration === 2 && set['status'].replicas === 0);
    expect(made).toBe(madeUntilThen);
    await Promise.all([controllers.idle(), kubelet.close()]);
    expect(errors).toEqual([]);
  });

  it('comes up as a ReplicaSet, a pod and endpoints', async () => {
    const {client, errors} = cluster();
    client.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 'web', namespace: 'shop'},
      spec: {selector: {app: 'web'}, ports: [{name: 'http', port: 80, targetPort: 'web'}]},
    });
    client.create(deployments, deployment('web', {}, {ports: [{name: 'web', containerPort: 8080}]}));
    const done = await until(client, deployments, rolledOut);
    const slice = await until(
      client,
      'endpointslices.discovery.k8s.io',
      one => one['endpoints'].length === 1 && one['endpoints'][0].conditions.ready,
    );

    const [set] = client.list(sets);
    const [pod] = client.list<Pod>('pods');
    expect(set?.metadata.name).toMatch(/^web-[bcdfghjklmnpqrstvwxz2456789]{8,10}$/);
    expect(pod?.metadata.name).toMatch(new RegExp(`^${set?.metadata.name}-[a-z0-9]{5}$`));
    expect(pod?.metadata.labels?.['pod-template-hash']).toBe(set?.metadata.labels?.['pod-template-hash']);
    expect(pod?.status.phase).toBe('Running');
    expect(done.metadata.annotations).toMatchObject({'deployment.kubernetes.io/revision': '1'});
    expect(done['status'].conditions).toMatchObject([
      {type: 'Progressing', message: `ReplicaSet "${set?.metadata.name}" has successfully progressed.`},
      {type: 'Available', status: 'True', message: 'Deployment has minimum availability.'},
    ]);
    expect(slice).toMatchObject({
      endpoints: [
        {addresses: [pod?.status.podIP], conditions: {ready: true, serving: true, terminating: false}},
      ],
      ports: [{name: 'http', port: 8080, protocol: 'TCP'}],
    });
    const events = client.list('events');
    expect(messages(events, 'ScalingReplicaSet')).toEqual([
      `Scaled up replica set ${set?.metadata.name} from 0 to 1`,
    ]);
    expect(
      events.filter(event => event['involvedObject'].kind === 'Pod').map(event => event['reason']),
    ).toEqual(['Scheduled', 'Pulling', 'Pulled', 'Created', 'Started']);
    expect(errors).toEqual([]);
  });

  it('keeps the old pod until the new one is ready, and reuses the old ReplicaSet on the way back', async () => {
    const {client} = cluster();
    const before = client.create(deployments, deployment('web'));
    await until(client, deployments, rolledOut);
    const [oldSet] = client.list(sets);

    let fewestReady = 1;
    const end = client.watch(deployments, {}, ({object}) => {
      fewestReady = Math.min(fewestReady, object['status'].readyReplicas ?? 0);
    });
    const template = structuredClone(before['spec'].template);
    template.spec.containers[0].image = 'test/app:2';
    client.patch(deployments, 'web', {spec: {template}}, {namespace: 'shop'});
    await until(
      client,
      deployments,
      one => rolledOut(one) && one.metadata.annotations?.['deployment.kubernetes.io/revision'] === '2',
    );
    expect(fewestReady).toBe(1);
    expect(client.get(sets, oldSet?.metadata.name ?? '', 'shop')?.['spec'].replicas).toBe(0);

    client.patch(deployments, 'web', {spec: {template: before['spec'].template}}, {namespace: 'shop'});
    await until(
      client,
      deployments,
      one => rolledOut(one) && one.metadata.annotations?.['deployment.kubernetes.io/revision'] === '3',
    );
    end();
    expect(fewestReady).toBe(1);
    expect(client.list(sets)).toHaveLength(2);
    expect(client.get(sets, oldSet?.metadata.name ?? '', 'shop')).toMatchObject({
      spec: {replicas: 1},
      metadata: {
        annotations: {
          'deployment.kubernetes.io/revision': '3',
          'deployment.kubernetes.io/revision-history': '1',
        },
      },
    });
  });

  it('gives up on an image that does not exist at its deadline, with the old pod still serving', async () => {
    const {client, clock} = cluster();
    client.create(deployments, deployment('web', {progressDeadlineSeconds: 30}));
    await until(client, deployments, rolledOut);
    const template = structuredClone(deployment('web')['spec'].template);
    template.spec.containers[0].image = 'nosuch:1';
    client.patch(deployments, 'web', {spec: {template}}, {namespace: 'shop'});
    const waiting = (pod: Pod) => pod.status.containerStatuses?.[0]?.state.waiting;
    const failing = await until<Pod>(client, 'pods', pod => waiting(pod)?.reason === 'ErrImagePull');
    expect(waiting(failing)?.message).toContain(
      '"docker.io/library/nosuch:1": docker.io/library/nosuch:1: not found',
    );
    clock.advance(2000);
    await until<Pod>(client, 'pods', pod => waiting(pod)?.reason === 'ImagePullBackOff');
    clock.advance(40_000);
    const late = await until(client, deployments, one => progressing(one)?.status === 'False');
    expect(progressing(late)).toMatchObject({reason: 'ProgressDeadlineExceeded'});
    expect(late['status']).toMatchObject({
      replicas: 2,
      updatedReplicas: 1,
      readyReplicas: 1,
      availableReplicas: 1,
    });
  });

  it('rolls two by two within 25 % of eight', async () => {
    const {client} = cluster();
    client.create(deployments, deployment('web', {replicas: 8}));
    await until(client, deployments, rolledOut);
    let most = 0;
    let fewest = 8;
    const end = client.watch(sets, {}, () => {
      const all = client.list(sets);
      most = Math.max(
        most,
        all.reduce((sum, set) => sum + set['spec'].replicas, 0),
      );
      fewest = Math.min(
        fewest,
        all.reduce((sum, set) => sum + (set['status']?.availableReplicas ?? 0), 0),
      );
    });
    const template = structuredClone(deployment('web')['spec'].template);
    template.metadata.annotations = {restarted: 'now'};
    client.patch(deployments, 'web', {spec: {template}}, {namespace: 'shop'});
    await until(
      client,
      deployments,
      one => rolledOut(one) && one.metadata.annotations?.['deployment.kubernetes.io/revision'] === '2',
    );
    end();
    expect(most).toBe(10);
    expect(fewest).toBeGreaterThanOrEqual(6);
  });

  it('says why pods can not be created, and recovers', async () => {
    const {client, clock} = cluster();
    client.refuse = ({operation, resource}) =>
      operation === 'CREATE' && resource === 'pods'
        ? new ApiError(403, 'Forbidden', 'pods "web-" is forbidden: no service account')
        : undefined;
    client.create(deployments, deployment('web'));
    const failed = await until(client, deployments, one =>
      one['status']?.conditions?.some((condition: any) => condition.type === 'ReplicaFailure'),
    );
    expect(failed['status'].unavailableReplicas).toBe(1);
    const [event] = client.list('events').filter(one => one['reason'] === 'FailedCreate');
    expect(event?.['message']).toBe('Error creating: pods "web-" is forbidden: no service account');
    client.refuse = undefined;
    clock.advance(1000);
    const done = await until(client, deployments, rolledOut);
    expect(done['status'].conditions.map((one: any) => one.type)).not.toContain('ReplicaFailure');
  });
});

describe('a namespace', () => {
  it('gets a ServiceAccount and the root certificate', async () => {
    const {client} = cluster();
    await until(
      client,
      'serviceaccounts',
      one => one.metadata.namespace === 'shop' && one.metadata.name === 'default',
    );
    const bundle = await until(client, 'configmaps', one => one.metadata.name === 'kube-root-ca.crt');
    expect(bundle['data']).toEqual({'ca.crt': 'CA'});
  });
});
