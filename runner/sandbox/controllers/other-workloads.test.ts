import {afterEach, expect, it} from 'vitest';
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
  const kubelet = startKubelet({client, network: inMemoryNetwork(), images: [testImage()], clock, random});
  const controllers = startControllers({client, clock, random});
  ends.push(
    () => controllers.close(),
    () => kubelet.close(),
  );
  client.create('namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}});
  return {client, clock};
}

const workload = (apiVersion: string, kind: string, spec: Record<string, unknown>): KubeObject => ({
  apiVersion,
  kind,
  metadata: {name: 'it', namespace: 'shop'},
  spec,
});
const template = (args: string[], more: Record<string, unknown> = {}) => ({
  metadata: {labels: {app: 'it'}},
  spec: {containers: [{name: 'app', image: 'test/app:1', args}], ...more},
});
const once = (exitCode: number) => template(['end', String(exitCode)], {restartPolicy: 'Never'});
const selector = {matchLabels: {app: 'it'}};
const is = (job: KubeObject, type: string) =>
  job['status']?.conditions?.some((one: any) => one.type === type && one.status === 'True');

it('a Job is complete once enough pods have succeeded', async () => {
  const {client} = cluster();
  client.create('jobs.batch', workload('batch/v1', 'Job', {completions: 2, template: once(0)}));
  const done = await until(client, 'jobs.batch', job => is(job, 'Complete'));
  expect(done['status']).toMatchObject({succeeded: 2, ready: 0});
  expect(done['status'].completionTime).toBeDefined();
});

it('a Job has failed when its pods fail too often', async () => {
  const {client, clock} = cluster();
  client.create(
    'jobs.batch',
    workload('batch/v1', 'Job', {completions: 1, backoffLimit: 1, template: once(1)}),
  );
  await until(client, 'jobs.batch', job => job['status']?.failed === 1);
  clock.advance(10_000);
  const failed = await until(client, 'jobs.batch', job => is(job, 'Failed'));
  expect(failed['status'].conditions.at(-1)).toMatchObject({
    reason: 'BackoffLimitExceeded',
    message: 'Job has reached the specified backoff limit',
  });
});

it('a CronJob starts its Job in the minute it names', async () => {
  const {client, clock} = cluster();
  const jobTemplate = {spec: {completions: 1, template: once(0)}};
  const cron = workload('batch/v1', 'CronJob', {schedule: '*/5 * * * *', jobTemplate});
  client.create('cronjobs.batch', cron);
  await until(client, 'cronjobs.batch', one => one['status'] !== undefined);
  clock.advance(5 * 60_000);
  const job = await until(client, 'jobs.batch', one => is(one, 'Complete'));
  expect(job.metadata.name).toBe(`it-${clock.now() / 60_000}`);
});

/** The clock goes on whenever a pod has gone, by the time for which its name rests. */
function goOnAfterPods({client, clock}: ReturnType<typeof cluster>) {
  client.watch('pods', {}, ({type}) => {
    if (type === 'DELETED') setImmediate(() => clock.advance(500));
  });
}

it('a StatefulSet starts its pods one after the other, and again in reverse for a new template', async () => {
  const shop = cluster();
  const {client} = shop;
  goOnAfterPods(shop);
  const order: string[] = [];
  client.watch<Pod>('pods', {}, ({type, object}) => {
    if (type === 'ADDED') order.push(object.metadata.name);
  });
  const spec = {replicas: 3, serviceName: 'it', selector, template: template([])};
  client.create('statefulsets.apps', workload('apps/v1', 'StatefulSet', spec));
  const up = await until(client, 'statefulsets.apps', set => set['status']?.readyReplicas === 3);
  client.patch('statefulsets.apps', 'it', {spec: {template: template(['again'])}}, {namespace: 'shop'});
  await until(
    client,
    'statefulsets.apps',
    ({status}) =>
      status.currentRevision !== up['status'].currentRevision &&
      status.currentRevision === status.updateRevision &&
      status.readyReplicas === 3,
  );
  expect(order).toEqual(['it-0', 'it-1', 'it-2', 'it-2', 'it-1', 'it-0']);
});

it('a StatefulSet lets the name of a pod rest that has gone: who deleted it may still be looking', async () => {
  const {client, clock} = cluster();
  const spec = {replicas: 2, serviceName: 'it', selector, template: template([])};
  client.create('statefulsets.apps', workload('apps/v1', 'StatefulSet', spec));
  await until(client, 'statefulsets.apps', set => set['status']?.readyReplicas === 2);
  client.delete('pods', 'it-0', {namespace: 'shop'});
  await until(client, 'statefulsets.apps', set => set['status']?.replicas === 1);
  const isBack = () => client.get('pods', 'it-0', 'shop') !== undefined;
  clock.advance(499);
  await Promise.resolve();
  expect(isBack()).toBe(false);
  clock.advance(1);
  await until(client, 'statefulsets.apps', set => set['status']?.readyReplicas === 2);
  expect(isBack()).toBe(true);
});

it('a StatefulSet asks for a claim without a name all the same, which the API refuses', async () => {
  const {client} = cluster();
  const claims = [{spec: {accessModes: ['ReadWriteOnce'], resources: {requests: {storage: '1Gi'}}}}];
  const spec = {serviceName: 'it', selector, template: template([]), volumeClaimTemplates: claims};
  client.create('statefulsets.apps', workload('apps/v1', 'StatefulSet', spec));
  await until(client, 'persistentvolumeclaims', ({metadata}) => metadata.name === '-it-0');
});

it('a StatefulSet leaves the pods below its partition as they were, also those that come back', async () => {
  const shop = cluster();
  const {client} = shop;
  goOnAfterPods(shop);
  const updateStrategy = {type: 'RollingUpdate', rollingUpdate: {partition: 1}};
  const spec = {
    replicas: 3,
    serviceName: 'it',
    selector,
    template: template([]),
    updateStrategy,
    ordinals: {start: 4},
  };
  client.create('statefulsets.apps', workload('apps/v1', 'StatefulSet', spec));
  const up = await until(client, 'statefulsets.apps', set => set['status']?.readyReplicas === 3);
  const before = up['status'].currentRevision;
  client.patch('statefulsets.apps', 'it', {spec: {template: template(['again'])}}, {namespace: 'shop'});
  const rolled = await until(
    client,
    'statefulsets.apps',
    ({status}) => status.updatedReplicas === 2 && status.readyReplicas === 3,
  );
  expect(rolled['status'].currentRevision).toBe(before);
  const first = client.get('pods', 'it-4', 'shop');
  client.delete('pods', 'it-4', {namespace: 'shop'});
  const back = await until<Pod>(
    client,
    'pods',
    pod => pod.metadata.name === 'it-4' && pod.metadata.uid !== first?.metadata.uid,
  );
  expect(back.metadata.labels?.['controller-revision-hash']).toBe(before);
  expect(back.spec.containers[0]?.['args'] ?? []).toEqual([]);
  // Without the partition the rest follows.
  client.patch(
    'statefulsets.apps',
    'it',
    {spec: {updateStrategy: {rollingUpdate: {partition: 0}}}},
    {namespace: 'shop'},
  );
  await until(
    client,
    'statefulsets.apps',
    ({status}) => status.currentRevision === status.updateRevision && status.readyReplicas === 3,
  );
});

it('a DaemonSet has one pod on the node, unless the node is not for it', async () => {
  const {client} = cluster();
  client.create('daemonsets.apps', workload('apps/v1', 'DaemonSet', {selector, template: template([])}));
  const up = await until(client, 'daemonsets.apps', set => set['status']?.numberReady === 1);
  expect(up['status']).toMatchObject({
    desiredNumberScheduled: 1,
    updatedNumberScheduled: 1,
    numberAvailable: 1,
  });
  const elsewhere = template([], {nodeSelector: {disk: 'ssd'}});
  client.patch('daemonsets.apps', 'it', {spec: {template: elsewhere}}, {namespace: 'shop'});
  await until(client, 'daemonsets.apps', set => set['status'].desiredNumberScheduled === 0);
});
