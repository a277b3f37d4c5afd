import {describe, expect, it} from 'vitest';
import {apiHarness} from '../../testing/api-harness.ts';

const yaml = {'content-type': 'application/apply-patch+yaml'};
const maps = '/api/v1/namespaces/default/configmaps';
const services = '/api/v1/namespaces/default/services';

function apply(data: Record<string, string>): object {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name: 's'}, data};
}

describe('server-side apply', () => {
  it('creates, then changes nothing when applied again', async () => {
    const {send, store} = apiHarness();
    const first = await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '1'}), yaml);
    expect(first.status).toBe(201);
    expect(first.body.metadata.managedFields).toEqual([
      expect.objectContaining({manager: 'me', operation: 'Apply', fieldsV1: {'f:data': {'f:a': {}}}}),
    ]);
    const revision = store.revision;
    expect((await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '1'}), yaml)).status).toBe(200);
    expect(store.revision).toBe(revision);
  });

  it('takes out what the manager no longer applies, unless somebody else owns it', async () => {
    const {send} = apiHarness();
    await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '1', b: '2', c: '3'}), yaml);
    await send('PATCH', `${maps}/s?fieldManager=other`, apply({b: '2'}), yaml);
    const {body} = await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '1'}), yaml);
    expect(body.data).toEqual({a: '1', b: '2'});
  });

  it('refuses conflicts with the fields and their owners, and takes them when forced', async () => {
    const {send} = apiHarness();
    await send('PATCH', `${maps}/s?fieldManager=kubectl`, apply({a: '1', b: '2'}), yaml);
    const one = await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '9'}), yaml);
    expect(one.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "kubectl": .data.a',
      details: {
        causes: [{reason: 'FieldManagerConflict', message: 'conflict with "kubectl"', field: '.data.a'}],
      },
    });
    const two = await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '9', b: '9'}), yaml);
    expect(two.body.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "kubectl":\n- .data.a\n- .data.b',
    );
    const forced = await send('PATCH', `${maps}/s?fieldManager=me&force=true`, apply({a: '9'}), yaml);
    expect(forced.body.data).toEqual({a: '9', b: '2'});
    const owners = forced.body.metadata.managedFields.map((each: any) => [each.manager, each.fieldsV1]);
    expect(owners).toEqual([
      ['kubectl', {'f:data': {'f:b': {}}}],
      ['me', {'f:data': {'f:a': {}}}],
    ]);
  });

  it('conflicts with updates by version and time, since an update takes what it changes', async () => {
    const {send, clock} = apiHarness();
    await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '1'}), yaml);
    const merge = {'content-type': 'application/merge-patch+json'};
    await send('PATCH', `${maps}/s?fieldManager=editor`, {data: {a: '5'}}, merge);
    const again = await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '1'}), yaml);
    const time = `${new Date(clock.now()).toISOString().slice(0, 19)}Z`;
    expect(again.body.message).toBe(
      `Apply failed with 1 conflict: conflict with "editor" using v1 at ${time}: .data.a`,
    );
  });

  it('merges lists by their keys, with the default protocol as a part of the key', async () => {
    const {send} = apiHarness();
    const service = (ports: object[]) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {name: 's'},
      spec: {ports},
    });
    await send('PATCH', `${services}/s?fieldManager=a`, service([{name: 'http', port: 80}]), yaml);
    await send(
      'PATCH',
      `${services}/s?fieldManager=b`,
      service([{name: 'dns', port: 53, protocol: 'UDP'}]),
      yaml,
    );
    const {body} = await send(
      'PATCH',
      `${services}/s?fieldManager=a`,
      service([{name: 'web', port: 80}]),
      yaml,
    );
    expect(body.spec.ports).toEqual([
      expect.objectContaining({name: 'web', port: 80, protocol: 'TCP'}),
      expect.objectContaining({name: 'dns', port: 53, protocol: 'UDP'}),
    ]);
    const gone = await send('PATCH', `${services}/s?fieldManager=b`, service([]), yaml);
    expect(gone.body.spec.ports.map((port: any) => port.name)).toEqual(['web']);
  });

  it('counts what was there before as owned by nobody in particular', async () => {
    const {send, store} = apiHarness();
    store.put('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {name: 's', namespace: 'default'},
      data: {a: '1'},
    });
    const {body} = await send('PATCH', `${maps}/s?fieldManager=me`, apply({a: '2'}), yaml);
    expect(body.message).toMatch(
      /^Apply failed with 1 conflict: conflict with "before-first-apply" using v1/,
    );
  });

  it('reads YAML, and needs a manager', async () => {
    const {send} = apiHarness();
    const text = Buffer.from('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: s}\ndata:\n  a: "on"\n');
    expect((await send('PATCH', `${maps}/s?fieldManager=me`, text, yaml)).body.data).toEqual({a: 'on'});
    expect((await send('PATCH', `${maps}/s`, text, yaml)).status).toBe(422);
  });
});
