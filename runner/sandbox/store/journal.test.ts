import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import type {KubeObject} from '../objects.ts';
import {manualClock} from '../testing/manual-clock.ts';
import {openJournal} from './journal.ts';
import {encodeLine} from './journal-line.ts';
import {Store} from './store.ts';

let clock = manualClock();
let folder = '';
let path = '';
let errors: string[] = [];

beforeEach(() => {
  clock = manualClock();
  folder = mkdtempSync(join(tmpdir(), 'journal-'));
  path = join(folder, 'journal.jsonl');
  errors = [];
});

afterEach(() => rmSync(folder, {recursive: true, force: true}));

function object(name: string, data: Record<string, string> = {}): KubeObject {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, namespace: 'n'}, data};
}

function open() {
  const opened = openJournal({folder, clock, onError: what => errors.push(what)});
  return {...opened, store: new Store(opened)};
}

/** A closed store with these objects, one write each. */
function write(...names: readonly string[]): Buffer {
  const {store} = open();
  for (const name of names) store.put('configmaps', object(name));
  store.close();
  return readFileSync(path);
}

function names(store: Store): string[] {
  return store.list('configmaps').map(each => each.metadata.name);
}

/** Lets time pass until what it set off has ended. */
async function compact({journal}: ReturnType<typeof open>, milliseconds = 1000): Promise<void> {
  clock.advance(milliseconds);
  await journal.settled();
}

const fiveNames = ['a', 'b', 'c', 'd', 'e'];

describe('a damaged journal', () => {
  it('refuses a newer format in a sentence whose advice works', () => {
    mkdirSync(folder, {recursive: true});
    writeFileSync(path, '{"kind":"sandbox-journal","format":2}\n');
    expect(open).toThrow(
      expect.objectContaining({
        code: 'journal-newer',
        remedies: expect.arrayContaining([
          {say: expect.stringContaining('with its state'), command: 'sandbox down --delete'},
        ]),
      }),
    );
  });

  it('tells what a file has lost that ends early, and goes on after the last revision', () => {
    const whole = write(...fiveNames);
    const lines = whole.toString().split('\n');
    // Between two lines: nothing in the file itself shows that more was there.
    truncateSync(path, lines.slice(0, 2).join('\n').length + 1);
    const {store, damage} = open();
    expect(damage).toMatchObject({lost: 4, kept: 1});
    expect(names(store)).toEqual(['a']);
    expect(store.revision).toBe(5);
    expect(store.put('configmaps', object('f')).metadata.resourceVersion).toBe('6');
  });

  it('reads around a byte that changed, wherever it is, and says so', () => {
    const whole = write(...fiveNames);
    for (let at = 0; at < whole.length; at += 13) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] as number) ^ 1;
      writeFileSync(path, flipped);
      const {store, damage} = open();
      const missing = 5 - names(store).length;
      // A name of the header that changed costs nothing.
      if (at > 8) expect(damage?.lost).toBeGreaterThanOrEqual(Math.max(missing, 1));
      expect(missing).toBeLessThanOrEqual(2);
      expect(store.revision).toBe(5);
    }
  });

  it('names what an unreadable line is about', () => {
    const text = write(...fiveNames).toString();
    writeFileSync(path, text.replace('"name":"c"', '"name":"c2"'));
    expect(open().damage).toMatchObject({lost: 1, kept: 4, named: ['configmaps n/c2']});
  });

  it.each([
    ['an empty one', ''],
    ['one that is something else', 'not ours\n{"a":1}\nnull\n[]\n7\n'],
    ['one of zeros', '\0'.repeat(4096)],
  ])('comes up with %s', (_, content) => {
    write(...fiveNames);
    writeFileSync(path, content);
    const {store, damage} = open();
    expect(damage?.lost).toBeGreaterThanOrEqual(5);
    expect(damage?.kept).toBe(0);
    store.put('configmaps', object('new'));
    expect(names(open().store)).toEqual(['new']);
  });

  it.each([
    null,
    [],
    7,
    {},
    {revision: 'abc'},
    {revision: null},
    {revision: 1.5},
    {revision: -1},
    {revision: 9, resource: 7},
    {revision: 9, resource: 'configmaps'},
    {revision: 9, resource: 'configmaps', put: null},
    {revision: 9, resource: 'configmaps', put: {}},
    {revision: 9, resource: 'configmaps', put: {metadata: {name: 'x', resourceVersion: 'NaN'}}},
    {revision: 9, resource: 'configmaps', removed: {name: 7}},
    {revision: 9, resource: 'configmaps', removed: {name: 'a', namespace: 'n'}, more: 1},
  ])('takes no line that is JSON and not ours: %j', line => {
    write('a');
    appendFileSync(path, `${JSON.stringify(line)}\n`);
    const {store, damage} = open();
    expect(damage).toMatchObject({lost: 1, kept: 1});
    expect(names(store)).toEqual(['a']);
    expect(store.put('configmaps', object('b')).metadata.resourceVersion).toBe('2');
  });

  it('takes no object that is too deep to be handled', () => {
    write('a');
    const deep = `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`;
    const meta = '"metadata":{"name":"deep","resourceVersion":"2"}';
    appendFileSync(path, `{"revision":2,"resource":"configmaps","put":{${meta},"data":${deep}}}\n`);
    expect(open().damage).toMatchObject({lost: 1, kept: 1});
  });

  it('is kept aside, and replaced, so that it is told once', async () => {
    const whole = write(...fiveNames);
    writeFileSync(path, whole.subarray(0, whole.length - 100));
    const first = open();
    expect(readFileSync(first.damage?.path ?? '')).toEqual(whole.subarray(0, whole.length - 100));
    first.store.put('configmaps', object('after'));
    await compact(first);
    first.store.close();
    const again = open();
    expect(again.damage).toBeUndefined();
    expect(names(again.store)).toEqual(['a', 'after', 'b', 'c', 'd']);
  });

  it('reads what earlier versions wrote, which has no sums', () => {
    const lines = [
      {kind: 'sandbox-journal', format: 1},
      {
        revision: 2,
        resource: 'configmaps',
        put: {...object('a'), metadata: {name: 'a', resourceVersion: '2'}},
      },
      {revision: 3},
      {
        revision: 4,
        resource: 'configmaps',
        put: {...object('b'), metadata: {name: 'b', resourceVersion: '4'}},
      },
      {revision: 5, resource: 'configmaps', removed: {name: 'a'}},
    ];
    writeFileSync(path, lines.map(line => `${JSON.stringify(line)}\n`).join(''));
    const {store, damage} = open();
    expect(damage).toBeUndefined();
    expect(names(store)).toEqual(['b']);
    expect(store.put('configmaps', object('c')).metadata.resourceVersion).toBe('6');
    expect(names(open().store)).toEqual(['b', 'c']);
  });
});

describe('the size of the journal', () => {
  /** One object that was written again and again. */
  function filled(writes = 500): void {
    const {store} = open();
    for (let i = 0; i < writes; i += 1)
      store.put('configmaps', object('a', {i: String(i), fill: 'x'.repeat(500)}));
    store.close();
  }

  it('shrinks after a start to what is there, writes meanwhile included', async () => {
    filled();
    const before = readFileSync(path).length;
    const opened = open();
    clock.advance(1000);
    opened.store.put('configmaps', object('meanwhile'));
    await opened.journal.settled();
    opened.store.put('configmaps', object('after'));
    expect(readFileSync(path).length).toBeLessThan(before / 20);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(5);
    const again = open();
    expect(names(again.store)).toEqual(['a', 'after', 'meanwhile']);
    expect(again.store.get('configmaps', 'n', 'a')?.['data'].i).toBe('499');
    expect(again.store.revision).toBe(502);
    expect(errors).toEqual([]);
  });

  it('counts what a cut takes from a snapshot', async () => {
    filled();
    const opened = open();
    for (const name of fiveNames) opened.store.put('configmaps', object(name));
    await compact(opened);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, `${lines.slice(0, 3).join('\n')}\n`);
    expect(open().damage).toMatchObject({lost: 3, kept: 2});
  });

  it('is tried again after a failure, of which nothing is left', async () => {
    filled();
    const opened = open();
    // In the way of the file that is written aside.
    mkdirSync(`${path}.next`);
    await compact(opened);
    expect(errors).toEqual(['making the state smaller']);
    opened.store.put('configmaps', object('b'));
    expect(names(opened.store)).toEqual(['a', 'b']);
    rmSync(`${path}.next`, {recursive: true});
    await compact(opened, 2000);
    expect(errors).toHaveLength(1);
    expect(existsSync(`${path}.next`)).toBe(false);
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(4);
    expect(names(open().store)).toEqual(['a', 'b']);
  });

  it('needs nothing at the start: the file stays as it is', () => {
    filled();
    writeFileSync(`${path}.next`, 'left by a crash');
    const before = readFileSync(path);
    const {store} = open();
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(existsSync(`${path}.next`)).toBe(false);
    store.close();
  });
});

describe('a line of the journal', () => {
  it('is JSON, with its sum in front', () => {
    const line = encodeLine({revision: 7});
    expect(line.toString()).toMatch(/^\{"sum":"[0-9a-f]{8}","revision":7\}\n$/);
  });
});
