import {expect, it} from 'vitest';
import {Store} from '../store/store.ts';
import {apiHarness} from '../testing/api-harness.ts';
import {isStream} from './messages.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const configMap = (name: string, data: Record<string, string> = {}) => ({metadata: {name}, data});

/** A client that takes so many lines, and more when it is told to. */
async function slowWatch(api: ReturnType<typeof apiHarness>, url: string, room: number) {
  const response = await api.server.handle({method: 'GET', url, headers: {authorization: 'Bearer secret'}});
  if (!isStream(response.body)) throw new Error('no stream');
  const client = {lines: [] as any[], ended: false, read: (_: number) => {}};
  let left = room;
  let drained: (() => void) | undefined;
  response.body.start({
    write(chunk) {
      client.lines.push(JSON.parse(String(chunk)));
      left -= 1;
      return left > 0;
    },
    onDrain(listener) {
      drained = listener;
    },
    end() {
      client.ended = true;
    },
    abort() {},
  });
  client.read = more => {
    left = more;
    const listener = drained;
    drained = undefined;
    listener?.();
  };
  return client;
}

it('leaves in the store what a client does not read, and goes on where it stopped', async () => {
  const api = apiHarness();
  for (const name of ['a', 'b', 'c']) await api.send('POST', configMaps, configMap(name));
  const client = await slowWatch(api, `${configMaps}?watch=1`, 2);
  for (const name of ['d', 'e']) await api.send('POST', configMaps, configMap(name));
  expect(client.lines.map(({object}) => object.metadata.name)).toEqual(['a', 'b']);
  client.read(10);
  expect(client.lines.map(({type, object}) => `${type} ${object.metadata.name}`)).toEqual([
    'ADDED a',
    'ADDED b',
    'ADDED c',
    'ADDED d',
    'ADDED e',
  ]);
});

it('tells a client that is too far behind to list again', async () => {
  const api = apiHarness(new Store({history: 5}));
  const client = await slowWatch(api, `${configMaps}?watch=1&resourceVersion=${api.store.revision}`, 1);
  for (let round = 0; round < 10; round += 1) await api.send('POST', configMaps, configMap(`m-${round}`));
  expect(client.lines).toHaveLength(1);
  client.read(10);
  expect(client.lines.slice(1)).toMatchObject([{type: 'ERROR', object: {code: 410, reason: 'Expired'}}]);
  expect(client.ended).toBe(true);
});

it('sends long lists, tables and watches whole, and deletes long collections', async () => {
  const api = apiHarness();
  const names = Array.from({length: 120}, (_, index) => `m-${String(index).padStart(3, '0')}`);
  for (const name of names) await api.send('POST', configMaps, configMap(name, {text: 'x'.repeat(2000)}));
  const list = await api.send('GET', configMaps);
  expect(list.body).toMatchObject({kind: 'ConfigMapList', apiVersion: 'v1'});
  expect(list.body.metadata.resourceVersion).toBe(String(api.store.revision));
  expect(list.body.items.map((item: any) => item.metadata.name)).toEqual(names);
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const table = await api.send('GET', configMaps, undefined, {accept});
  expect(table.body.columnDefinitions[0].name).toBe('Name');
  expect(table.body.rows.map((row: any) => row.cells[0])).toEqual(names);
  const gone = await api.send('DELETE', configMaps);
  expect(gone.body.items).toHaveLength(120);
  expect((await api.send('GET', configMaps)).body.items).toEqual([]);
});
