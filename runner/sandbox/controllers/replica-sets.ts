import {messageOf} from '../../errors.ts';
import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject, Pod} from '../objects.ts';
import {withCondition, withoutCondition} from './conditions.ts';
import {keyOf, splitKey} from './keys.ts';
import {adopt, controllerOf, ownedBy} from './ownership.ts';
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
    adopt(client, 'pods', set);
    const active = ownedBy<Pod>(client, 'pods', set).filter(isActive);
    let failure: unknown;
    if (set.metadata.deletionTimestamp === undefined) {
      try {
        yield* scale(set, active);
      } catch (error) {
        failure = error;
      }
    }
    writeStatus(namespace, name, failure);
    if (failure) throw failure;
  }

  /** Closes the gap, or a burst of it: the pods that come and go bring the set back here. */
  function* scale(set: KubeObject, active: Pod[]) {
    const missing = (set['spec'].replicas ?? 1) - active.length;
    if (missing >= 0) {
      yield* slowStart(Math.min(missing, burst), () => createPod(set));
      return;
    }
    for (const pod of deletionOrder(active).slice(0, Math.min(-missing, burst))) {
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

  function writeStatus(namespace: string, name: string, failure: unknown) {
    const set = client.get(resource, name, namespace);
    if (!set) return;
    const pods = ownedBy<Pod>(client, 'pods', set).filter(isActive);
    const minReadySeconds = set['spec'].minReadySeconds ?? 0;
    const waits = pods.map(pod => availableIn(pod, minReadySeconds, clock.now()));
    const later = waits.filter(wait => wait !== undefined && wait > 0) as number[];
    if (later.length > 0) queue.addAfter(keyOf(set), Math.min(...later));
    const ready = pods.filter(isReady).length;
    const available = waits.filter(wait => wait === 0).length;
    const templateLabels = Object.entries(set['spec'].template?.metadata?.labels ?? {});
    const labelled = pods.filter(pod =>
      templateLabels.every(([label, value]) => pod.metadata.labels?.[label] === value),
    ).length;
    const conditions = replicaFailure(set['status']?.conditions, failure);
    client.updateStatus(resource, {
      ...set,
      status: {
        replicas: pods.length,
        ...(labelled > 0 ? {fullyLabeledReplicas: labelled} : {}),
        ...(ready > 0 ? {readyReplicas: ready} : {}),
        ...(available > 0 ? {availableReplicas: available} : {}),
        observedGeneration: set.metadata.generation,
        ...(conditions.length > 0 ? {conditions} : {}),
      },
    });
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
