import {afterEach, describe, expect, it} from 'vitest';
import {seededRandom} from '../clock.ts';
import type {KubeObject} from '../objects.ts';
import {createFakeClient, type FakeClient} from '../testing/fake-client.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {untilGone} from '../testing/until.ts';
import {type Controllers, startControllers} from './start.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

function start(): {client: FakeClient; controllers: Controllers; clock: ReturnType<typeof manualClock>} {
  const clock = manualClock();
  const client = createFakeClient({clock, random: seededRandom(1)});
  const controllers = startControllers({client, clock, random: seededRandom(2)});
  ends.push(() => controllers.close());
  client.create('namespaces', {apiVersion: 'v1', kind: 'Namespace', metadata: {name: 'shop'}});
  return {client, controllers, clock};
}

function configMap(client: FakeClient, name: string, owners: KubeObject[] = [], finalizers: string[] = []) {
  const ownerReferences = owners.map(owner => ({
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    blockOwnerDeletion: true,
  }));
  return client.create('configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {name, namespace: 'shop', ownerReferences, finalizers},
  });
}
const left = (client: FakeClient) => client.list('configmaps').map(one => one.metadata.name);

describe('deleting an owner', () => {
  it('takes its dependents along, and theirs', async () => {
    const {client, controllers} = start();
    const owner = configMap(client, 'owner');
    const other = configMap(client, 'other');
    const child = configMap(client, 'child', [owner]);
    configMap(client, 'grandchild', [child]);
    const shared = configMap(client, 'shared', [owner, other]);
    client.delete('configmaps', 'owner', {namespace: 'shop'});
    await controllers.idle();
    expect(left(client)).toEqual(['other', 'shared']);
    expect(client.get('configmaps', shared.metadata.name, 'shop')?.metadata.ownerReferences).toMatchObject([
      {name: 'other'},
    ]);
  });

  it('in the foreground goes after its dependents', async () => {
    const {client, controllers} = start();
    const owner = configMap(client, 'owner');
    configMap(client, 'child', [owner], ['example.com/hold']);
    client.delete('configmaps', 'owner', {namespace: 'shop', propagationPolicy: 'Foreground'});
    await controllers.idle();
    expect(left(client)).toEqual(['owner', 'child']);
    client.patch('configmaps', 'child', {metadata: {finalizers: []}}, {namespace: 'shop'});
    await controllers.idle();
    expect(left(client)).toEqual([]);
  });

  it('leaves orphans when asked to', async () => {
    const {client, controllers} = start();
    const owner = configMap(client, 'owner');
    configMap(client, 'child', [owner]);
    client.delete('configmaps', 'owner', {namespace: 'shop', propagationPolicy: 'Orphan'});
    await controllers.idle();
    expect(left(client)).toEqual(['child']);
    expect(client.get('configmaps', 'child', 'shop')?.metadata.ownerReferences).toBeUndefined();
  });

  it('never deletes on a guess: an owner of an unknown kind counts as there', async () => {
    const {client, controllers} = start();
    const ghost = {apiVersion: 'example.com/v1', kind: 'Ghost', metadata: {name: 'ghost', uid: 'x'}};
    configMap(client, 'child', [ghost]);
    await controllers.idle();
    expect(left(client)).toEqual(['child']);
  });
});

describe('deleting a namespace', () => {
  it('empties it first, custom objects included, and waits for finalizers', async () => {
    const {client, controllers} = start();
    client.create('customresourcedefinitions.apiextensions.k8s.io', definition());
    client.create('widgets.example.com', widget(['example.com/hold']));
    configMap(client, 'plain');
    await controllers.idle();
    client.delete('namespaces', 'shop');
    await controllers.idle();
    expect(left(client)).toEqual([]);
    const waiting = client.get('namespaces', 'shop');
    expect(waiting?.['status']).toMatchObject({phase: 'Terminating'});
    expect(waiting?.['status'].conditions).toContainEqual(
      expect.objectContaining({
        type: 'NamespaceContentRemaining',
        message: 'Some resources are remaining: widgets.example.com has 1 resource instances',
      }),
    );
    client.patch('widgets.example.com', 'one', {metadata: {finalizers: []}}, {namespace: 'shop'});
    await untilGone(client, 'namespaces', 'shop');
  });
});

describe('a CRD', () => {
  it('is established, and takes its objects along', async () => {
    const {client, controllers} = start();
    const crds = 'customresourcedefinitions.apiextensions.k8s.io';
    client.create(crds, definition());
    await controllers.idle();
    const {status} = client.get(crds, 'widgets.example.com') as KubeObject;
    expect(status.conditions).toMatchObject([
      {type: 'NamesAccepted', status: 'True', reason: 'NoConflicts'},
      {type: 'Established', status: 'True', reason: 'InitialNamesAccepted'},
    ]);
    expect(status).toMatchObject({storedVersions: ['v1'], acceptedNames: {kind: 'Widget'}});
    client.create('widgets.example.com', widget());
    client.delete(crds, 'widgets.example.com');
    await controllers.idle();
    expect(client.list('widgets.example.com')).toEqual([]);
    expect(client.list(crds)).toEqual([]);
  });
});

describe('an event', () => {
  it('is forgotten an hour after it last happened', async () => {
    const {client, controllers, clock} = start();
    const lastTimestamp = new Date(clock.now()).toISOString();
    client.create('events', {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: {name: 'e', namespace: 'shop'},
      lastTimestamp,
    });
    clock.advance(30 * 60_000);
    client.patch('events', 'e', {lastTimestamp: new Date(clock.now()).toISOString()}, {namespace: 'shop'});
    clock.advance(59 * 60_000);
    await controllers.idle();
    expect(client.list('events')).toHaveLength(1);
    clock.advance(60_000);
    await controllers.idle();
    expect(client.list('events')).toHaveLength(0);
  });
});

function definition(): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {name: 'widgets.example.com'},
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: {plural: 'widgets', kind: 'Widget'},
      versions: [{name: 'v1', served: true, storage: true}],
    },
  };
}

function widget(finalizers: string[] = []): KubeObject {
  return {
    apiVersion: 'example.com/v1',
    kind: 'Widget',
    metadata: {name: 'one', namespace: 'shop', finalizers},
  };
}
