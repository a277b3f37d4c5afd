import {rfc3339} from '../clock.ts';
import type {Condition, KubeObject, Pod} from '../objects.ts';
import {withCondition} from './conditions.ts';
import {inPods} from './deployments/strategy.ts';
import {keyOf, splitKey} from './keys.ts';
import {controllerOf, selectorMatches} from './ownership.ts';
import {isActive, isReady} from './pods.ts';
import type {Runtime} from './runtime.ts';

const resource = 'poddisruptionbudgets.policy';

/** Keeps the status of PodDisruptionBudgets: how many of their pods may go. */
export function startDisruptionBudgets(runtime: Runtime): void {
  const {client, clock} = runtime;
  const queue = runtime.queue(reconcile, resource);
  runtime.watch(resource, ({object}) => queue.add(keyOf(object)));
  runtime.watch('pods', ({object}) => {
    const {namespace = '', labels} = object.metadata;
    for (const budget of client.list(resource, {namespace})) {
      const spec = budget['spec'];
      // Without a spec it comes from an older version, and must not keep the others from hearing of the pod.
      if (spec && selectorMatches(spec.selector, labels)) queue.add(keyOf(budget));
    }
  });

  function reconcile(key: string) {
    const {namespace, name} = splitKey(key);
    const budget = client.get(resource, name, namespace);
    if (!budget || budget.metadata.deletionTimestamp !== undefined) return;
    const pods = client
      .list<Pod>('pods', {namespace})
      .filter(pod => selectorMatches(budget['spec'].selector, pod.metadata.labels) && isActive(pod));
    const expected = expectedPods(pods);
    const {minAvailable, maxUnavailable} = budget['spec'];
    const desired =
      maxUnavailable === undefined
        ? inPods(minAvailable ?? 1, expected, Math.ceil)
        : Math.max(0, expected - inPods(maxUnavailable, expected, Math.ceil));
    const healthy = pods.filter(isReady).length;
    const allowed = Math.max(0, healthy - desired);
    const condition: Condition = {
      type: 'DisruptionAllowed',
      status: allowed > 0 ? 'True' : 'False',
      reason: allowed > 0 ? 'SufficientPods' : 'InsufficientPods',
      message: '',
      observedGeneration: budget.metadata.generation ?? 1,
    };
    client.updateStatus(resource, {
      ...budget,
      status: {
        ...budget['status'],
        conditions: withCondition(budget['status']?.conditions, condition, rfc3339(clock.now())),
        currentHealthy: healthy,
        desiredHealthy: desired,
        disruptionsAllowed: allowed,
        expectedPods: expected,
        observedGeneration: budget.metadata.generation,
      },
    });
  }

  /** What the pods' controllers want, so that missing pods count too. */
  function expectedPods(pods: Pod[]): number {
    const scales = new Map<string, number>();
    let bare = 0;
    for (const pod of pods) {
      const owner = controllerOf(pod);
      const namespace = pod.metadata.namespace;
      const set =
        owner?.kind === 'ReplicaSet' ? client.get('replicasets.apps', owner.name, namespace) : undefined;
      const stateful =
        owner?.kind === 'StatefulSet' ? client.get('statefulsets.apps', owner.name, namespace) : undefined;
      const deployment = set && controllerOf(set);
      const top: KubeObject | undefined =
        (deployment && client.get('deployments.apps', deployment.name, namespace)) ?? set ?? stateful;
      if (top) scales.set(top.metadata.uid ?? '', top['spec'].replicas ?? 1);
      else bare++;
    }
    return [...scales.values()].reduce((sum, count) => sum + count, bare);
  }
}
