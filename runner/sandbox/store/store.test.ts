import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {KubeObject} from '../objects.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {openJournal} from './journal.ts';
import {Store, type StoreEvent} from './store.ts';

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
