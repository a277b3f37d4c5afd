import {afterEach, describe, expect, it, vi} from 'vitest';
import {seededRandom} from '../clock.ts';
import type {Container, KubeObject, Pod} from '../objects.ts';
import {createFakeClient, type FakeClient} from '../testing/fake-client.ts';
import {inMemoryNetwork} from '../testing/in-memory-network.ts';
import {type ManualClock, manualClock} from '../testing/manual-clock.ts';
import {type TestImage, testImage} from '../testing/test-images.ts';
import {until, untilGone} from '../testing/until.ts';
import {type Kubelet, startKubelet} from './start.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

interface Node {
  client: FakeClient;
  clock: ManualClock;
  image: TestImage;
  kubelet: Kubelet;
}

function boot(before?: Node): Node {
  const clock = before?.clock ?? manualClock();
  const client = before?.client ?? createFakeClient({clock, random: seededRandom(2)});
  const image = testImage();
  const kubelet = startKubelet({
    client,
    network: inMemoryNetwork(),
    images: [image],
    clock,
    random: seededRandom(3),
  });
  ends.push(() => kubelet.close());
  return {client, clock, image, kubelet};
}

function pod(name: string, spec: Record<string, unknown>): KubeObject {
  return {apiVersion: 'v1', kind: 'Pod', metadata: {name, namespace: 'shop', labels: {app: name}}, spec};
}
const container = (name: string, more: Partial<Container> = {}): Container => ({
  name,
  image: 'test/app:1',
  ...more,
});
const condition = (object: Pod, type: string) =>
  object.status.conditions?.find(one => one.type === type)?.status;
const ready = (object: Pod) => condition(object, 'Ready') === 'True';
const stateOf = (object: Pod) => object.status.containerStatuses?.[0]?.state;
const reasons = (client: FakeClient) => client.list('events').map(event => event['reason']);

describe('a pod', () => {
  it('shows the phases and conditions of a real one on its way up', async () => {
    const {client} = boot();
    const seen: string[] = [];
    client.watch<Pod>('pods', {}, ({object}) => {
      const waiting = stateOf(object)?.waiting?.reason;
      seen.push(
        [object.status.phase, object.spec.nodeName ? 'bound' : '', waiting ?? '', ready(object)].join(' '),
      );
    });
    client.create('pods', pod('web', {containers: [container('app')]}));
    const up = await until<Pod>(client, 'pods', ready);
    expect([...new Set(seen)]).toEqual([
      'Pending   false',
      'Pending bound  false',
      'Pending bound ContainerCreating false',
      'Running bound  true',
    ]);
    expect(up.status).toMatchObject({
      hostIP: '172.18.0.2',
      podIP: '10.244.0.5',
      podIPs: [{ip: '10.244.0.5'}],
    });
    expect(up.status.conditions?.map(one => `${one.type} ${one.status}`)).toEqual([
      'PodReadyToStartContainers True',
      'Initialized True',
      'Ready True',
      'ContainersReady True',
      'PodScheduled True',
    ]);
    expect(up.status.containerStatuses).toMatchObject([
      {
        name: 'app',
        ready: true,
        started: true,
        restartCount: 0,
        image: 'docker.io/test/app:1',
        lastState: {},
      },
    ]);
  });

  it('runs init containers in order, and a sidecar before and beside the others', async () => {
    const {client, image} = boot();
    client.create(
      'pods',
      pod('web', {
        initContainers: [
          container('setup', {args: ['end', '0']}),
          container('proxy', {
            restartPolicy: 'Always',
            args: ['serve', '15021'],
            startupProbe: {httpGet: {port: 15021, path: '/healthz/ready'}, periodSeconds: 1},
          }),
        ],
        containers: [container('app')],
      }),
    );
    const up = await until<Pod>(client, 'pods', ready);
    expect(image.starts.map(start => start.container.name)).toEqual(['setup', 'proxy', 'app']);
    expect(up.status.initContainerStatuses).toMatchObject([
      {name: 'setup', ready: true, state: {terminated: {exitCode: 0, reason: 'Completed'}}},
      {name: 'proxy', ready: true, started: true, state: {running: {}}},
    ]);
  });

  it('holds the app back while the sidecar does not answer', async () => {
    const {client, clock, image, kubelet} = boot();
    image.answer = 503;
    const probe = {httpGet: {port: 15021, path: '/'}, periodSeconds: 1, failureThreshold: 600};
    const proxy = container('proxy', {
      restartPolicy: 'Always',
      args: ['serve', '15021'],
      startupProbe: probe,
    });
    client.create('pods', pod('web', {initContainers: [proxy], containers: [container('app')]}));
    const failed = await until(client, 'events', event => event['reason'] === 'Unhealthy');
    expect(failed['message']).toBe('Startup probe failed: HTTP probe failed with statuscode: 503');
    await kubelet.idle();
    expect(image.starts.map(start => start.container.name)).toEqual(['proxy']);
    expect(stateOf(client.list<Pod>('pods')[0] as Pod)).toEqual({waiting: {reason: 'PodInitializing'}});
    image.answer = 200;
    clock.advance(1000);
    await until<Pod>(client, 'pods', ready);
    expect(image.starts.map(start => start.container.name)).toEqual(['proxy', 'app']);
  });

  it('is taken out of service while its readiness probe fails', async () => {
    const {client, clock, image} = boot();
    const readinessProbe = {httpGet: {port: 8080, path: '/'}, periodSeconds: 5, failureThreshold: 1};
    client.create(
      'pods',
      pod('web', {containers: [container('app', {args: ['serve', '8080'], readinessProbe})]}),
    );
    await until<Pod>(client, 'pods', ready);
    image.answer = 500;
    clock.advance(5000);
    const down = await until<Pod>(client, 'pods', one => !ready(one));
    expect(down.status.phase).toBe('Running');
    expect(down.status.conditions?.find(one => one.type === 'Ready')).toMatchObject({
      reason: 'ContainersNotReady',
      message: 'containers with unready status: [app]',
    });
    expect(down.status.containerStatuses?.[0]?.restartCount).toBe(0);
  });

  it('is restarted when its liveness probe fails', async () => {
    const {client, clock, image} = boot();
    const livenessProbe = {httpGet: {port: 8080, path: '/'}, periodSeconds: 5, failureThreshold: 1};
    client.create(
      'pods',
      pod('web', {containers: [container('app', {args: ['serve', '8080'], livenessProbe})]}),
    );
    await until<Pod>(client, 'pods', ready);
    image.answer = 500;
    clock.advance(5000);
    const killing = await until(client, 'events', event => event['reason'] === 'Killing');
    expect(killing['message']).toBe('Container app failed liveness probe, will be restarted');
    await until<Pod>(client, 'pods', one => stateOf(one)?.terminated !== undefined);
    image.answer = 200;
    clock.advance(0);
    await until<Pod>(
      client,
      'pods',
      one => ready(one) && one.status.containerStatuses?.[0]?.restartCount === 1,
    );
  });

  it('backs off further with every crash, and keeps the log of the run before', async () => {
    const {client, clock, image, kubelet} = boot();
    client.create('pods', pod('web', {containers: [container('app')]}));
    const first = await until<Pod>(client, 'pods', ready);
    image.exit('app', 3);
    const crashed = await until<Pod>(client, 'pods', one => stateOf(one)?.terminated?.exitCode === 3);
    expect(crashed.status.phase).toBe('Running');
    clock.advance(0);
    await until<Pod>(
      client,
      'pods',
      one => ready(one) && one.status.containerStatuses?.[0]?.restartCount === 1,
    );
    image.exit('app', 3);
    const waiting = await until<Pod>(client, 'pods', one => stateOf(one)?.waiting !== undefined);
    const where = `container=app pod=web_shop(${first.metadata.uid})`;
    expect(waiting.status.containerStatuses?.[0]).toMatchObject({
      state: {waiting: {reason: 'CrashLoopBackOff', message: `back-off 10s restarting failed ${where}`}},
      lastState: {terminated: {exitCode: 3, reason: 'Error'}},
    });
    clock.advance(10_000);
    const again = await until<Pod>(
      client,
      'pods',
      one => ready(one) && one.status.containerStatuses?.[0]?.restartCount === 2,
    );
    expect(kubelet.logs.read(again, 'app', {previous: true})?.map(line => line.text)).toEqual(['app starts']);
    image.exit('app', 3);
    const longer = await until<Pod>(client, 'pods', one => stateOf(one)?.waiting !== undefined);
    expect(stateOf(longer)?.waiting?.message).toContain('back-off 20s');
  });

  it('names a program that does not exist as containerd does', async () => {
    const {client} = boot();
    client.create(
      'pods',
      pod('web', {restartPolicy: 'Never', containers: [container('app', {args: ['missing']})]}),
    );
    const failed = await until<Pod>(client, 'pods', one => one.status.phase === 'Failed');
    expect(stateOf(failed)?.terminated).toMatchObject({
      exitCode: 128,
      reason: 'StartError',
      message: 'exec: "missing": executable file not found in $PATH: unknown',
    });
  });

  it('waits for a ConfigMap that its environment needs, and starts as soon as it is there', async () => {
    const {client, image} = boot();
    const env = [
      {name: 'COLOUR', valueFrom: {configMapKeyRef: {name: 'settings', key: 'colour'}}},
      {name: 'TEXT', value: 'it is $(COLOUR) in $(HERE), $$(COLOUR)'},
      {name: 'HERE', valueFrom: {fieldRef: {fieldPath: 'metadata.namespace'}}},
    ];
    client.create('pods', pod('web', {containers: [container('app', {env})]}));
    const waiting = await until<Pod>(client, 'pods', one => stateOf(one)?.waiting?.message !== undefined);
    expect(stateOf(waiting)?.waiting).toEqual({
      reason: 'CreateContainerConfigError',
      message: 'configmap "settings" not found',
    });
    client.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 'settings', namespace: 'shop'},
      data: {colour: 'red'},
    });
    await until<Pod>(client, 'pods', ready);
    // HERE comes after TEXT, so it is not known there yet.
    expect(image.starts[0]?.env).toMatchObject({
      TEXT: 'it is red in $(HERE), $(COLOUR)',
      HERE: 'shop',
      HOSTNAME: 'web',
    });
  });

  it('is gone once its programs have stopped, sidecars last', async () => {
    const {client, kubelet} = boot();
    const proxy = container('proxy', {restartPolicy: 'Always'});
    client.create('pods', pod('web', {initContainers: [proxy], containers: [container('app')]}));
    const up = await until<Pod>(client, 'pods', ready);
    const ended: string[] = [];
    for (const name of ['app', 'proxy']) {
      kubelet.logs.follow(up, name, {line() {}, end: () => void ended.push(name)});
    }
    client.delete('pods', 'web', {namespace: 'shop'});
    await untilGone(client, 'pods', 'web', 'shop');
    expect(ended).toEqual(['app', 'proxy']);
    expect(reasons(client).filter(reason => reason === 'Killing')).toHaveLength(2);
    expect(kubelet.container(up.metadata.uid ?? '', 'app')).toBeUndefined();
  });

  it('stays pending and says why when the node is too small', async () => {
    const {client} = boot();
    const resources = {requests: {cpu: '64'}};
    client.create('pods', pod('web', {containers: [container('app', {resources})]}));
    const event = await until(client, 'events', one => one['reason'] === 'FailedScheduling');
    expect(event['message']).toBe(
      '0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
    );
    expect(condition(client.list<Pod>('pods')[0] as Pod, 'PodScheduled')).toBe('False');
  });
});

describe('a node', () => {
  it('takes 110 pods, and the scheduler says so of the next until one goes', async () => {
    const {client, kubelet} = boot();
    for (let count = 0; count < 112; count += 1) {
      client.create('pods', pod(`web-${String(count).padStart(3, '0')}`, {containers: [container('app')]}));
    }
    await kubelet.idle();
    const pods = () => client.list<Pod>('pods');
    expect(pods().filter(one => one.spec.nodeName)).toHaveLength(110);
    const waiting = pods().filter(one => !one.spec.nodeName);
    expect(waiting[0]?.status.conditions?.[0]).toMatchObject({
      type: 'PodScheduled',
      status: 'False',
      reason: 'Unschedulable',
      message:
        '0/1 nodes are available: 1 Too many pods. preemption: 0/1 nodes are available: ' +
        '1 No preemption victims found for incoming pod.',
    });
    const names = waiting.map(one => one.metadata.name);
    client.delete('pods', 'web-000', {namespace: 'shop', gracePeriodSeconds: 0});
    await kubelet.idle();
    expect(
      pods()
        .filter(one => one.spec.nodeName)
        .map(one => one.metadata.name),
    ).toContain(names[0]);
  });

  it('tries one of many that ask for the same when a place becomes free', async () => {
    const {client, kubelet} = boot();
    for (let count = 0; count < 410; count += 1) {
      client.create('pods', pod(`web-${count}`, {containers: [container('app')]}));
    }
    await kubelet.idle();
    const looks = vi.spyOn(client, 'get');
    client.delete('pods', 'web-0', {namespace: 'shop', gracePeriodSeconds: 0});
    await kubelet.idle();
    expect(client.list<Pod>('pods').filter(one => one.spec.nodeName)).toHaveLength(110);
    expect(new Set(looks.mock.calls.map(([, name]) => name)).size).toBeLessThan(20);
  });

  it('turns away what was bound to it all the same', async () => {
    const {client, kubelet} = boot();
    const nodeName = 'istio-workshop-control-plane';
    for (let count = 0; count < 111; count += 1) {
      client.create('pods', pod(`web-${count}`, {nodeName, containers: [container('app')]}));
    }
    await kubelet.idle();
    expect(client.get<Pod>('pods', 'web-110', 'shop')?.status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfpods',
      message:
        "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 110, capacity: 110",
    });
    expect(reasons(client)).toContain('OutOfpods');
  });
});

describe('a kubelet that comes back', () => {
  it('takes its pods over as they were and starts their programs again', async () => {
    const first = boot();
    const setup = container('setup', {args: ['end', '0']});
    first.client.create('pods', pod('web', {initContainers: [setup], containers: [container('app')]}));
    await until<Pod>(first.client, 'pods', ready);
    first.image.exit('app', 1);
    await until<Pod>(first.client, 'pods', one => stateOf(one)?.terminated !== undefined);
    first.clock.advance(0);
    const before = await until<Pod>(first.client, 'pods', ready);
    await first.kubelet.close();
    expect(first.client.get<Pod>('pods', 'web', 'shop')).toEqual(before);
    const events = reasons(first.client);

    first.clock.advance(60_000);
    const second = boot(first);
    second.client.create('pods', pod('other', {containers: [container('app')]}));
    const other = await until<Pod>(second.client, 'pods', one => one.metadata.name === 'other' && ready(one));
    // Each pod goes its own way: which of them is the first is not said.
    expect(
      second.image.starts.map(start => `${start.pod.metadata.name} ${start.container.name}`).sort(),
    ).toEqual(['other app', 'web app']);
    expect(second.client.get<Pod>('pods', 'web', 'shop')?.status).toEqual(before.status);
    expect(other.status.podIP).toBe('10.244.0.6');
    expect(reasons(second.client).slice(0, events.length)).toEqual(events);
  });
});
