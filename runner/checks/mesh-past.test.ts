import {describe, expect, it} from 'vitest';
import type {Kube, KubeItem, WatchEvent} from '../engines/kube/kube.ts';
import type {MeshMoment} from './mesh-moment.ts';
import {readPast} from './mesh-past.ts';
import {fakeKube} from './testing/fake-context.ts';

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString().replace('.000', '');

/** A VirtualService to a subset, in one of its versions. */
function route(
  version: number,
  subset: string,
  {name = 'reviews', made = 0, written = 0, manager = 'kubectl-client-side-apply', applied = subset} = {},
): KubeItem {
  const spec = (to: string) => ({hosts: [name], http: [{route: [{destination: {host: name, subset: to}}]}]});
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: {
      name,
      namespace: 'bookinfo',
      uid: name,
      resourceVersion: String(version),
      creationTimestamp: at(made),
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({spec: spec(applied)}),
      },
      ...{managedFields: [{manager, time: at(written)}]},
    },
    spec: spec(subset),
  };
}

/** A cluster that has these objects now, and as much of what happened as it still knows. */
function cluster(items: readonly KubeItem[], events: readonly WatchEvent[], oldest = 1): Kube {
  return {
    ...fakeKube(() => items),
    async watch(resource, {since}, onEvent) {
      if (resource !== 'virtualservices.networking.istio.io') return;
      if (Number(since) < oldest) {
        const message = `too old resource version: ${since} (${oldest})`;
        return onEvent({type: 'ERROR', object: {message} as unknown as KubeItem});
      }
      for (const event of events) {
        if (Number(event.object.metadata.resourceVersion) > Number(since)) onEvent(event);
      }
    },
  };
}

const none: WatchEvent[] = [];
const moment = (items: readonly KubeItem[]): MeshMoment => ({
  at: Date.UTC(2026, 0, 1, 0, 1),
  input: {services: [], pods: [], config: [...items]},
});

/** The subsets that rules led to before the last change, by name. */
async function priorTo(items: readonly KubeItem[], events: readonly WatchEvent[], oldest?: number) {
  const past = await readPast(cluster(items, events, oldest), moment(items));
  const routes = past?.before.input.config.map(({metadata, spec}) => [
    metadata.name,
    spec?.http?.[0]?.route?.[0]?.destination.subset,
  ]);
  return past && {...past, before: Object.fromEntries(routes ?? [])};
}

describe('the mesh before its last change', () => {
  const first = route(5, 'v1');
  const second = route(9, 'v2', {written: 20, manager: 'kubectl-patch', applied: 'v1'});

  it('comes from the versions that the API server still tells of, however it was changed', async () => {
    const events: WatchEvent[] = [
      {type: 'ADDED', object: first},
      {type: 'MODIFIED', object: second},
    ];
    expect(await priorTo([second], events)).toEqual({
      before: {reviews: 'v1'},
      by: 'kubectl-patch',
      changedAt: Date.UTC(2026, 0, 1, 0, 0, 20),
    });
    // What only became of it is no change of anybody's.
    const status = {...second, metadata: {...second.metadata, resourceVersion: '12'}, status: {seen: true}};
    expect(await priorTo([status], [...events, {type: 'MODIFIED', object: status}])).toMatchObject({
      before: {reviews: 'v1'},
    });
  });

  it('has what was deleted, and has not what was created', async () => {
    const gone: WatchEvent = {
      type: 'DELETED',
      object: {...first, metadata: {...first.metadata, resourceVersion: '7'}},
    };
    expect(await priorTo([], [{type: 'ADDED', object: first}, gone])).toEqual({before: {reviews: 'v1'}});
    expect(await priorTo([first], [{type: 'ADDED', object: first}])).toMatchObject({before: {}});
  });

  it('takes objects of one command together', async () => {
    const ratings = route(10, 'v1', {name: 'ratings', made: 20, written: 20});
    const events: WatchEvent[] = [
      {type: 'ADDED', object: first},
      {type: 'MODIFIED', object: second},
      {type: 'ADDED', object: ratings},
    ];
    expect(await priorTo([second, ratings], events)).toMatchObject({before: {reviews: 'v1'}});
    expect((await priorTo([second, ratings], events))?.before).not.toHaveProperty('ratings');
  });

  it('begins where the history does, and says nothing that it can not know', async () => {
    const events: WatchEvent[] = [
      {type: 'ADDED', object: first},
      {type: 'MODIFIED', object: second},
    ];
    // The first version is forgotten, and the object itself says that it was edited since it was applied.
    expect(await priorTo([second], events, 6)).toMatchObject({before: {reviews: 'v1'}});
    const applied = route(9, 'v2', {written: 20});
    expect(await priorTo([applied], [{type: 'MODIFIED', object: applied}], 6)).toBeUndefined();
    expect(await priorTo([route(9, 'v2', {made: 20, written: 20})], none, 100)).toMatchObject({before: {}});
    expect(await priorTo([applied], none, 100)).toBeUndefined();
  });
});
