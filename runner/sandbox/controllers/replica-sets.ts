import {messageOf} from '../../errors.ts';
import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject, Pod} from '../objects.ts';
import {withCondition, withoutCondition} from './conditions.ts';
import {keyOf, splitKey} from './keys.ts';
import {adoptInPieces, controllerOf, hasKeptSpec, ownedBy} from './ownership.ts';
import {filterInPieces, inPieces} from './pieces.ts';
import {availableIn, deletionOrder, isActive, isReady, podFromTemplate} from './pods.ts';
import {ignoringGone, isNamespaceGoing} from './refusals.ts';
import type {Runtime} from './runtime.ts';
import {burst, slowStart} from './slow-start.ts';

const resource = 'replicasets.apps';

/** Keeps as many pods as each ReplicaSet asks for, and its status. */
export function startReplicaSets(runtime: Runtime): void {
  const {client, clock} = runtime;
  const events = runtime.recorder('replicaset-controller');
  const queue = runtime.queue(reconcile, resource);

  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  runtime.watch('pods', ({object}) => {
    const owner = controllerOf(object);
    if (owner?.kind === 'ReplicaSet') queue.add(`${object.metadata.namespace}/${owner.name}`);
  });

  function* reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const set = client.get(resource, name, namespace);
    if (!set) return;
    yield* adoptInPieces(client, 'pods', set);
    const active = yield* activeOf(set);
    let failure: unknown;
    if (set.metadata.deletionTimestamp === undefined) {
      try {
        yield* scale(set, active);
      } catch (error) {
        failure = error;
      }
    }
    yield* writeStatus(namespace, name, failure);
    if (failure) throw failure;
  }

  const activeOf = (set: KubeObject) => filterInPieces(ownedBy<Pod>(client, 'pods', set), isActive);

  /** Closes the gap, or a burst of it: the pods that come and go, or a new size meanwhile, bring the set back here. */
  function* scale(set: KubeObject, active: Pod[]) {
    const missing = (set['spec'].replicas ?? 1) - active.length;
    const isWanted = () => hasKeptSpec(client, resource, set);
    if (missing >= 0) {
      yield* slowStart(Math.min(missing, burst), () => createPod(set), isWanted);
      return;
    }
    const doomed = yield* deletionOrder(active, Math.min(-missing, burst));
    for (const pod of doomed) {
      if (!isWanted()) return;
      const {name, namespace, uid} = pod.metadata;
      ignoringGone(() => {
        client.delete('pods', name, {...(namespace ? {namespace} : {}), ...(uid ? {uid} : {})});
        events.normal(set, 'SuccessfulDelete', `Deleted pod: ${name}`);
      });
      yield;
    }
  }

  function createPod(set: KubeObject) {
    const pod = podFromTemplate({owner: set, template: set['spec'].template});
    try {
      const created = client.create('pods', pod);
      events.normal(set, 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    } catch (error) {
      if (isNamespaceGoing(error)) return;
      events.warning(set, 'FailedCreate', `Error creating: ${messageOf(error)}`);
      throw error;
    }
  }

  function* writeStatus(namespace: string, name: string, failure: unknown) {
    const counted = client.get(resource, name, namespace);
    if (!counted) return;
    const pods = yield* activeOf(counted);
    const {replicas, ready, available, labelled, nextIn} = yield* tally(counted, pods);
    const set = client.get(resource, name, namespace);
    if (!set) return;
    if (nextIn < Infinity) queue.addAfter(keyOf(set), nextIn);
    const conditions = replicaFailure(set['status']?.conditions, failure);
    client.updateStatus(resource, {
      ...set,
      status: {
        replicas,
        ...(labelled > 0 ? {fullyLabeledReplicas: labelled} : {}),
        ...(ready > 0 ? {readyReplicas: ready} : {}),
        ...(available > 0 ? {availableReplicas: available} : {}),
        observedGeneration: set.metadata.generation,
        ...(conditions.length > 0 ? {conditions} : {}),
      },
    });
  }

  function* tally({spec: {minReadySeconds = 0, template}}: KubeObject, pods: readonly Pod[]) {
    const labels = Object.entries(template?.metadata?.labels ?? {});
    const counts = {replicas: pods.length, ready: 0, available: 0, labelled: 0, nextIn: Infinity};
    yield* inPieces(pods, pod => {
      const wait = availableIn(pod, minReadySeconds, clock.now());
      if (isReady(pod)) counts.ready += 1;
      if (wait === 0) counts.available += 1;
      else if (wait !== undefined) counts.nextIn = Math.min(counts.nextIn, wait);
      if (labels.every(([label, value]) => pod.metadata.labels?.[label] === value)) counts.labelled += 1;
    });
    return counts;
  }

  function replicaFailure(conditions: Condition[] | undefined, failure: unknown): Condition[] {
    if (!failure) return withoutCondition(conditions, 'ReplicaFailure');
    const message = messageOf(failure);
    return withCondition(
      conditions,
      {type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message},
      rfc3339(clock.now()),
    );
  }
}
