import type {Kube, KubeItem} from '../../engines/kube/kube.ts';
import type {CheckContext} from '../context.ts';
import type {Time} from '../wait.ts';

/** An object as the API returns it, with what every object has. */
export function item(
  kind: string,
  name: string,
  {metadata = {}, ...rest}: {metadata?: Partial<KubeItem['metadata']>; [field: string]: unknown} = {},
): KubeItem {
  return {
    apiVersion: 'v1',
    kind,
    metadata: {name, namespace: 'bookinfo', uid: `uid of ${name}`, generation: 1, ...metadata},
    ...rest,
  };
}

const kinds: Readonly<Record<string, string>> = {
  deploy: 'Deployment',
  deployments: 'Deployment',
  sts: 'StatefulSet',
  ds: 'DaemonSet',
  rs: 'ReplicaSet',
  po: 'Pod',
  svc: 'Service',
};

function isOfKind(resource: string, {kind}: KubeItem): boolean {
  const wanted = (kinds[resource] ?? resource.split('.')[0] ?? '').toLowerCase();
  return wanted.replace(/s$/, '') === kind.toLowerCase().replace(/s$/, '');
}

/** A cluster that is a list of objects; `look` gives the list anew for each question, so that it can change. */
export function fakeKube(look: () => readonly KubeItem[]): Kube {
  const labelled = ({metadata}: KubeItem, labels: string | undefined): boolean =>
    !labels ||
    labels.split(',').every(pair => metadata.labels?.[pair.split('=')[0] ?? ''] === pair.split('=')[1]);
  const kube: Pick<Kube, 'get' | 'list' | 'serves' | 'during'> = {
    during: () => kube as Kube,
    get: async (resource, name, namespace) =>
      look().find(
        found =>
          isOfKind(resource, found) &&
          found.metadata.name === name &&
          (namespace === undefined || found.metadata.namespace === namespace),
      ),
    list: async (resource, {namespace, labels} = {}) =>
      look().filter(
        found =>
          isOfKind(resource, found) &&
          (namespace === undefined || found.metadata.namespace === namespace) &&
          labelled(found, labels),
      ),
    serves: async resource => look().some(found => isOfKind(resource, found)),
  };
  return kube as Kube;
}

/** Time that passes by pauses alone. */
function fakeTime(): Time {
  let now = 0;
  return {
    now: () => now,
    async pause(milliseconds) {
      now += milliseconds;
    },
  };
}

/** Enough of a context for a condition that only looks at objects; no time is spent by waiting. */
export function fakeContext(kube: Kube, over: Partial<CheckContext> = {}): CheckContext {
  return {
    kube,
    capabilities: {simulated: true, propagation: 0, startUp: 0, rollout: 0, ownsCluster: true},
    signal: new AbortController().signal,
    loads: 10,
    time: fakeTime(),
    onProgress() {},
    environment: async () => ({}),
    directory: '/',
    ...over,
  } as CheckContext;
}
