import {describe, expect, it} from 'vitest';
import {apiHarness} from '../testing/api-harness.ts';
import {ApiError} from './errors.ts';

const maps = '/api/v1/namespaces/default/configmaps';

function map(name: string, data: Record<string, string> = {}, labels?: Record<string, string>): any {
  return {apiVersion: 'v1', kind: 'ConfigMap', metadata: {name, ...(labels ? {labels} : {})}, data};
}

const widgets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {name: 'widgets.example.org'},
  spec: {
    group: 'example.org',
    names: {
      plural: 'widgets',
      singular: 'widget',
      kind: 'Widget',
      shortNames: ['wd'],
      listKind: 'WidgetList',
    },
    scope: 'Namespaced',
    versions: ['v1', 'v1beta1'].map(name => ({
      name,
      served: true,
      storage: name === 'v1',
      subresources: {status: {}},
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: {type: 'object', properties: {size: {type: 'integer', minimum: 1}}},
            status: {type: 'object', 'x-kubernetes-preserve-unknown-fields': true},
          },
        },
      },
    })),
  },
};

describe('a request', () => {
  it('needs a credential', async () => {
    const {server} = apiHarness();
    const response = await server.handle({method: 'GET', url: '/api', headers: {authorization: 'Bearer no'}});
    expect(response.status).toBe(401);
    expect(JSON.parse(response.body as string)).toMatchObject({
      reason: 'Unauthorized',
      message: 'Unauthorized',
    });
  });

  it('is decided by RBAC when it is made as somebody else', async () => {
    const {send} = apiHarness();
    const asNobody = {'impersonate-user': 'nobody'};
    const refused = await send('GET', '/api/v1/namespaces/default/pods', undefined, asNobody);
    expect(refused.body.message).toBe(
      'pods is forbidden: User "nobody" cannot list resource "pods" in API group "" in the namespace "default"',
    );
    const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
    await send('POST', `${rbac}/roles`, {
      metadata: {name: 'reader'},
      rules: [{apiGroups: [''], resources: ['pods'], verbs: ['list']}],
    });
    await send('POST', `${rbac}/rolebindings`, {
      metadata: {name: 'nobody'},
      roleRef: {apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader'},
      subjects: [{kind: 'User', name: 'nobody', apiGroup: 'rbac.authorization.k8s.io'}],
    });
    expect((await send('GET', '/api/v1/namespaces/default/pods', undefined, asNobody)).status).toBe(200);
    expect((await send('GET', '/api/v1/pods', undefined, asNobody)).status).toBe(403);
  });

  it('for an unknown path is a plain 404', async () => {
    const {send} = apiHarness();
    expect(await send('GET', '/apis/nope/v1/things')).toMatchObject({
      status: 404,
      body: '404 page not found\n',
    });
  });
});

describe('writes', () => {
  it('create, refuse a second one, and set what the server owns', async () => {
    const {send, clock} = apiHarness();
    const created = await send('POST', maps, map('a', {k: 'v'}));
    expect(created.status).toBe(201);
    expect(created.body.metadata).toMatchObject({
      namespace: 'default',
      creationTimestamp: `${new Date(clock.now()).toISOString().slice(0, 19)}Z`,
      uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const again = await send('POST', maps, map('a'));
    expect(again.body).toMatchObject({
      code: 409,
      reason: 'AlreadyExists',
      message: 'configmaps "a" already exists',
    });
  });

  it('that change nothing are none', async () => {
    const {send, store} = apiHarness();
    const {body} = await send('POST', maps, map('a', {k: 'v'}));
    const revision = store.revision;
    const put = await send('PUT', `${maps}/a`, {
      ...body,
      metadata: {...body.metadata, managedFields: undefined},
    });
    expect(put.body.metadata.resourceVersion).toBe(body.metadata.resourceVersion);
    await send('PATCH', `${maps}/a`, {data: {k: 'v'}}, {'content-type': 'application/merge-patch+json'});
    expect(store.revision).toBe(revision);
  });

  it('refuse a stale resourceVersion', async () => {
    const {send} = apiHarness();
    const {body} = await send('POST', maps, map('a'));
    await send('PUT', `${maps}/a`, {...body, data: {k: '1'}});
    const stale = await send('PUT', `${maps}/a`, {...body, data: {k: '2'}});
    expect(stale.body).toMatchObject({
      code: 409,
      message:
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again',
    });
  });

  it('with dryRun change nothing, yet go through everything', async () => {
    const {send, store} = apiHarness();
    const revision = store.revision;
    const dry = await send('POST', `${maps}?dryRun=All`, map('a'));
    expect(dry).toMatchObject({status: 201, body: {metadata: {name: 'a'}}});
    expect(store.revision).toBe(revision);
    const missing = await send('POST', '/api/v1/namespaces/none/configmaps?dryRun=All', map('a'));
    expect(missing.body.message).toBe('namespaces "none" not found');
  });

  it('warn in the words of the client, whatever its script', async () => {
    const {send, server} = apiHarness();
    await send('POST', maps, map('a'));
    const {url} = await server.listen({});
    const answer = await fetch(`${url}${maps}/a`, {
      method: 'PATCH',
      headers: {authorization: 'Bearer secret', 'content-type': 'application/merge-patch+json'},
      body: JSON.stringify({данные: {a: 'b'}, '“data”': 1}),
    });
    expect(answer.status).toBe(200);
    const warnings = Buffer.from(answer.headers.get('warning') ?? '', 'latin1').toString('utf8');
    expect(warnings).toBe('299 - "unknown field \\"данные\\"", 299 - "unknown field \\"“data”\\""');
    await server.close();
  });

  it('treat unknown fields as the client asked for', async () => {
    const {send} = apiHarness();
    const wrong = {...map('a'), dataa: {}};
    const strict = await send('POST', `${maps}?fieldValidation=Strict`, wrong);
    expect(strict.body.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: unknown field "dataa"',
    );
    const warned = await send('POST', `${maps}?fieldValidation=Warn`, wrong);
    expect(warned.headers['warning']).toEqual(['299 - "unknown field \\"dataa\\""']);
    expect(warned.body.dataa).toBeUndefined();
  });

  it('count generations of the spec only, and keep status apart', async () => {
    const {send} = apiHarness();
    const url = '/apis/apps/v1/namespaces/default/deployments';
    const labels = {app: 'd'};
    const created = await send('POST', url, {
      metadata: {name: 'd'},
      spec: {
        selector: {matchLabels: labels},
        template: {metadata: {labels}, spec: {containers: [{name: 'c', image: 'i'}]}},
      },
      status: {replicas: 7},
    });
    expect(created.body).toMatchObject({metadata: {generation: 1}, status: {}});
    const merge = {'content-type': 'application/merge-patch+json'};
    const status = await send(
      'PATCH',
      `${url}/d/status`,
      {spec: {replicas: 9}, status: {replicas: 1}},
      merge,
    );
    expect(status.body).toMatchObject({
      metadata: {generation: 1},
      spec: {replicas: 1},
      status: {replicas: 1},
    });
    const scaled = await send('PATCH', `${url}/d/scale`, {spec: {replicas: 3}}, merge);
    expect(scaled.body).toMatchObject({
      kind: 'Scale',
      spec: {replicas: 3},
      status: {replicas: 1, selector: 'app=d'},
    });
    const after = await send('GET', `${url}/d`);
    expect(after.body).toMatchObject({metadata: {generation: 2}, spec: {replicas: 3}, status: {replicas: 1}});
  });

  it('pass the admission plugins, which can change, warn and refuse', async () => {
    const {send, server} = apiHarness();
    server.use({
      name: 'test',
      mutate: ({object, warn}) => {
        if (object) object.metadata.labels = {...object.metadata.labels, seen: 'yes'};
        warn('looked at');
      },
      validate: ({name}) => {
        if (name === 'bad')
          throw new ApiError(400, undefined, 'admission webhook "t" denied the request: no');
      },
    });
    const good = await send('POST', maps, map('good'));
    expect(good.body.metadata.labels).toEqual({seen: 'yes'});
    expect(good.headers['warning']).toEqual(['299 - "looked at"']);
    expect((await send('POST', maps, map('bad'))).body.message).toContain('denied the request');
  });
});

describe('deletion', () => {
  it('removes at once what nothing holds, and waits for finalizers', async () => {
    const {send} = apiHarness();
    await send('POST', maps, map('a'));
    expect((await send('DELETE', `${maps}/a`)).body).toMatchObject({
      status: 'Success',
      details: {name: 'a', kind: 'configmaps'},
    });
    const held = map('b');
    held.metadata.finalizers = ['example.org/hold'];
    await send('POST', maps, held);
    expect((await send('DELETE', `${maps}/b`)).body.metadata.deletionTimestamp).toBeDefined();
    expect((await send('GET', `${maps}/b`)).status).toBe(200);
    await send(
      'PATCH',
      `${maps}/b`,
      {metadata: {finalizers: null}},
      {'content-type': 'application/merge-patch+json'},
    );
    expect((await send('GET', `${maps}/b`)).body.message).toBe('configmaps "b" not found');
  });

  it('gives a scheduled pod its grace, and none when forced', async () => {
    const {send, clock} = apiHarness();
    const pods = '/api/v1/namespaces/default/pods';
    const pod = {metadata: {name: 'p'}, spec: {nodeName: 'node', containers: [{name: 'c', image: 'i'}]}};
    await send('POST', pods, pod);
    const deleted = await send('DELETE', `${pods}/p`);
    expect(deleted.body.metadata).toMatchObject({
      deletionGracePeriodSeconds: 30,
      deletionTimestamp: `${new Date(clock.now() + 30_000).toISOString().slice(0, 19)}Z`,
    });
    await send('DELETE', `${pods}/p`, {gracePeriodSeconds: 0});
    expect((await send('GET', `${pods}/p`)).status).toBe(404);
  });

  it('closes a namespace until its content is finalized', async () => {
    const {send, server} = apiHarness();
    await send('POST', '/api/v1/namespaces', {metadata: {name: 'n'}});
    expect((await send('DELETE', '/api/v1/namespaces/n')).body.status.phase).toBe('Terminating');
    const late = await send('POST', '/api/v1/namespaces/n/configmaps', map('late'));
    expect(late.body).toMatchObject({
      code: 403,
      details: {causes: [{reason: 'NamespaceTerminating'}]},
      message:
        'configmaps "late" is forbidden: unable to create new content in namespace n because it is being terminated',
    });
    const namespace = server.client.get('namespaces', 'n');
    await send('PUT', '/api/v1/namespaces/n/finalize', {...namespace, spec: {finalizers: []}});
    expect(server.client.get('namespaces', 'n')).toBeUndefined();
  });

  it('of a collection takes what the selector names', async () => {
    const {send} = apiHarness();
    await send('POST', maps, map('a', {}, {app: 'x'}));
    await send('POST', maps, map('b', {}, {app: 'y'}));
    await send('DELETE', `${maps}?labelSelector=app%3Dx`);
    expect((await send('GET', maps)).body.items.map((each: any) => each.metadata.name)).toEqual(['b']);
  });
});

describe('lists', () => {
  it('select by labels and fields, and page', async () => {
    const {send} = apiHarness();
    for (const [name, app] of [
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'y'],
    ] as const)
      await send('POST', maps, map(name, {}, {app}));
    const names = async (query: string) =>
      (await send('GET', `${maps}?${query}`)).body.items.map((each: any) => each.metadata.name);
    expect(await names('labelSelector=app+in+(x),app!%3Dz')).toEqual(['a', 'b']);
    expect(await names('labelSelector=!app')).toEqual([]);
    expect(await names('fieldSelector=metadata.name!%3Da')).toEqual(['b', 'c']);
    const first = (await send('GET', `${maps}?limit=2`)).body;
    expect(first.metadata.remainingItemCount).toBe(1);
    expect(await names(`limit=2&continue=${first.metadata.continue}`)).toEqual(['c']);
    expect((await send('GET', `${maps}?fieldSelector=bogus%3D1`)).body.message).toBe(
      'field label not supported: bogus',
    );
  });

  it('come as tables and as metadata when asked', async () => {
    const {send} = apiHarness();
    await send('POST', maps, map('a'));
    const table = await send('GET', maps, undefined, {
      accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json',
    });
    expect(table.body).toMatchObject({kind: 'Table', rows: [{cells: expect.arrayContaining(['a'])}]});
    const metadata = await send('GET', maps, undefined, {
      accept:
        'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json',
    });
    expect(metadata.body.items[0]).toMatchObject({kind: 'PartialObjectMetadata', metadata: {name: 'a'}});
    expect(metadata.body.items[0].data).toBeUndefined();
  });
});

describe('a watch', () => {
  it('goes on from a revision, and shows selector changes as coming and going', async () => {
    const {send, watch} = apiHarness();
    const {body} = await send('POST', maps, map('a', {}, {app: 'x'}));
    const merge = {'content-type': 'application/merge-patch+json'};
    const seen = await watch(
      `${maps}?watch=true&labelSelector=app%3Dx&resourceVersion=${body.metadata.resourceVersion}`,
    );
    expect(seen.events).toEqual([]);
    await send('PATCH', `${maps}/a`, {metadata: {labels: {app: 'y'}}}, merge);
    await send('PATCH', `${maps}/a`, {metadata: {labels: {app: 'x'}}}, merge);
    await send('PATCH', `${maps}/a`, {data: {k: 'v'}}, merge);
    await send('DELETE', `${maps}/a`);
    expect(seen.events.map(event => event.type)).toEqual(['DELETED', 'ADDED', 'MODIFIED', 'DELETED']);
    const versions = seen.events.map(event => Number(event.object.metadata.resourceVersion));
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(new Set(versions).size).toBe(4);
  });

  it('starts with a list that a bookmark ends, when asked to', async () => {
    const {send, watch} = apiHarness();
    await send('POST', maps, map('a'));
    const query =
      'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const {events} = await watch(`${maps}?${query}`);
    expect(events.map(event => event.type)).toEqual(['ADDED', 'BOOKMARK']);
    expect(events[1].object.metadata.annotations).toEqual({'k8s.io/initial-events-end': 'true'});
  });

  it('sends columns once in a table', async () => {
    const {send, watch} = apiHarness();
    await send('POST', maps, map('a'));
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const {events} = await watch(`${maps}?watch=true`, {accept});
    await send('POST', maps, map('b'));
    expect(events[0].object.columnDefinitions.length).toBeGreaterThan(0);
    expect(events[1].object).toMatchObject({
      columnDefinitions: null,
      rows: [{cells: expect.arrayContaining(['b'])}],
    });
  });

  it('ends after its timeout, and refuses a revision that is no longer kept', async () => {
    const {watch, clock, store} = apiHarness();
    const short = await watch(`${maps}?watch=true&timeoutSeconds=5`);
    clock.advance(5000);
    expect(short.ended).toBe(true);
    for (let i = 0; i < 10_050; i += 1) {
      store.put('configmaps', {...map('a', {i: String(i)}), metadata: {name: 'a', namespace: 'default'}});
    }
    const old = await watch(`${maps}?watch=true&resourceVersion=1`);
    expect(old.events[0]).toMatchObject({type: 'ERROR', object: {code: 410, reason: 'Expired'}});
    expect(old.ended).toBe(true);
  });
});

describe('custom resources', () => {
  const url = '/apis/example.org/v1/namespaces/default/widgets';

  it('appear and disappear with their definition', async () => {
    const {send} = apiHarness();
    expect((await send('GET', url)).status).toBe(404);
    await send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', widgets);
    await send('POST', url, {metadata: {name: 'w'}, spec: {size: 2}});
    const beta = await send('GET', '/apis/example.org/v1beta1/namespaces/default/widgets/w');
    expect(beta.body).toMatchObject({apiVersion: 'example.org/v1beta1', spec: {size: 2}});
    const group = await send('GET', '/apis/example.org');
    expect(group.body.preferredVersion.version).toBe('v1');
    const index = await send('GET', '/openapi/v3');
    expect(Object.keys(index.body.paths)).toContain('apis/example.org/v1');
    await send('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.org');
    expect((await send('GET', url)).status).toBe(404);
  });

  it('are checked by their schema and refuse strategic merge patches', async () => {
    const {send} = apiHarness();
    await send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', widgets);
    const small = await send('POST', url, {metadata: {name: 'w'}, spec: {size: 0}});
    expect(small.status).toBe(422);
    expect(small.body.details.causes[0].field).toBe('spec.size');
    await send('POST', url, {metadata: {name: 'w'}, spec: {size: 1}});
    const strategic = await send(
      'PATCH',
      `${url}/w`,
      {},
      {'content-type': 'application/strategic-merge-patch+json'},
    );
    expect(strategic.body).toMatchObject({code: 415, reason: 'UnsupportedMediaType'});
  });

  it('reach the in-process watchers that came before them', async () => {
    const {send, server} = apiHarness();
    const seen: string[] = [];
    const stop = server.client.watch('widgets.example.org', {}, event => seen.push(event.type));
    await send('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', widgets);
    await send('POST', url, {metadata: {name: 'w'}, spec: {size: 1}});
    stop();
    await send('DELETE', `${url}/w`);
    expect(seen).toEqual(['ADDED']);
  });
});
