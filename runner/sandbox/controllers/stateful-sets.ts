import {messageOf} from '../../errors.ts';
import type {KubeObject, Pod} from '../objects.ts';
import {keyOf, splitKey} from './keys.ts';
import {adoptInPieces, controllerOf, hasKeptSpec, ownedBy} from './ownership.ts';
import {inPieces} from './pieces.ts';
import {availableIn, isReady, podFromTemplate} from './pods.ts';
import {ignoringGone, isNamespaceGoing} from './refusals.ts';
import {currentRevision, revisionLabel} from './revisions.ts';
import type {Runtime} from './runtime.ts';
import {burst} from './slow-start.ts';

const resource = 'statefulsets.apps';
/** How many ordinals are looked at in one turn. */
const lookedAt = 100;
/**
 * Milliseconds for which the name of a pod that has gone stays free. `kubectl delete` reads the pod that it deleted and
 * then lists its name: whoever comes back between the two is taken for it, and waited for without end. A real kubelet
 * leaves a second and more.
 */
const nameRests = 500;

/** Pods with names that stay, one after the other. */
export function startStatefulSets(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('statefulset-controller');
  const queue = runtime.queue(reconcile, resource);
  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  const resting = new Set<string>();
  runtime.watch('pods', ({type, object}) => {
    const owner = controllerOf(object);
    if (owner?.kind !== 'StatefulSet') return;
    const key = `${object.metadata.namespace}/${owner.name}`;
    queue.add(key);
    if (type !== 'DELETED') return;
    resting.add(keyOf(object));
    clock.after(nameRests, () => {
      resting.delete(keyOf(object));
      queue.add(key);
    });
  });

  function* reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const set = client.get(resource, name, namespace);
    if (!set || set.metadata.deletionTimestamp !== undefined) return;
    yield* adoptInPieces(client, 'pods', set);
    const revision = currentRevision({
      client,
      owner: set,
      limit: set['spec'].revisionHistoryLimit ?? 10,
    }).name;
    try {
      yield* advance(set, revision);
    } finally {
      yield* writeStatus(set, revision);
    }
  }

  function* podsOf(set: KubeObject): Generator<void, Map<number, Pod>> {
    const pods = new Map<number, Pod>();
    yield* inPieces(ownedBy<Pod>(client, 'pods', set), pod => pods.set(ordinalOf(pod), pod));
    return pods;
  }

  /** One step: everything that may happen before something else has become ready or gone, or a burst of it. */
  function* advance(set: KubeObject, revision: string) {
    const wanted: number = set['spec'].replicas ?? 1;
    const first: number = set['spec'].ordinals?.start ?? 0;
    const parallel = set['spec'].podManagementPolicy === 'Parallel';
    const isWanted = () => hasKeptSpec(client, resource, set);
    const pods = yield* podsOf(set);
    let settled = true;
    let changes = 0;
    for (let ordinal = first; ordinal < first + wanted; ordinal++) {
      if (ordinal % lookedAt === lookedAt - 1) yield;
      if (!isWanted()) return;
      const pod = pods.get(ordinal);
      const ended = pod && ['Failed', 'Succeeded'].includes(pod.status?.phase);
      const isGoing = ended && !pod.metadata.deletionTimestamp;
      const isMissing = !pod && !resting.has(`${keyOf(set)}-${ordinal}`);
      if (isGoing) remove(set, pod);
      else if (isMissing) create(set, ordinal, revision);
      if (isGoing || isMissing) {
        changes += 1;
        if (changes >= burst) return;
        yield;
      }
      const healthy = pod !== undefined && isReady(pod) && pod.metadata.deletionTimestamp === undefined;
      if (healthy) continue;
      settled = false;
      if (!parallel) return;
    }
    const surplus = [...pods].filter(([ordinal]) => ordinal < first || ordinal >= first + wanted);
    for (const [, pod] of surplus.sort(([left], [right]) => right - left)) {
      if (!isWanted()) return;
      if (pod.metadata.deletionTimestamp === undefined) remove(set, pod);
      if (!parallel) return;
      yield;
    }
    if (settled && surplus.length === 0) update(set, revision, pods);
  }

  function update(set: KubeObject, revision: string, pods: Map<number, Pod>) {
    const {type = 'RollingUpdate', rollingUpdate} = set['spec'].updateStrategy ?? {};
    if (type !== 'RollingUpdate') return;
    const from: number = (set['spec'].ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0);
    const outdated = [...pods]
      .filter(([ordinal, pod]) => ordinal >= from && pod.metadata.labels?.[revisionLabel] !== revision)
      .sort(([left], [right]) => right - left);
    const [last] = outdated;
    if (last) remove(set, last[1]);
  }

  /** Below the partition a pod that is missing comes back as it was. */
  function revisionOf(set: KubeObject, ordinal: number, updated: string): {name: string; template: any} {
    const newest = {name: updated, template: set['spec'].template};
    const {type = 'RollingUpdate', rollingUpdate} = set['spec'].updateStrategy ?? {};
    const from: number = (set['spec'].ordinals?.start ?? 0) + (rollingUpdate?.partition ?? 0);
    const before: string | undefined = set['status']?.currentRevision;
    if (type !== 'RollingUpdate' || ordinal >= from || before === undefined || before === updated)
      return newest;
    const kept = client.get('controllerrevisions.apps', before, set.metadata.namespace);
    return kept ? {name: before, template: kept['data'].spec.template} : newest;
  }

  function create(set: KubeObject, ordinal: number, updated: string) {
    const name = `${set.metadata.name}-${ordinal}`;
    try {
      for (const template of set['spec'].volumeClaimTemplates ?? []) claim(set, template, ordinal);
      client.create('pods', statefulPod(set, ordinal, revisionOf(set, ordinal, updated)));
      events.normal(
        set,
        'SuccessfulCreate',
        `create Pod ${name} in StatefulSet ${set.metadata.name} successful`,
      );
    } catch (error) {
      if (isNamespaceGoing(error)) return;
      const message = `create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${messageOf(error)}`;
      events.warning(set, 'FailedCreate', message);
      throw error;
    }
  }

  function claim(set: KubeObject, template: KubeObject, ordinal: number) {
    const {namespace} = set.metadata;
    const name = claimName(template, `${set.metadata.name}-${ordinal}`);
    if (client.get('persistentvolumeclaims', name, namespace)) return;
    const labels = {...template.metadata?.labels, ...set['spec'].selector?.matchLabels};
    client.create('persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {name, ...(namespace ? {namespace} : {}), labels},
      spec: template['spec'],
    });
    const message = `create Claim ${name} Pod ${set.metadata.name}-${ordinal} in StatefulSet ${set.metadata.name} success`;
    events.normal(set, 'SuccessfulCreate', message);
  }

  function remove(set: KubeObject, {metadata: {name, namespace}}: Pod) {
    ignoringGone(() => {
      client.delete('pods', name, namespace ? {namespace} : {});
      const message = `delete Pod ${name} in StatefulSet ${set.metadata.name} successful`;
      events.normal(set, 'SuccessfulDelete', message);
    });
  }

  function* writeStatus(seen: KubeObject, revision: string) {
    const {name, namespace} = seen.metadata;
    const pods = [...(yield* podsOf(seen)).values()];
    const set = client.get(resource, name, namespace);
    if (!set) return;
    const live = pods.filter(pod => pod.metadata.deletionTimestamp === undefined);
    const updated = live.filter(pod => pod.metadata.labels?.[revisionLabel] === revision).length;
    const before: string = set['status']?.currentRevision ?? revision;
    const ready = pods.filter(isReady).length;
    const rolls = (set['spec'].updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
    const done = rolls && [updated, ready, pods.length].every(count => count === (set['spec'].replicas ?? 1));
    const currentName = done ? revision : before;
    const current = live.filter(pod => pod.metadata.labels?.[revisionLabel] === currentName).length;
    const waits = pods.map(pod => availableIn(pod, set['spec'].minReadySeconds ?? 0, clock.now()));
    const later = waits.filter(wait => wait !== undefined && wait > 0) as number[];
    if (later.length > 0) queue.addAfter(keyOf(set), Math.min(...later));
    client.updateStatus(resource, {
      ...set,
      status: {
        observedGeneration: set.metadata.generation,
        replicas: pods.length,
        availableReplicas: waits.filter(wait => wait === 0).length,
        collisionCount: 0,
        ...(ready > 0 ? {readyReplicas: ready} : {}),
        ...(current > 0 ? {currentReplicas: current} : {}),
        ...(updated > 0 ? {updatedReplicas: updated} : {}),
        currentRevision: currentName,
        updateRevision: revision,
      },
    });
  }
}

const ordinalOf = (pod: Pod): number =>
  Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));

/** A template without a name is accepted; its claims are refused, and say so on the set. */
const claimName = (template: KubeObject, pod: string): string => `${template.metadata?.name ?? ''}-${pod}`;

function statefulPod(set: KubeObject, ordinal: number, revision: {name: string; template: any}): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const labels = {
    'apps.kubernetes.io/pod-index': String(ordinal),
    [revisionLabel]: revision.name,
    'statefulset.kubernetes.io/pod-name': name,
  };
  const pod = podFromTemplate({owner: set, template: revision.template, name, labels});
  pod.spec['hostname'] = name;
  pod.spec['subdomain'] = set['spec'].serviceName;
  const claims: any[] = set['spec'].volumeClaimTemplates ?? [];
  const volumes = claims.map(template => ({
    name: template.metadata?.name,
    persistentVolumeClaim: {claimName: claimName(template, name)},
  }));
  const others = (pod.spec.volumes ?? []).filter(
    volume => !volumes.some(claim => claim.name === volume.name),
  );
  if (volumes.length > 0) pod.spec.volumes = [...others, ...volumes];
  return pod;
}
