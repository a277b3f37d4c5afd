import {afterEach, expect, it} from 'vitest';
import {builtinTypes} from '../api/builtin-types.ts';
import {createApiServer} from '../api/server.ts';
import {seededRandom} from '../clock.ts';
import {startKubelet} from '../kubelet/start.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {Store} from '../store/store.ts';
import {inMemoryNetwork} from '../testing/in-memory-network.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {testImage} from '../testing/test-images.ts';
import {until} from '../testing/until.ts';
import {startControllers} from './start.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Objects of every kind that no validation would let in, as an older version may have stored them. */
function plant(store: Store) {
  const shapes: [string, Record<string, unknown>][] = [
    ['bare', {}],
    ['null', {spec: null, status: null}],
    ['empty', {spec: {}, status: {}}],
    ['text', {spec: 'x', status: 'y'}],
    ['list', {spec: [], status: [], subjects: {}, data: []}],
    ['odd', {spec: {selector: 'x', template: [], containers: {}, replicas: 'many', versions: {}, names: 7}}],
  ];
  for (const type of builtinTypes()) {
    if (!type.verbs.includes('get')) continue;
    for (const [shape, content] of shapes) {
      // Behind the node that runs pods, which is taken first.
      const name = `z-${shape}`;
      const metadata = {
        name,
        uid: `${type.storage}-${shape}`,
        ...(type.namespaced ? {namespace: 'default'} : {}),
      };
      store.put(type.storage, {
        apiVersion: type.storedAs,
        kind: type.kind,
        metadata,
        ...content,
      } as KubeObject);
    }
  }
}

it('comes up with whatever is stored, says what it cannot work on, and runs pods beside it', async () => {
  const store = new Store();
  plant(store);
  const clock = manualClock();
  const random = seededRandom(1);
  const faults: string[] = [];
  const onError = (what: string) => void faults.push(what);
  const server = createApiServer({
    store,
    clock,
    random,
    nodeName: 'node',
    onFault: (_, what) => onError(what),
  });
  const {client} = server;
  const kubelet = startKubelet({
    client: server.clientFor('kubelet'),
    network: inMemoryNetwork(),
    images: [testImage()],
    clock,
    random,
    nodeName: 'node',
    onError,
  });
  const controllers = startControllers({client, clock, random, rootCertificate: 'CA', onError});
  ends.push(
    () => controllers.close(),
    () => kubelet.close(),
  );
  await controllers.idle();
  expect(faults.length).toBeGreaterThan(0);
  const containers = [{name: 'app', image: 'test/app:1'}];
  client.create('pods', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {name: 'sound', namespace: 'default'},
    spec: {containers},
  });

  const isReady = (pod: Pod) =>
    pod.status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True');
  await until<Pod>(client, 'pods', pod => pod.metadata.name === 'sound' && isReady(pod) === true);
  const told = client.list('events').filter(event => event['reason'] === 'FailedSync');
  expect(told.length).toBeGreaterThan(0);
  expect(told[0]?.['message']).toMatch(/^Error syncing /);
});
