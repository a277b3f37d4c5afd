import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {KubeObject} from '../objects.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {openJournal} from './journal.ts';
import {Store} from './store.ts';
import type {StoreEvent} from './store-event.ts';

const clock = manualClock();
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'store-'));
});

afterEach(() => rmSync(folder, {recursive: true, force: true}));

function open(): Store {
  return new Store(openJournal({folder, clock}));
}

function object(name: string, data: Record<string, string> = {}): KubeObject {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace: 'n'}, data};
}

describe('the store', () => {
  it('counts one revision for all resources and tells subscribers in order', () => {
    const store = new Store();
    const seen: string[] = [];
    store.subscribe(event => {
      seen.push(`first ${event.type} ${event.object.metadata.name} ${event.revision}`);
      if (event.object.metadata.name === 'a' && event.type === 'ADDED') store.put('configmaps', object('b'));
    });
    store.subscribe(event =>
      seen.push(`second ${event.type} ${event.object.metadata.name} ${event.revision}`),
    );
    store.put('configmaps', object('a'));
    store.remove('configmaps', 'n', 'a');
    expect(seen).toEqual([
      'first ADDED a 1',
      'second ADDED a 1',
      'first ADDED b 2',
      'second ADDED b 2',
      'first DELETED a 3',
      'second DELETED a 3',
    ]);
  });

  it('hands out frozen objects, and gives a deletion a revision of its own', () => {
    const store = new Store();
    const stored = store.put('configmaps', object('a', {k: 'v'}));
    expect(() => {
      stored['data'].k = 'changed';
    }).toThrow(TypeError);
    expect(store.remove('configmaps', 'n', 'a')?.metadata.resourceVersion).toBe('2');
  });

  it('lists by namespace and name as etcd keeps them, whatever came first', () => {
    const store = new Store();
    for (const [namespace, name] of [
      ['b', 'x'],
      ['a', 'y'],
      ['a-b', 'z'],
      ['a', 'b'],
      ['a', 'a'],
    ] as const) {
      store.put('configmaps', {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace}});
    }
    store.remove('configmaps', 'a', 'b');
    const names = (list: KubeObject[]) => list.map(({metadata}) => `${metadata.namespace}/${metadata.name}`);
    expect(names(store.list('configmaps'))).toEqual(['a-b/z', 'a/a', 'a/y', 'b/x']);
    expect(names(store.list('configmaps', 'a'))).toEqual(['a/a', 'a/y']);
    store.remove('configmaps', 'b', 'x');
    expect(store.list('configmaps', 'b')).toEqual([]);
  });

  it('finds what a controller manages, and what none does, whatever is stored', () => {
    const store = new Store();
    const put = (name: string, ownerReferences?: unknown) => {
      const {metadata, ...rest} = object(name);
      store.put('pods', {...rest, metadata: {...metadata, ownerReferences}} as KubeObject);
    };
    const found = (uid: string) => store.managedBy('pods', 'n', uid).map(({metadata}) => metadata.name);
    const reference = (uid: string, controller = true) => ({
      apiVersion: 'v1',
      kind: 'K',
      name: 'k',
      uid,
      controller,
    });
    put('a', [reference('other', false), reference('one')]);
    put('b', [reference('one')]);
    put('c');
    put('d', 'odd');
    put('e', [null, {controller: true, uid: 7}]);
    expect(found('one')).toEqual(['a', 'b']);
    expect(found('other')).toEqual([]);
    expect(found('')).toEqual(['c', 'd', 'e']);
    put('c', [reference('one')]);
    put('a', [reference('two')]);
    store.remove('pods', 'n', 'b');
    expect(found('one')).toEqual(['c']);
    expect(found('two')).toEqual(['a']);
    expect(found('')).toEqual(['d', 'e']);
    expect(store.managedBy('pods', 'elsewhere', 'one')).toEqual([]);
  });

  it('refuses what is beyond its quota in the words of etcd, but never what makes room', () => {
    const store = new Store({quota: 12_000});
    const big = 'x'.repeat(3000);
    for (const name of ['a', 'b', 'c']) store.put('configmaps', object(name, {big}));
    const full = 'etcdserver: mvcc: database space exceeded';
    expect(() => store.put('configmaps', object('d', {big}))).toThrow(full);
    // What exists may still change a little, as a Deployment does that is scaled down.
    store.put('configmaps', object('a', {big: `${big}${'x'.repeat(400)}`}));
    expect(() => store.put('configmaps', object('b', {big: big.repeat(2)}))).toThrow(full);
    const leaving = object('c', {big: `${big}${'x'.repeat(2000)}`});
    leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    store.put('configmaps', leaving);
    store.put('configmaps', object('b'));
    store.remove('configmaps', 'n', 'c');
    store.put('configmaps', object('d', {big}));
    expect(store.list('configmaps')).toHaveLength(3);
  });

  it('forgets events whose objects take too much memory, and names the next of each revision', () => {
    const store = new Store();
    for (let round = 0; round < 30; round += 1) {
      store.put('configmaps', object('a', {big: 'x'.repeat(1_000_000), round: String(round)}));
    }
    expect(store.since(0)).toBeUndefined();
    expect(store.oldest).toBeGreaterThan(4);
    expect(store.next(29)?.revision).toBe(30);
    expect(store.next(30)).toBeUndefined();
    expect(store.since(store.oldest)?.map(event => event.revision)[0]).toBe(store.oldest + 1);
  });

  it('tells the other subscribers when one throws, and whoever asked to hear of faults', () => {
    const faults: unknown[] = [];
    const store = new Store({onFault: error => void faults.push(error)});
    const seen: string[] = [];
    store.subscribe(() => {
      throw new Error('no');
    });
    store.subscribe(event => seen.push(event.object.metadata.name));
    store.put('configmaps', object('a'));
    expect({seen, faults: faults.length}).toEqual({seen: ['a'], faults: 1});
  });

  it('keeps a bounded history and says when it does not reach back', () => {
    const store = new Store({history: 2});
    for (const name of ['a', 'b', 'c']) store.put('configmaps', object(name));
    expect(store.since(0)).toBeUndefined();
    expect(store.since(1)?.map((event: StoreEvent) => event.object.metadata.name)).toEqual(['b', 'c']);
  });
});

describe('the journal', () => {
  it('brings everything back without having been closed, as after kill -9', () => {
    const store = open();
    store.put('configmaps', object('kept', {k: 'v'}));
    store.put('configmaps', object('gone'));
    store.remove('configmaps', 'n', 'gone');
    const again = open();
    expect(again.list('configmaps').map(each => each.metadata.name)).toEqual(['kept']);
    expect(again.get('configmaps', 'n', 'kept')?.['data']).toEqual({k: 'v'});
    expect(again.revision).toBe(3);
    expect(open().revision).toBe(3);
  });

  it('tolerates a last line that a crash cut off, wherever it was cut', () => {
    const store = open();
    store.put('configmaps', object('a'));
    store.close();
    const path = join(folder, 'journal.jsonl');
    const whole = readFileSync(path);
    const line = Buffer.from(`${JSON.stringify({revision: 2, resource: 'configmaps', put: object('b')})}\n`);
    for (let length = 1; length < line.length; length += 7) {
      writeFileSync(path, Buffer.concat([whole, line.subarray(0, length)]));
      const again = open();
      expect(again.list('configmaps').map(each => each.metadata.name)).toEqual(['a']);
      again.put('configmaps', object('after'));
      again.close();
      expect(
        open()
          .list('configmaps')
          .map(each => each.metadata.name),
      ).toEqual(['a', 'after']);
    }
  });
});
